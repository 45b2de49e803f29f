import { readFileSync } from 'node:fs';
import { message, type Message } from '../../core/messages/message.ts';
import type { Artifact, Platform } from '../../core/setup/acceleration.ts';

/** The properties of this machine that decide which compiled packages run on it. */
export type Machine = {
  /** Null: there are no builds for it, and the portable twins run. */
  readonly platform: Platform | null;
  /** `2.36`; null on musl, Windows and macOS. */
  readonly glibc: string | null;
  /** For display: `Linux x64, glibc 2.36`. */
  readonly name: string;
};

export type ProcessFacts = {
  readonly platform: string;
  readonly arch: string;
  readonly glibc: string | null;
  readonly musl: boolean;
};

/** Computed once per process. */
export function thisMachine(): Machine {
  return (known ??= machineOf({
    platform: process.platform,
    arch: process.arch,
    ...(process.platform === 'linux' ? libraryOfThisProcess() : { glibc: null, musl: false }),
  }));
}
let known: Machine | null = null;

export function machineOf({ platform, arch, glibc, musl }: ProcessFacts): Machine {
  const systems: Record<string, string> = { linux: 'Linux', win32: 'Windows', darwin: 'macOS' };
  const library = glibc ? `, glibc ${glibc}` : musl ? ', musl' : '';
  return {
    platform: platformOf({ platform, arch, glibc, musl }),
    glibc,
    name: `${systems[platform] ?? platform} ${arch}${library}`,
  };
}

function platformOf({ platform, arch, glibc, musl }: ProcessFacts): Platform | null {
  if (platform === 'win32') return arch === 'x64' ? 'win-x64' : null;
  if (platform === 'darwin') return arch === 'arm64' ? 'darwin-arm64' : null;
  if (platform !== 'linux' || (arch !== 'x64' && arch !== 'arm64')) return null;
  if (glibc) return `linux-${arch}`;
  return musl ? `linuxmusl-${arch}` : null;
}

/** Null when the artifact runs on this machine, else the reason, to follow "because". */
export function incompatibility(
  artifact: Pick<Artifact, 'platform' | 'minGlibc'>,
  { platform, glibc, name }: Machine,
): Message | null {
  if (artifact.platform !== 'any' && artifact.platform !== platform)
    return message('fetch.madeForOther', { platform: artifact.platform, machine: name });
  if (artifact.minGlibc && glibc && compareVersions(glibc, artifact.minGlibc) < 0)
    return message('fetch.needsGlibc', { version: artifact.minGlibc, machine: name });
  return null;
}

/** Negative, 0 or positive, as for `sort`; compares the numbers between the dots. */
function compareVersions(first: string, second: string): number {
  const [a, b] = [first, second].map((version) => version.split('.').map(Number)) as [number[], number[]];
  for (let i = 0; i < Math.max(a.length, b.length); i++) {
    const difference = (a[i] ?? 0) - (b[i] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}

/** As it is mapped into this process: Node's report says it too, and takes ten times as long, since it tells much else. */
function libraryOfThisProcess(): Pick<ProcessFacts, 'glibc' | 'musl'> {
  return mappedLibrary() ?? reportedLibrary();
}

const MUSL = /\/(?:ld-musl-|libc\.musl-)/;

function mappedLibrary(): Pick<ProcessFacts, 'glibc' | 'musl'> | null {
  try {
    const maps = readFileSync('/proc/self/maps', 'latin1');
    if (MUSL.test(maps)) return { glibc: null, musl: true };
    const file = /\/\S*\/libc(?:-[\d.]+)?\.so(?:\.6)?$/m.exec(maps)?.[0];
    const library = file === undefined ? null : readFileSync(file);
    const at = library?.indexOf('GNU C Library ') ?? -1;
    const said = library?.toString('latin1', at, at + 200) ?? '';
    const glibc = at < 0 ? undefined : /release version (\d+(?:\.\d+)+)/.exec(said)?.[1];
    return glibc === undefined ? null : { glibc, musl: false };
  } catch {
    return null;
  }
}

export function reportedLibrary(): Pick<ProcessFacts, 'glibc' | 'musl'> {
  if (!process.report) return { glibc: null, musl: false };
  // Otherwise the report looks up the host names of all network peers.
  (process.report as { excludeNetwork?: boolean }).excludeNetwork = true;
  const { header, sharedObjects } = process.report.getReport() as {
    header: { glibcVersionRuntime?: string };
    sharedObjects?: string[];
  };
  return {
    glibc: header.glibcVersionRuntime ?? null,
    musl: (sharedObjects ?? []).some((library) => MUSL.test(`/${library}`)),
  };
}
