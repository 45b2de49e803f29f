/** Names of what finds something at a stash-box: what another box answers, or fails to, leaves its suggestions alone. */

/** Of who a performer is there. */
export function linkAnalyzer(endpoint: string): string {
  return `stash-box ${endpoint}`;
}

/** Of stash IDs that are wrong. */
export function checkAnalyzer(endpoint: string): string {
  return `stash-id-check ${endpoint}`;
}

/** Of which scene there one of the user is. */
export function sceneAnalyzer(endpoint: string): string {
  return `stash-box-scene ${endpoint}`;
}

/** Of which scene there one of the user is a re-cut of. */
export function recutAnalyzer(endpoint: string): string {
  return `stash-box-recut ${endpoint}`;
}
