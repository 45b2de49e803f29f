/** One stash-box: its share of requests, and another attempt where one may help. */
import { hasCode, messageOf, saidOf, StashSenseError } from '../../core/errors.ts';
import { message, type Message } from '../../core/messages/message.ts';
import type { Log } from '../../core/ports/log.ts';
import { createGraphqlRequest, type GraphqlAnswer } from '../system/http/graphql-request.ts';
import { HttpFailure, type Http } from '../system/http/http.ts';
import { checkAnswer, MAX_ANSWER_BYTES, toResponse } from './answers.ts';
import type { Endpoint } from './endpoint.ts';
import type { Lane, Traffic } from './traffic.ts';
import { BoxTrouble, KeyNotTaken } from './trouble.ts';

export type BoxConnection = {
  readonly endpoint: Endpoint;
  readonly name: string;
  readonly http: Http;
  readonly limits: Limits;
  readonly redact: (text: string) => string;
  /**
  One document, sent again where another attempt may help.
  @throws NotUnderstood; StashSenseError `stash-box-unreachable`, `stash-box-refused`, `stash-box-failed`
  */
  readonly ask: <T>(question: Question<T>) => Promise<T>;
  /** The same for what is not GraphQL. `attempt` is called when a request of this kind may be sent. */
  readonly withRetry: <T>(lane: Lane, attempt: Attempt<T>) => Promise<T>;
};

/** `next` waits until one more request of the attempt may be sent. */
export type Attempt<T> = (tries: number, next: () => Promise<void>) => Promise<T>;

export type Question<T> = {
  readonly document: string;
  readonly variables?: Readonly<Record<string, unknown>>;
  /** Throws `BoxTrouble` where a part is missing that another attempt may bring. */
  readonly read: (answer: GraphqlAnswer) => T;
};

/** Durations, which tests shorten. */
export type Limits = {
  /** Pauses between the attempts of one request. */
  readonly retryDelaysMs: readonly number[];
  /** For a box that asks for a pause without saying how long; doubled with each attempt. */
  readonly pauseMs: number;
  /** The longest pause that a request waits for. */
  readonly patienceMs: number;
  /** Time without data after which a request fails. */
  readonly silenceMs: number;
  /** Time for one whole answer. */
  readonly withinMs: number;
  /** A box that took too long is asked once more. */
  readonly retriesSlow: boolean;
};

export type BoxConnectionParts = {
  readonly endpoint: Endpoint;
  readonly name: string;
  /** As Stash's settings have it; `anew`: they are read again, since what they had was not taken. */
  readonly key: (anew: boolean) => Promise<string>;
  readonly http: Http;
  readonly traffic: Traffic;
  readonly limits: Limits;
  readonly log: Log;
  readonly now: () => number;
  readonly sleep: (ms: number) => Promise<void>;
  readonly random: () => number;
  readonly redact: (text: string) => string;
};

/** No picture of anybody: its address tells whether the box reaches its database. */
const NO_PICTURE = '00000000-0000-4000-8000-000000000000';

