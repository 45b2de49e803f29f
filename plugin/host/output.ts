/** The one JSON value that Stash reads from stdout. With any other output there Stash takes all of it as text (Stash: raw.go). */
import { format } from 'node:util';

export type PluginResult = { readonly output?: unknown } | { readonly error: string };

type Output = Pick<NodeJS.WriteStream, 'write' | 'on'>;

const used = new WeakSet<object>();
const originals = new WeakMap<object, Output['write']>();

/**
Writes the result, once per process, and resolves when the system has accepted all of it. Let the event loop end afterwards:
`process.exit` cuts the output off (131072 bytes of 5 MB arrived), and with an exit code other than 0 Stash discards it.
*/
export async function writeResult(result: PluginResult, stdout: Output = process.stdout): Promise<void> {
  if (used.has(stdout)) throw new Error('a result was written already');
  used.add(stdout);
  const write = originals.get(stdout) ?? stdout.write.bind(stdout);
  // The reader is gone (the page was closed, Stash ended). The results are in the store.
  stdout.on('error', () => {});
  await new Promise<void>((resolve) => {
    write(toJson(result), () => resolve());
  });
}

/** Redirects all other output to stdout (a library's console.log) to stderr. */
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

/** Replaces an empty error text, which Stash would show as an empty error. */
function toJson(result: PluginResult): string {
  if ('error' in result)
    return JSON.stringify({ error: result.error.trim() || 'Stash Sense failed without saying why.' });
  try {
    return JSON.stringify({ output: result.output ?? null });
  } catch (cause) {
    return JSON.stringify({ error: `The answer could not be written as JSON (${String(cause)}).` });
  }
}
