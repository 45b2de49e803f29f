import type { Check } from '../../core/contract/status.ts';
import { saidOf } from '../../core/errors.ts';
import { logFault } from '../../core/log-fault.ts';
import { joined, message, type Message } from '../../core/messages/message.ts';
import type { Artifact } from '../../core/setup/acceleration.ts';
import type { Progress } from '../runs/progress.ts';
import type { Context, Slice } from '../runs/task.ts';

export type FetchCheck = Check & { readonly id: 'fetch' };

/**
Fetches the artifacts that the user agreed to, one after another. A failure is reported, and the others are fetched
nevertheless. Without consent nothing is fetched; a check names what can be. A later slice continues an incomplete download.
*/
export async function fetchArtifacts(
  { store, acceleration, log }: Pick<Context, 'store' | 'acceleration' | 'log'>,
  options: {
    /** The weights are installed, for example as Stash's package: they need not be fetched one by one. */
    readonly weightsAreThere: boolean;
    readonly slice: Pick<Slice, 'run' | 'advanced'> & { readonly progress: Pick<Progress, 'say' | 'at'> };
    readonly signal: AbortSignal;
  },
): Promise<FetchCheck[]> {
  const { weightsAreThere, slice, signal } = options;
  const { progress } = slice;
  // Before the list is made: damaged artifacts are deleted and fetched again.
  const swept = await acceleration.sweep();
  if (swept.bytes > 0)
    log.info(`${megabytes(swept.bytes)} of what is no longer used, or was damaged, were removed.`);
  for (const file of swept.kept)
    log.warn(
      `What lies in ${file} was changed since it was fetched, and is not used: delete it if you need none of it.`,
    );
  const { artifacts, problems, channel } = await acceleration.state();
  const agreed = new Set((await store.state.get('artifact-consent'))?.artifacts);
  const absent = artifacts.filter((artifact) => !artifact.installed).map((artifact) => artifact.artifact);
  const wanted = absent.filter((artifact) => agreed.has(artifact.id));
  const offered = absent.filter(
    (artifact) =>
      !agreed.has(artifact.id) && !(artifact.kind === 'model' && weightsAreThere) && channel !== null,
  );
  const failures: Message[] = [...problems];
  const show = followBytes(wanted, progress);
  for (const artifact of wanted) {
    if (signal.aborted) break;
    const follow = show(artifact);
    try {
      const onProgress = (doneBytes: number): void => {
        follow(doneBytes);
        if (slice.run.slices <= MAX_SLICES_COUNTING_BYTES) slice.advanced();
      };
      await acceleration.install(artifact.id, { onProgress, signal });
      slice.advanced();
      log.info(`${artifact.name} (${megabytes(artifact.size)}) is fetched and unpacked.`);
    } catch (error) {
      if (signal.aborted) break;
      logFault(log, error);
      failures.push(saidOf(error));
    }
  }
  const checks: FetchCheck[] = [];
  const failed = joined(failures);
  if (failed !== null) checks.push({ id: 'fetch', ok: false, message: failed });
  if (offered.length > 0 && channel !== null) {
    const parts = offered
      .map(({ provides, version, size }) => `${provides} ${version} (${megabytes(size)})`)
      .join(', ');
    checks.push({ id: 'fetch', ok: true, message: message('setup.check.fetchable', { channel, parts }) });
  }
  return checks;
}

/**
Up to this slice received bytes count as progress, later only complete artifacts. A file that is damaged at each attempt is
fetched from the start each time, and would keep the run going for ever.
*/
const MAX_SLICES_COUNTING_BYTES = 100;

/** Shows the megabytes and their rate. Bytes of an earlier run do not count in the rate. */
function followBytes(
  wanted: readonly Artifact[],
  progress: Pick<Progress, 'say' | 'at'>,
): (artifact: Artifact) => (doneBytes: number) => void {
  const total = wanted.reduce((sum, artifact) => sum + artifact.size, 0);
  let before = 0;
  return (artifact) => {
    const base = before;
    before += artifact.size;
    let first: { bytes: number; at: number } | null = null;
    const { name } = artifact;
    const size = roundedMegabytes(artifact.size);
    progress.say(message('setup.isFetching', { name, size }));
    progress.at(FETCH_SHARE * (base / total));
    return (doneBytes) => {
      const now = performance.now();
      first ??= { bytes: doneBytes, at: now };
      const seconds = (now - first.at) / 1000;
      const done = doneBytes / 1e6;
      const pace = (doneBytes - first.bytes) / 1e6 / seconds;
      progress.say(
        seconds < 0.5
          ? message('setup.isFetchingPart', { name, done, size })
          : message('setup.isFetchingPartAtPace', { name, done, size, pace }),
      );
      progress.at(FETCH_SHARE * ((base + doneBytes) / total));
    };
  };
}

/** Share of the fetching in the progress of "Set up"; the rest is for the trials. */
export const FETCH_SHARE = 0.7;

function megabytes(bytes: number): string {
  return `${roundedMegabytes(bytes)} MB`;
}

function roundedMegabytes(bytes: number): number {
  return bytes < 1e6 ? Math.round(bytes / 1e5) / 10 : Math.ceil(bytes / 1e6);
}