export function createBoxConnection(parts: BoxConnectionParts): BoxConnection {
  const { endpoint, name, http, traffic, limits, log, now, sleep, random, redact } = parts;
  let keyIsDoubtful = false;
  let sentKey = '';

  const request = createGraphqlRequest(endpoint.graphql.href, async (body) => {
    sentKey = await parts.key(keyIsDoubtful);
    const answer = await http.send({
      method: 'POST',
      url: endpoint.graphql,
      headers: {
        'Content-Type': 'application/json',
        Accept: 'application/json',
        'Accept-Encoding': 'gzip',
        ApiKey: sentKey,
      },
      body,
      maxBytes: MAX_ANSWER_BYTES,
      silenceMs: limits.silenceMs,
      withinMs: limits.withinMs,
    });
    return await toResponse(answer, { name, address: endpoint.graphql, now, redact });
  });

  async function answerTo<T>({ document, variables = {}, read }: Question<T>): Promise<T> {
    const answer = await request(document, variables).catch((error: unknown) => {
      // Anything else is the parser's, whose text quotes the body.
      throw isPassingTrouble(error) || error instanceof StashSenseError
        ? error
        : new BoxTrouble(message('stash.answerUnreadable'), { cause: error });
    });
    keyIsDoubtful = false;
    checkAnswer(answer, { name, redact });
    return read(answer);
  }

  async function withRetry<T>(lane: Lane, attempt: Attempt<T>): Promise<T> {
    for (let tries = 1; ; tries++) {
      await traffic.turn(lane, limits.patienceMs);
      let refusal: unknown = null;
      const next = (): Promise<void> =>
        traffic.nextTurn(lane, limits.patienceMs).catch((error: unknown) => {
          refusal = error;
          throw error;
        });
      try {
        const result = await attempt(tries, next);
        await traffic.worked(lane);
        return result;
      } catch (error) {
        // Nothing was sent that could have failed.
        if (error === refusal) throw error;
        await note(error, lane, tries);
        if (!isPassingTrouble(error)) throw error;
        const problem = error instanceof KeyNotTaken ? await keyProblem(error) : error.said;
        const delay = limits.retryDelaysMs[tries - 1];
        const isLast =
          delay === undefined || (error instanceof HttpFailure && error.isSlow && !limits.retriesSlow);
        if (isLast) throw lastError(error, tries, problem);
        log.debug(`${name}: ${messageOf(error)}; try ${tries + 1} follows`);
        await sleep(delay * (0.5 + random()));
      }
    }
  }

  /** For all processes. A box that answers an error works. */
  async function note(error: unknown, lane: Lane, tries: number): Promise<void> {
    keyIsDoubtful = error instanceof KeyNotTaken;
    if (error instanceof BoxTrouble && error.pauseMs !== undefined) {
      await traffic.pause(error.pauseMs ?? limits.pauseMs * 2 ** (tries - 1) * (0.8 + 0.4 * random()));
      await traffic.undecided(lane);
    } else if (
      (error instanceof BoxTrouble && !error.isSingle) ||
      error instanceof HttpFailure ||
      hasCode(error, 'stash-box-unreachable')
    )
      await traffic.failed(lane, saidOf(error));
    else await (error instanceof KeyNotTaken ? traffic.undecided(lane) : traffic.worked(lane));
  }

  function lastError(error: Passing, tries: number, problem: Message): StashSenseError {
    if (!(error instanceof BoxTrouble && error.isSingle)) return unreachable(error, tries, problem);
    return new StashSenseError('stash-box-failed', message('stashBox.failed', { name, reason: error.said }), {
      cause: error,
    });
  }

  function unreachable(error: Passing, tries: number, problem: Message): StashSenseError {
    const said = message('stashBox.unreachable', { name, problem, tries });
    return new StashSenseError('stash-box-unreachable', said, { cause: error });
  }

  /**
  A box that cannot reach its database says the same as one that does not know the key; its pictures tell them apart, or the
  settings, where the key was changed since it was sent. Only then is the box asked again.
  @throws StashSenseError `stash-box-refused`: the key was refused
  */
  async function keyProblem(error: KeyNotTaken): Promise<Message> {
    if ((await parts.key(true)) !== sentKey) return error.said;
    if (await reachesDatabase()) {
      await traffic.worked('requests');
      const said = message('stashBox.keyNotTaken', { name, problem: error.said });
      throw new StashSenseError('stash-box-refused', said, { cause: error });
    }
    const problem = message('stashBox.cannotLookUpKeys', { problem: error.said });
    await traffic.failed('requests', problem);
    return problem;
  }

  /**
  It looks for a picture in its database, and fails with an error of the server where that is gone. Any other answer, such as that
  of a host that has its pictures elsewhere, is none of a database.
  */
  async function reachesDatabase(): Promise<boolean> {
    try {
      await traffic.turn('pictures', limits.patienceMs);
    } catch (error) {
      // Its pictures are left alone, since they have failed too.
      if (hasCode(error, 'stash-box-unreachable')) return false;
      throw error;
    }
    const asked = {
      method: 'GET',
      url: endpoint.picture(NO_PICTURE),
      headers: {},
      maxBytes: 100_000,
    } as const;
    return await http.send({ ...asked, silenceMs: limits.silenceMs, withinMs: limits.withinMs }).then(
      ({ status }) => status < 500,
      () => false,
    );
  }

  return {
    endpoint,
    name,
    http,
    limits,
    redact,
    withRetry,
    ask: (question) => withRetry('requests', () => answerTo(question)),
  };
}

type Passing = BoxTrouble | KeyNotTaken | HttpFailure;

function isPassingTrouble(error: unknown): error is Passing {
  return error instanceof BoxTrouble || error instanceof KeyNotTaken || error instanceof HttpFailure;
}
