/**
How often one stash-box is asked, by all processes together: their share lies in the store. Requests are spaced evenly, with
no burst, so that no minute has more than the limit. Pictures have a limit of their own.
*/
import { StashSenseError } from '../../core/errors.ts';
import { message, type Message } from '../../core/messages/message.ts';
import type { Store } from '../../core/ports/store.ts';
import type { StateValue } from '../../core/state-keys.ts';

export type TrafficParts = {
  readonly store: Pick<Store, 'state' | 'transaction'>;
  /** Unix milliseconds. */
  readonly now: () => number;
  readonly sleep: (ms: number) => Promise<void>;
  /** 0…1. */
  readonly random: () => number;
};

export type BoxIdentity = {
  readonly endpoint: string;
  readonly name: string;
  readonly maxRequestsPerMinute: number;
};

/** What is asked for. Each has a limit of its own, and one may fail while the other works. */
export type Lane = 'requests' | 'pictures';

export type Traffic = {
  /**
  Waits until one may be sent, and for the outcome of the one request that finds out whether the box is back.
  @throws StashSenseError `stash-box-unreachable` while the box is left alone, or asks for a longer pause than `patienceMs`
  */
  turn(lane: Lane, patienceMs: number): Promise<void>;
  /** The same for one more request of somebody who has had a turn: a box that is left alone does not refuse it. */
  nextTurn(lane: Lane, patienceMs: number): Promise<void>;
  /** The box answered as it should. */
  worked(lane: Lane): Promise<void>;
  /** The box did not answer as it should. After some in a row it is left alone for a while, and the last problem is said meanwhile. */
  failed(lane: Lane, problem?: Message): Promise<void>;
  /** The answer does not tell whether the box is back: the next one finds it out. */
  undecided(lane: Lane): Promise<void>;
  /** The box asks for a pause. */
  pause(ms: number): Promise<void>;
  /** With what a turn would be refused now; null: it would not. */
  refusal(lane: Lane): Promise<Message | null>;
};

type State = StateValue<'stash-box-traffic:'>;

/** The longest pause that is waited for, and until when the outcome of another request is. */
type Patience = { readonly patienceMs: number; readonly until: number };
/** `own`: `askedAgainAt`, where this one finds out whether the box is back; else 0. */
type Reserved = { readonly sentAt: number; readonly own: number };
/** In the place of `own`: who has had a turn is not refused, whoever finds out whether the box is back. */
const HAS_HAD_A_TURN = -1;

const EMPTY = { nextAt: 0, failures: 0, askedAgainAt: 0, isTried: false, problem: null };
const FRESH: State = { requests: EMPTY, pictures: EMPTY, pausedUntil: 0 };
const MINUTE_MS = 60_000;
/** Requests that start late by a few milliseconds would otherwise put one too many into a minute. */
const MARGIN = 1.02;
/** A process whose event loop was busy for longer takes a new turn, since several of its requests could be sent at once. */
const LATE_MS = 250;
const OPENS_AFTER = 5;
const FIRST_REST_MS = 30_000;
const LONGEST_REST_MS = 10 * MINUTE_MS;
/** A server may ask for a pause of a year; times further ahead are also those of a clock that was set back. */
const LONGEST_PAUSE_MS = 60 * MINUTE_MS;
/** Between two looks for the outcome of another request. */
const LOOK_MS = 100;
const KEPT_MS = 24 * 60 * MINUTE_MS;

