/** The stash-boxes of Stash's settings. All clients of a process share connections; all processes of a store share a box's limit. */
import { StashSenseError } from '../../core/errors.ts';
import { message } from '../../core/messages/message.ts';
import type { Log } from '../../core/ports/log.ts';
import type { StashBox, StashBoxes, StashBoxSetting } from '../../core/ports/stash-box.ts';
import type { Store } from '../../core/ports/store.ts';
import type { Secrets } from '../system/redactor.ts';
import type { KnownFeatures } from './asking.ts';
import { createClient } from './client.ts';
import { createBoxConnection, type Limits } from './connection.ts';
import { parseEndpoint } from './endpoint.ts';
import { createBoxHttp } from './http.ts';
import { createTraffic, type Traffic } from './traffic.ts';

export type StashBoxParts = {
  readonly settings: () => Promise<readonly StashBoxSetting[]>;
  readonly store: Pick<Store, 'state' | 'transaction'>;
  readonly secrets: Pick<Secrets, 'add' | 'redact'>;
  readonly log: Log;
  /** Unix milliseconds. */
  readonly now: () => number;
  readonly sleep: (ms: number) => Promise<void>;
  /** Shortened by tests. */
  readonly limits?: Partial<Limits>;
  readonly random?: () => number;
  readonly isNear?: (address: string) => boolean;
};

/** As Stash keeps to itself. */
const REQUESTS_PER_MINUTE = 240;

const LIMITS: Limits = {
  retryDelaysMs: [1000, 4000, 15_000],
  pauseMs: 5000,
  // A longer one would hold Stash's queue: the box is set aside, or asked again by a later slice.
  patienceMs: 15_000,
  silenceMs: 60_000,
  withinMs: 300_000,
  retriesSlow: true,
};
/** Somebody waits. */
const AWAITED: Partial<Limits> = {
  retryDelaysMs: [500],
  patienceMs: 5000,
  silenceMs: 10_000,
  withinMs: 30_000,
  retriesSlow: false,
};

export function createStashBoxes(parts: StashBoxParts): StashBoxes {
  const { store, secrets, log, now, sleep, random = Math.random } = parts;
  const limits: Limits = { ...LIMITS, ...parts.limits };
  const http = createBoxHttp({ silenceMs: limits.silenceMs, log, isNear: parts.isNear });
  const shared = new Map<string, { readonly traffic: Traffic; readonly features: KnownFeatures }>();

  async function settings(): Promise<readonly StashBoxSetting[]> {
    const boxes = await parts.settings();
    for (const { apiKey } of boxes) secrets.add(apiKey.trim());
    return boxes;
  }

  async function settingOf(endpoint: string): Promise<StashBoxSetting> {
    const box = (await settings()).find((one) => one.endpoint === endpoint);
    if (!box) throw new StashSenseError('not-found', message('stashBox.notInSettings', { endpoint }));
    if (box.apiKey.trim() === '')
      throw new StashSenseError('not-found', message('stashBox.noKey', { name: nameOf(box) }));
    return box;
  }

  const trafficOf = (box: StashBoxSetting): Traffic => {
    const { endpoint, name, maxRequestsPerMinute } = toStashBox(box);
    return createTraffic({ store, now, sleep, random }, { endpoint, name, maxRequestsPerMinute });
  };

  return {
    list: async () => (await settings()).map(toStashBox),

    async trouble(endpoint) {
      const box = (await settings()).find((one) => one.endpoint === endpoint);
      return box === undefined ? null : await trafficOf(box).refusal('requests');
    },

    async open(endpoint, { isAwaited = false } = {}) {
      const box = await settingOf(endpoint);
      const name = nameOf(box);
      const parsed = parseEndpoint(endpoint, name);
      const { traffic, features } = shared.get(endpoint) ?? {
        traffic: trafficOf(box),
        features: { reading: null },
      };
      shared.set(endpoint, { traffic, features });
      let key = usableKey(box);
      const connection = createBoxConnection({
        endpoint: parsed,
        name,
        key: async (anew) => {
          if (anew) key = usableKey(await settingOf(endpoint));
          return key;
        },
        http,
        traffic,
        limits: { ...limits, ...(isAwaited && AWAITED), ...(isAwaited && parts.limits) },
        log,
        now,
        sleep,
        random,
        redact: (text) => secrets.redact(text),
      });
      return createClient(connection, features, { log, now });
    },

    close: () => http.close(),
  };
}

function toStashBox(box: StashBoxSetting): StashBox {
  const { endpoint, apiKey, maxRequestsPerMinute } = box;
  return {
    endpoint,
    name: nameOf(box),
    hasKey: apiKey.trim() !== '',
    maxRequestsPerMinute:
      maxRequestsPerMinute !== null && maxRequestsPerMinute > 0 ? maxRequestsPerMinute : REQUESTS_PER_MINUTE,
  };
}

/** Stash lets a box be without a name. */
function nameOf({ name, endpoint }: StashBoxSetting): string {
  if (name.trim() !== '') return name.trim();
  return URL.canParse(endpoint) ? new URL(endpoint).host : endpoint;
}

/** @throws StashSenseError `stash-box-refused` for what cannot be sent in a header */
function usableKey(box: StashBoxSetting): string {
  const key = box.apiKey.trim();
  if (/^[\x21-\x7e]+$/.test(key)) return key;
  throw new StashSenseError('stash-box-refused', message('stashBox.unusableKey', { name: nameOf(box) }));
}
