/** The one JSON that Stash reads from our stdout. Anything else there would make a text of the whole (facts of Stash: raw.go). */
import { format } from 'node:util';

export type PluginResult = { readonly output?: unknown } | { readonly error: string };

type Output = Pick<NodeJS.WriteStream, 'write' | 'on'>;

const used = new WeakSet<object>();
const originals = new WeakMap<object, Output['write']>();

/**
Writes the result and resolves when the system has taken all of it. Once per process; then let the event loop run dry:
`process.exit` cuts a pipe's rest off (131072 bytes of 5 MB arrived), and a status other than 0 throws the output away.
*/
export async function writeResult(result: PluginResult, stdout: Output = process.stdout): Promise<void> {
  if (used.has(stdout)) throw new Error('a result was written already');
  used.add(stdout);
  const write = originals.get(stdout) ?? stdout.write.bind(stdout);
  // Nobody reads any more (the page was left, Stash ended): nothing is lost, what matters is in the store.
  stdout.on('error', () => {});
  await new Promise<void>((resolve) => {
    write(toJson(result), () => resolve());
  });
}

/** From here on whatever else writes to stdout (a library's console.log) goes to stderr. */
export function keepStdoutForResult(
  stdout: Output = process.stdout,
  stderr: Pick<NodeJS.WriteStream, 'write' | 'on'> = process.stderr,
): void {
  if (originals.has(stdout)) return;
  originals.set(stdout, stdout.write.bind(stdout));
  stderr.on('error', () => {});
  stdout.write = stderr.write.bind(stderr);
  for (const name of ['log', 'info', 'debug'] as const)
    console[name] = (...values: unknown[]) => {
      stderr.write(`${format(...values)}\n`);
    };
}

/** An error without words would show as an empty one. */
function toJson(result: PluginResult): string {
  if ('error' in result)
    return JSON.stringify({ error: result.error.trim() || 'Stash Sense failed without saying why.' });
  try {
    return JSON.stringify({ output: result.output ?? null });
  } catch (cause) {
    return JSON.stringify({ error: `The answer could not be written as JSON (${String(cause)}).` });
  }
}
