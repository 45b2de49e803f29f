/** What is known of a stash-box by its endpoint. An endpoint of a pack is what somebody wrote into a file. */

/** Such as `stashdb.org`; null: the endpoint is no address of a web server. */
export function boxHost(endpoint: string): string | null {
  return addressOf(endpoint)?.host.replace(/^www\./, '') ?? null;
}

/** How a stash-box is called that Stash has no name of: its host, or what is written where that is no address. */
export function shownBox(endpoint: string): string {
  return boxHost(endpoint) ?? endpoint;
}

/** How a stash-box of Stash's settings is called: the name may be left empty there. */
export function nameInSettings({
  endpoint,
  name,
}: {
  readonly endpoint: string;
  readonly name: string;
}): string {
  return name === '' ? shownBox(endpoint) : name;
}

/** The box's page of a performer or a scene; null: the endpoint is no address of a web server. */
export function boxPage(
  { endpoint, stashId }: { readonly endpoint: string; readonly stashId: string },
  of: 'performers' | 'scenes' = 'performers',
): string | null {
  const address = addressOf(endpoint);
  return address === null ? null : `${address.origin}/${of}/${encodeURIComponent(stashId)}`;
}

function addressOf(endpoint: string): URL | null {
  if (!URL.canParse(endpoint)) return null;
  const address = new URL(endpoint);
  return address.protocol === 'https:' || address.protocol === 'http:' ? address : null;
}
