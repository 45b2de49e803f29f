/** Our side of a stash-box with the double on the other side; both are gone after the test. */
import type { TestContext } from 'node:test';
import type { Log } from '../../core/ports/log.ts';
import type { StashBoxClient, StashBoxes } from '../../core/ports/stash-box.ts';
import type { Store } from '../../core/ports/store.ts';
import type { Limits } from '../../plugin/stash-box/connection.ts';
import { createStashBoxes, type StashBoxParts } from '../../plugin/stash-box/stash-boxes.ts';
import { openStore } from '../../plugin/store/store.ts';
import { createSecrets } from '../../plugin/system/redactor.ts';
import { startBoxDouble, type BoxDouble, type BoxDoubleOptions } from '../double/stash-box/box-double.ts';
import { tempFolder } from '../fakes/context.ts';

export type OpenedBox = {
  readonly double: BoxDouble;
  readonly boxes: StashBoxes;
  readonly client: StashBoxClient;
  readonly said: string[];
  readonly store: Store;
};

/** Pauses that a test does not notice, and time enough for a busy machine. */
const FAST = { retryDelaysMs: [1, 1, 1], pauseMs: 1, silenceMs: 5000, withinMs: 20_000 };
/** For a double that does not answer. */
export const IMPATIENT: Partial<StashBoxParts> = { limits: { silenceMs: 1000 } };

export async function openedBox(
  t: TestContext,
  {
    perMinute = 600_000,
    parts = {},
    ...options
  }: BoxDoubleOptions & { perMinute?: number; parts?: Partial<StashBoxParts> } = {},
): Promise<OpenedBox> {
  const double = await startedBox(t, options);
  const store = await openStore({ folder: tempFolder(t) });
  t.after(() => store.close());
  const { boxes, said } = boxesOf(t, { double, store, perMinute, parts });
  return { double, boxes, client: await boxes.open(double.endpoint), said, store };
}

export async function startedBox(t: TestContext, options: BoxDoubleOptions = {}): Promise<BoxDouble> {
  const double = await startBoxDouble(options);
  t.after(() => double.close());
  return double;
}

/** As of one process. */
export function boxesOf(
  t: TestContext,
  {
    double,
    store,
    perMinute = 600_000,
    parts = {},
    limits = FAST,
  }: {
    double: BoxDouble;
    store: Store;
    perMinute?: number;
    parts?: Partial<StashBoxParts>;
    /** Those of a user are `{}`, for a test whose clock passes over pauses. */
    limits?: Partial<Limits>;
  },
): { boxes: StashBoxes; said: string[] } {
  const said: string[] = [];
  const boxes = createStashBoxes({
    settings: () =>
      Promise.resolve([
        { endpoint: double.endpoint, name: 'The box', apiKey: double.key, maxRequestsPerMinute: perMinute },
      ]),
    store,
    secrets: createSecrets(),
    log: listeningLog(said),
    now: Date.now,
    sleep: (ms) => new Promise((resolve) => void setTimeout(resolve, ms)),
    random: () => 0.5,
    ...parts,
    limits: { ...limits, ...parts.limits },
  });
  t.after(() => boxes.close());
  return { boxes, said };
}

function listeningLog(said: string[]): Log {
  const say = (line: string): void => void said.push(line);
  return { debug: say, info: say, warn: say, error: say, progress: () => undefined };
}
