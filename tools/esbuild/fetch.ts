/**
The two web classes that graphql-request names, as far as it uses them; `fetch` is our own (plugin/system/http/graphql-request.ts). Naming Node's
loads all of undici: a cold `status` takes 175 to 200 ms with them and 152 to 170 without (least of 25, three times); it may
take 200, since every click on Stash's page starts a process.
*/
export class Headers {
  readonly #values = new Map<string, string>();

  constructor(init: Readonly<Record<string, string>> = {}) {
    for (const [name, value] of Object.entries(init)) this.set(name, value);
  }
  get(name: string): string | null {
    return this.#values.get(name.toLowerCase()) ?? null;
  }
  has(name: string): boolean {
    return this.#values.has(name.toLowerCase());
  }
  set(name: string, value: string): void {
    this.#values.set(name.toLowerCase(), value);
  }
  forEach(visit: (value: string, name: string) => void): void {
    this.#values.forEach(visit);
  }
}

export class Response {
  readonly status: number;
  readonly headers: Headers;
  readonly #body: Uint8Array;

  constructor(
    body: Uint8Array,
    { status = 200, headers = {} }: { status?: number; headers?: Readonly<Record<string, string>> } = {},
  ) {
    this.status = status;
    this.headers = new Headers(headers);
    this.#body = body;
  }
  get ok(): boolean {
    return this.status >= 200 && this.status < 300;
  }
  text(): Promise<string> {
    return Promise.resolve(Buffer.from(this.#body).toString('utf8'));
  }
}
