import { createHash } from 'node:crypto';

/** Changes whenever the script does: by it browsers know a new one. */
export function hashOfScript(script: string | Uint8Array): string {
  return createHash('sha256').update(script).digest('hex').slice(0, 16);
}
