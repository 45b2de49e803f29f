/** A package source as somebody would host it: plain files on 127.0.0.1. */
import { readFile, stat, writeFile } from 'node:fs/promises';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { createHash } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { strToU8, zipSync } from 'fflate';
import { parse, stringify } from 'yaml';
import { writePackages } from '../../tools/packaging/packages.ts';

export const dist = path.join(path.dirname(fileURLToPath(import.meta.url)), '../../dist');

export type PackageSource = {
  /** Of index.yml: what a user adds under Settings > Plugins. */
  readonly url: string;
  close(): Promise<void>;
};

/** Another plugin, whose one task keeps Stash's queue busy for as many seconds as it is told. */
export const SLEEPER = 'e2e-sleeper';

/** Packs what is built in dist/, and the sleeper, into `folder`, and serves it. */
export async function servePackages(folder: string): Promise<PackageSource> {
  const date = new Date('2026-01-02T03:04:05Z');
  writePackages({ built: dist, out: folder, version: '0.0.0-e2e', date });
  await addSleeper(folder);

  const server = createServer((request, response) => {
    const file = path.join(folder, path.basename(new URL(request.url ?? '/', 'http://source').pathname));
    void sendFile(file, request.method === 'HEAD', response);
  });
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/index.yml`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function sendFile(file: string, headOnly: boolean, response: ServerResponse): Promise<void> {
  try {
    const [bytes, { mtime }] = await Promise.all([readFile(file), stat(file)]);
    response.writeHead(200, { 'Content-Length': bytes.length, 'Last-Modified': mtime.toUTCString() });
    response.end(headOnly ? undefined : bytes);
  } catch {
    response.writeHead(404).end();
  }
}

async function addSleeper(folder: string): Promise<void> {
  const zip = zipSync({
    [`${SLEEPER}.yml`]: strToU8(
      stringify({
        name: 'Sleeper',
        exec: ['sh', '{pluginDir}/sleep.sh'],
        interface: 'raw',
        tasks: [{ name: 'Sleep', defaultArgs: { mode: 'sleep' } }],
      }),
    ),
    // `exec`: the process that Stash kills is the one that sleeps.
    'sleep.sh': strToU8('cat > /dev/null\nprintf \'{"output":"asleep"}\'\nexec sleep 30\n'),
  });
  await writeFile(path.join(folder, `${SLEEPER}.zip`), zip);
  const index = path.join(folder, 'index.yml');
  const entries = parse(await readFile(index, 'utf8')) as object[];
  entries.push({
    id: SLEEPER,
    name: 'Sleeper',
    version: '1',
    date: '2026-01-02 03:04:05',
    path: `${SLEEPER}.zip`,
    sha256: createHash('sha256').update(zip).digest('hex'),
  });
  await writeFile(index, stringify(entries));
}
