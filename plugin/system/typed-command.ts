/** Commands that the user is told to type. */
import { existsSync, readFileSync } from 'node:fs';
import { hostname } from 'node:os';

/** Programs with their arguments, one after the other; through `docker exec` where this process is in a container of Docker. */
export function typedCommand(...commands: readonly (readonly string[])[]): string {
  return commandFor(containerHere(), commands);
}

/** @param container null: none */
export function commandFor(container: string | null, commands: readonly (readonly string[])[]): string {
  const text = commands.map((words) => words.map(quoted).join(' ')).join(' && ');
  if (container === null) return text;
  return `docker exec -u 0 ${container} ${commands.length === 1 ? text : `sh -c ${quoted(text)}`}`;
}

function containerHere(): string | null {
  if (!existsSync('/.dockerenv')) return null;
  let mounts = '';
  try {
    mounts = readFileSync('/proc/self/mountinfo', 'utf8');
  } catch {
    // The host name is left.
  }
  return containerOf(mounts, hostname());
}

/**
Docker mounts files into each container from a folder that has the container's id as its name. Where it is not seen, the host
name is the id, of 12 hex digits, unless it was changed.
*/
export function containerOf(mounts: string, host: string): string {
  const [, id] = /\/containers\/([0-9a-f]{12})[0-9a-f]*\//.exec(mounts) ?? [];
  return id ?? (/^[0-9a-f]{12}$/.test(host) ? host : 'CONTAINER');
}

/** For a POSIX shell. */
function quoted(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", String.raw`'\''`)}'`;
}