export function createTraffic(
  { store, now, sleep, random }: TrafficParts,
  { endpoint, name, maxRequestsPerMinute }: BoxIdentity,
): Traffic {
  const key = `stash-box-traffic:${endpoint}` as const;
  const spacingMs = (MINUTE_MS / maxRequestsPerMinute) * MARGIN;
  /** Of this process one of a lane waits at a time, so that processes take turns. */
  const last = { requests: Promise.resolve(), pictures: Promise.resolve() };
  /** What this process knows without reading: a success after a success changes nothing. */
  const hasFailed = { requests: true, pictures: true };
  /** All that wait in this process for the outcome of another request look for it together. */
  const looking = { requests: null, pictures: null } as Record<Lane, Promise<void> | null>;

  async function read(): Promise<State> {
    return sane((await store.state.get(key)) ?? FRESH);
  }

  async function change<T>(work: (state: State) => { state: State; result: T }): Promise<T> {
    return await store.transaction(
      async () => {
        const { state, result } = work(await read());
        await store.state.set(key, state, KEPT_MS);
        for (const lane of ['requests', 'pictures'] as const) hasFailed[lane] = state[lane].failures > 0;
        return result;
      },
      { durable: false },
    );
  }

  /** Without times that no clock of ours can have written. */
  function sane({ requests, pictures, pausedUntil }: State): State {
    const latest = now() + LONGEST_PAUSE_MS;
    const cut = (time: number): number => (time > latest ? 0 : time);
    const lane = (one: State[Lane]): State[Lane] => ({
      ...one,
      nextAt: cut(one.nextAt),
      askedAgainAt: cut(one.askedAgainAt),
    });
    return { requests: lane(requests), pictures: lane(pictures), pausedUntil: cut(pausedUntil) };
  }

  /** @param own `askedAgainAt` as this caller has set it in an earlier reservation that it could not keep; 0: none; or `HAS_HAD_A_TURN` */
  async function reserve(lane: Lane, patience: Patience, own: number): Promise<Reserved | 'is tried'> {
    const reserved = await change<Reserved | 'is tried' | StashSenseError>((state) => {
      const at = now();
      const refusal = refusalOf(state, lane, at, patience, own);
      if (refusal) return { state, result: refusal };
      const { failures, nextAt, askedAgainAt, isTried, problem } = state[lane];
      const sentAt = Math.max(at, nextAt, state.pausedUntil);
      const findsOut = failures >= OPENS_AFTER && own !== HAS_HAD_A_TURN;
      const reservedLane = {
        failures,
        nextAt: sentAt + spacingMs,
        // The one that finds out whether the box is back; others wait for its answer, and are refused where it takes long.
        askedAgainAt: findsOut ? sentAt + restMs(failures) : askedAgainAt,
        isTried: findsOut || isTried,
        problem,
      };
      return {
        state: { ...state, [lane]: reservedLane },
        result: { sentAt, own: findsOut ? reservedLane.askedAgainAt : 0 },
      };
    });
    if (reserved instanceof StashSenseError) throw reserved;
    return reserved;
  }

  function refusalOf(
    state: State,
    lane: Lane,
    at: number,
    { patienceMs, until }: Patience,
    own: number,
  ): StashSenseError | 'is tried' | null {
    const { failures, askedAgainAt, isTried, problem } = state[lane];
    const minutes = (time: number): number => Math.max(1, Math.ceil((time - at) / MINUTE_MS));
    const isLeftAlone = failures >= OPENS_AFTER && at < askedAgainAt && own !== HAS_HAD_A_TURN;
    if (isLeftAlone && askedAgainAt !== own && isTried && at < until) return 'is tried';
    if (isLeftAlone && askedAgainAt !== own)
      return new StashSenseError(
        'stash-box-unreachable',
        message('stashBox.leftAlone', {
          name,
          times: failures,
          minutes: minutes(askedAgainAt),
          isKnown: String(problem !== null),
          problem: problem ?? '',
        }),
      );
    if (state.pausedUntil - at > patienceMs)
      return new StashSenseError(
        'stash-box-unreachable',
        message('stashBox.asksToWait', { name, minutes: minutes(state.pausedUntil) }),
      );
    return null;
  }

  const isPaused = async (): Promise<boolean> => (await read()).pausedUntil > now();

  /** `is tried`: another request finds out whether the box is back. */
  async function wait(lane: Lane, patience: Patience, first: number): Promise<'is tried' | void> {
    for (let own = first; ;) {
      const outcome = await reserve(lane, patience, own);
      if (outcome === 'is tried') return outcome;
      const { sentAt, ...reserved } = outcome;
      if (own !== HAS_HAD_A_TURN) ({ own } = reserved);
      if (sentAt <= now()) return;
      await sleep(sentAt - now());
      if (now() - sentAt <= LATE_MS && !(await isPaused())) return;
    }
  }

  /** Somewhat longer or shorter each time, so that processes which failed together do not return together. */
  function restMs(failures: number): number {
    const rest = FIRST_REST_MS * 2 ** Math.min(failures - OPENS_AFTER, 10);
    return Math.min(rest, LONGEST_REST_MS) * (0.8 + 0.4 * random());
  }

  function inTurn(lane: Lane, patience: Patience, own: number): Promise<'is tried' | void> {
    const turn = last[lane].then(() => wait(lane, patience, own));
    last[lane] = turn.then(ignore, ignore);
    return turn;
  }

  async function outcomeOf(lane: Lane, until: number): Promise<void> {
    do await sleep(LOOK_MS);
    while (now() < until && (await store.state.get(key))?.[lane].isTried === true);
    looking[lane] = null;
  }

  return {
    async turn(lane, patienceMs) {
      const until = now() + patienceMs;
      // Not within a turn: the one that is waited for may need another.
      while ((await inTurn(lane, { patienceMs, until }, 0)) === 'is tried')
        await (looking[lane] ??= outcomeOf(lane, until));
    },
    async nextTurn(lane, patienceMs) {
      await inTurn(lane, { patienceMs, until: now() }, HAS_HAD_A_TURN);
    },
    async worked(lane) {
      if (!hasFailed[lane]) return;
      await change((state) => ({
        state: { ...state, [lane]: { ...EMPTY, nextAt: state[lane].nextAt } },
        result: null,
      }));
    },
    async failed(lane, problem) {
      await change((state) => {
        const failures = state[lane].failures + 1;
        const askedAgainAt = failures < OPENS_AFTER ? 0 : now() + restMs(failures);
        const changed = { ...state[lane], failures, askedAgainAt, isTried: false, problem: problem ?? null };
        return { state: { ...state, [lane]: changed }, result: null };
      });
    },
    async undecided(lane) {
      if (!hasFailed[lane]) return;
      await change((state) => {
        const { isTried: wasTried, askedAgainAt } = state[lane];
        const changed = { ...state[lane], askedAgainAt: wasTried ? 0 : askedAgainAt, isTried: false };
        return { state: { ...state, [lane]: changed }, result: null };
      });
    },
    async refusal(lane) {
      const refused = refusalOf(await read(), lane, now(), { patienceMs: 0, until: 0 }, 0);
      return refused instanceof StashSenseError ? refused.said : null;
    },
    async pause(ms) {
      const until = now() + Math.min(Math.max(ms, 0), LONGEST_PAUSE_MS);
      await change((state) => ({
        state: { ...state, pausedUntil: Math.max(state.pausedUntil, until) },
        result: null,
      }));
    },
  };
}

function ignore(): void {}
