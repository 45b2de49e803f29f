/** What a process and its children use, read from /proc: elsewhere than on Linux the numbers are null. */
import { readdirSync, readFileSync } from 'node:fs';

export type Resources = {
  /** Largest sum of resident memory of the process and all its descendants. */
  readonly peakBytes: number | null;
  /** Bytes the descendants asked the system for (cached or not). */
  readonly readBytes: number | null;
  /** Resident memory at each look, for a trend. */
  readonly samples: readonly { readonly atMs: number; readonly bytes: number }[];
};

/** Watches until `stop` is called; `root` is this process unless another is named. */
export function watchResources(root = process.pid, everyMs = 25): { stop(): Resources } {
  const read = new Map<number, number>();
  const samples: { atMs: number; bytes: number }[] = [];
  let peak = 0;
  const look = (): void => {
    const family = withDescendants(root);
    let bytes = 0;
    for (const [pid, parent] of family) {
      if (!isCopyOf(pid, parent)) bytes += residentBytes(pid);
      if (pid !== process.pid) {
        const count = numberIn(`/proc/${pid}/io`, /rchar: (\d+)/);
        if (count !== null) read.set(pid, count);
      }
    }
    peak = Math.max(peak, bytes);
    const last = samples.at(-1);
    if (!last || performance.now() - last.atMs > 1000) samples.push({ atMs: performance.now(), bytes });
  };
  look();
  const timer = setInterval(look, everyMs);
  return {
    stop() {
      clearInterval(timer);
      if (peak === 0) return { peakBytes: null, readBytes: null, samples: [] };
      return {
        peakBytes: peak,
        readBytes: [...read.values()].reduce((sum, bytes) => sum + bytes, 0),
        samples,
      };
    },
  };
}

/** Processor time of a process so far, without its children; null: it is gone, or this is no Linux. */
export function cpuSecondsOf(pid: number): number | null {
  const ticks = cpuTicksOf(pid);
  return ticks && (ticks[0]! + ticks[1]!) / 100;
}

/** The same of this process with its children that have ended. */
export function cpuSecondsWithChildren(): number | null {
  const ticks = cpuTicksOf(process.pid);
  return ticks && ticks.reduce((sum, one) => sum + one) / 100;
}

/** Of those children alone. */
export function cpuSecondsOfChildren(): number | null {
  const ticks = cpuTicksOf(process.pid);
  return ticks && (ticks[2]! + ticks[3]!) / 100;
}

/** Clock ticks of 10 ms: of the process in user and system mode, of its ended children in both. */
function cpuTicksOf(pid: number): number[] | null {
  // Behind the name in brackets, which may hold blanks: fields 14 to 17 of the line.
  const fields = safely(() => readFileSync(`/proc/${pid}/stat`, 'utf8'), '')
    .split(') ')
    .at(-1)!
    .split(' ');
  return fields.length < 15 ? null : fields.slice(11, 15).map(Number);
}

/** Between fork and exec a child shows all memory of its parent, which it shares. */
function isCopyOf(pid: number, parent: number | null): boolean {
  return parent !== null && commandOf(pid) === commandOf(parent);
}

function commandOf(pid: number): string {
  return safely(() => readFileSync(`/proc/${pid}/cmdline`, 'utf8'), '');
}

/** Each with its parent. */
function withDescendants(root: number): [number, number | null][] {
  const childrenOf = new Map<number, number[]>();
  for (const name of safely(() => readdirSync('/proc'), [])) {
    if (!/^\d+$/.test(name)) continue;
    const parent = numberIn(`/proc/${name}/status`, /PPid:\s+(\d+)/);
    if (parent !== null) childrenOf.set(parent, [...(childrenOf.get(parent) ?? []), Number(name)]);
  }
  const family: [number, number | null][] = [[root, null]];
  for (const [pid] of family)
    family.push(...(childrenOf.get(pid) ?? []).map((childPid): [number, number] => [childPid, pid]));
  return family;
}

function residentBytes(pid: number): number {
  return (numberIn(`/proc/${pid}/status`, /VmRSS:\s+(\d+) kB/) ?? 0) * 1024;
}

function numberIn(file: string, pattern: RegExp): number | null {
  const found = pattern.exec(safely(() => readFileSync(file, 'utf8'), ''));
  return found ? Number(found[1]) : null;
}

/** A process may be gone between two looks. */
function safely<T>(read: () => T, otherwise: T): T {
  try {
    return read();
  } catch {
    return otherwise;
  }
}
