import { readFileSync, readlinkSync } from 'node:fs';
import { hostname, uptime } from 'node:os';

/**
`<pid>@<host>:<process table>:<start>:<random>`: names one process in locks, runs and work items.

The process table says where the pid is valid: one boot of one machine, and on Linux one PID namespace, since containers that
share a host name each count from 1. The start time distinguishes the process from a later one with the same pid.
*/
export function createOwner(): string {
  const start = statOf('self')?.start ?? UNKNOWN;
  return `${process.pid}@${hostname()}:${processTable()}:${start}:${randomHex()}`;
}

/** Twelve digits, to tell apart and not to be kept secret: Node's crypto is not loaded for it, which would take milliseconds. */
function randomHex(): string {
  return Math.floor(Math.random() * 2 ** 48)
    .toString(16)
    .padStart(12, '0');
}

const UNKNOWN = 'unknown';
const OWNER = /^(\d+)@(.+):([^:]+):([^:]+):[0-9a-f]+$/;
/** Tolerance: the boot time is computed from two clocks, one of which is adjusted at times. */
const SAME_BOOT_S = 5;

/**
False only when the process has certainly ended: it belongs to our process table, and its pid is unused or belongs to another
process. True when nothing is known: another PID namespace, another machine, or an earlier boot.
*/
export function isOwnerAlive(owner: string): boolean {
  const [, pid = '', host, table = '', start] = OWNER.exec(owner) ?? [];
  if (host !== hostname() || !isSameTable(table, processTable())) return true;
  try {
    process.kill(Number(pid), 0);
  } catch (error) {
    // EPERM: the process exists and belongs to another user.
    if (error instanceof Error && 'code' in error && error.code === 'ESRCH') return false;
  }
  const now = statOf(pid);
  if (now === null) return true;
  return !now.hasEnded && (start === UNKNOWN || now.start === start);
}

/** True only when exactly this process is still running, which can be determined only on Linux. */
export function isOwnerHere(owner: string): boolean {
  return pidHere(owner) !== null;
}

/** The id of exactly this process where `isOwnerHere`: no other may be given a signal. Null elsewhere. */
export function pidHere(owner: string): number | null {
  const [, pid = '', host, table = '', start] = OWNER.exec(owner) ?? [];
  const isHere = host === hostname() && isSameTable(table, processTable()) && statOf(pid)?.start === start;
  return isHere ? Number(pid) : null;
}

function isSameTable(a: string, b: string): boolean {
  if (a === UNKNOWN || b === UNKNOWN) return false;
  if (a === b) return true;
  const [platform, boot] = a.split('@');
  const [otherPlatform, otherBoot] = b.split('@');
  return (
    platform === otherPlatform &&
    platform !== 'linux' &&
    Math.abs(Number(boot) - Number(otherBoot)) <= SAME_BOOT_S
  );
}

/** The same for all processes of a process table; where the boot is known by two clocks alone, which differ by seconds, of a platform. */
export function bootOf(): string {
  return process.platform === 'linux' ? processTable() : process.platform;
}

/** `linux@<boot id>@<PID namespace>@<time namespace>`, elsewhere `<platform>@<Unix seconds of the boot>`, or `unknown`. */
function processTable(): string {
  if (process.platform !== 'linux') return `${process.platform}@${Math.round(Date.now() / 1000 - uptime())}`;
  try {
    // A /proc that is mounted from another PID namespace has other pids than `process.pid`.
    if (readlinkSync('/proc/self') !== String(process.pid)) return UNKNOWN;
    const bootId = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
    const pidNamespace = /\d+/.exec(readlinkSync('/proc/self/ns/pid'))?.[0];
    if (!/^[0-9a-f-]+$/.test(bootId) || pidNamespace === undefined) return UNKNOWN;
    return `linux@${bootId}@${pidNamespace}@${timeNamespace()}`;
  } catch {
    return UNKNOWN;
  }
}

/** A process's start time has another value in another time namespace. Empty before Linux 5.6, which has none. */
function timeNamespace(): string {
  try {
    return /\d+/.exec(readlinkSync('/proc/self/ns/time'))?.[0] ?? '';
  } catch {
    return '';
  }
}

type ProcessStat = { readonly hasEnded: boolean; readonly parent: number; readonly start: string };

/** Of Linux. `start`: in ticks (1/100 s) since the boot; `exec` does not change it. Null when it cannot be read. */
export function statOf(pid: string): ProcessStat | null {
  try {
    // The name in the second field may hold blanks and brackets.
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const [state = '', ...fields] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    const start = fields[18];
    // A zombie has ended, but its parent has not collected the exit status.
    return start === undefined ? null : { hasEnded: /[ZX]/.test(state), parent: Number(fields[0]), start };
  } catch {
    return null;
  }
}
