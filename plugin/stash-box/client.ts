import { z } from 'zod';
import { hasCode, StashSenseError } from '../../core/errors.ts';
import { message } from '../../core/messages/message.ts';
import type { Log } from '../../core/ports/log.ts';
import type {
  BoxLack,
  BoxPerformer,
  BoxPerformerFilter,
  StashBoxClient,
} from '../../core/ports/stash-box.ts';
import { toBoxId } from '../../core/stash-box/box-id.ts';
import type { GraphqlAnswer } from '../system/http/graphql-request.ts';
import { createScenesByFingerprints } from './scenes/by-fingerprint.ts';
import { createAsking, type KnownFeatures } from './asking.ts';
import { checkErrors, firstIssue, forbidden } from './answers.ts';
import { createChanges } from './changes.ts';
import type { BoxConnection } from './connection.ts';
import * as documents from './questions/documents.ts';
import { lacksOf, type Features } from './questions/features.ts';
import { toPerformer } from './performer.ts';
import { inHalves } from './questions/in-halves.ts';
import { createPictures } from './pictures.ts';
import { createSceneProfiles } from './scenes/profiles.ts';
import { byIdAsAsked, createScenes, validIds } from './scenes/casts.ts';
import { createScenesOf } from './scenes/of-performer.ts';
import { createSceneStates } from './scenes/states.ts';

/** Each is a query of its own in the box's database. */
const ASKED_AT_ONCE = 25;
/** Each is found by its key, which costs the database less than a search or a cast. */
const IDS_AT_ONCE = 50;
/** A page that cannot be answered whole is asked for in so many parts, and each of these in as many again. */
const PARTS = 10;
/** Of each term. */
const MOST_FOUND = 10;

type PageOfPerformers = Awaited<ReturnType<StashBoxClient['performersPage']>>;

export function createClient(
  connection: BoxConnection,
  known: KnownFeatures,
  { log, now }: { readonly log: Log; readonly now: () => number },
): StashBoxClient {
  const { endpoint, name } = connection;
  const { ask, askPlainly, features: readFeatures } = createAsking(connection, known);
  const lacks = async (): Promise<ReadonlySet<BoxLack>> => lacksOf(await readFeatures());

  async function mustHave(what: BoxLack): Promise<void> {
    if ((await lacks()).has(what)) throw new StashSenseError('bad-input', message(LACKS[what], { name }));
  }

  const strange = (error: z.ZodError): StashSenseError =>
    new StashSenseError(
      'stash-box-failed',
      message('stashBox.unknownAnswer', { name, problem: firstIssue(error) }),
      { cause: error },
    );

  function dataOf<T>(schema: z.ZodType<T>, answer: GraphqlAnswer): T {
    checkErrors(answer, connection);
    const parsed = schema.safeParse(answer.data);
    if (!parsed.success) throw strange(parsed.error);
    return parsed.data;
  }

  function skipped(count: number, why: string): void {
    if (count > 0) log.debug(`${name}: ${count} of its answers left out: ${why}`);
  }

  /** Rows that are no performers are left out. `path`: where the list is in the answer. */
  function toPerformers(
    rows: readonly unknown[],
    { errors }: GraphqlAnswer,
    path: readonly string[],
  ): { performers: BoxPerformer[]; skipped: number } {
    const failed = new Set(
      errors
        .filter((error) => path.every((part, n) => error.path?.[n] === part))
        .map((error) => error.path?.[path.length]),
    );
    const read = rows.flatMap((row, n) => (failed.has(n) ? [] : (toPerformer(row, endpoint) ?? [])));
    skipped(rows.length - read.length, 'no performers as the schema has them');
    return { performers: read, skipped: rows.length - read.length };
  }

  /** The answers to aliases `a0`, `a1`, …; undefined for one that the box could not answer. */
  function byAlias(answer: GraphqlAnswer, count: number): unknown[] {
    const data = dataOf(z.record(z.string(), z.unknown()), answer);
    const failed = new Set(answer.errors.map((error) => error.path?.[0]));
    // An error that does not say where it is may be the reason of any null.
    const isAnywhere = failed.has(undefined);
    return Array.from({ length: count }, (_, n) => {
      const answered = data[`a${n}`];
      return failed.has(`a${n}`) || (isAnywhere && answered === null) ? undefined : answered;
    });
  }

  /** Asks for these ids, as the box writes ids, in few requests. */
  async function eachOf(
    ids: readonly string[],
    document: (features: Features, count: number) => string,
    take: (id: string, answered: unknown) => void,
    atOnce = ASKED_AT_ONCE,
  ): Promise<void> {
    const answersTo = (some: readonly string[]): Promise<unknown[]> =>
      ask((features) => ({
        document: document(features, some.length),
        variables: Object.fromEntries(some.map((id, n) => [`id${n}`, id])),
        read: (answer) => byAlias(answer, some.length),
      }));
    for (let at = 0; at < ids.length; at += atOnce) {
      const some = ids.slice(at, at + atOnce);
      const answered = await inHalves(some, answersTo);
      for (const [n, id] of some.entries()) take(id, answered[n]);
      skipped(answered.filter((one) => one === undefined).length, 'the box could not answer them');
    }
  }

  async function performers(ids: readonly string[]): Promise<ReadonlyMap<string, BoxPerformer | null>> {
    const found = new Map<string, BoxPerformer | null>();
    const take = (id: string, answered: unknown): void => {
      if (answered === null) found.set(id, null);
      const performer = toPerformer(answered, endpoint);
      // A box that answers somebody else.
      if (performer?.id === id) found.set(id, performer);
    };
    await eachOf(validIds(ids), documents.performersDocument, take, IDS_AT_ONCE);
    return new Map([
      ...ids.filter((id) => toBoxId(id) === null).map((id) => [id, null] as const),
      ...byIdAsAsked(ids, found),
    ]);
  }

  async function rowsOf(
    page: number,
    perPage: number,
    order: 'created' | 'updated',
    filter: BoxPerformerFilter,
  ): Promise<PageOfPerformers> {
    try {
      return await ask((features) => ({
        document: documents.pageDocument(features),
        variables: documents.pageVariables(page, perPage, order, filter),
        read: (answer) => {
          const { found } = dataOf(Page, answer);
          return { count: found.count, ...toPerformers(found.performers, answer, ['found', 'performers']) };
        },
      }));
    } catch (error) {
      if (!hasCode(error, 'stash-box-failed') || perPage === 1) throw error;
      return await inParts(error, page, perPage, (part) => rowsOf(part, perPage / PARTS, order, filter));
    }
  }

  /** One performer whom the box cannot answer costs the whole page: without them the rest of it is answered. */
  async function inParts(
    error: StashSenseError,
    page: number,
    perPage: number,
    read: (page: number) => Promise<PageOfPerformers>,
  ): Promise<PageOfPerformers> {
    const parts: PageOfPerformers[] = [];
    let failed = 0;
    for (let n = 1; n <= PARTS; n++)
      try {
        parts.push(await read((page - 1) * PARTS + n));
      } catch (partError) {
        if (!hasCode(partError, 'stash-box-failed')) throw partError;
        // Not one of them: the box fails for everybody.
        if (++failed === PARTS || perPage > PARTS) throw error;
      }
    const last = parts.at(-1);
    if (last === undefined) throw error;
    skipped(failed, 'the box could not answer them');
    return {
      count: last.count,
      performers: parts.flatMap((part) => part.performers),
      skipped: failed + parts.reduce((sum, part) => sum + part.skipped, 0),
    };
  }

  return {
    endpoint: endpoint.text,

    lacks,

    async me() {
      const me = await askPlainly({ document: documents.ME, read: (answer) => dataOf(Me, answer).me });
      if (me === null) throw forbidden(name);
      return { name: me.name };
    },

    async performer(id) {
      const found = (await performers([id])).get(id);
      if (found === undefined)
        throw new StashSenseError('stash-box-failed', message('stashBox.unreadablePerformer', { name, id }));
      return found;
    },

    performers,

    async performersPage(page, order, filter = {}) {
      const studioId = filter.studioId === undefined ? null : toBoxId(filter.studioId);
      if (filter.studioId !== undefined && studioId === null) return { count: 0, performers: [], skipped: 0 };
      await mustHave('list');
      return await rowsOf(page, documents.PER_PAGE, order, studioId === null ? {} : { studioId });
    },

    ...createChanges({ ask, dataOf, rowsOf, mustHave }),

    async search(terms) {
      const found = new Map<string, readonly BoxPerformer[]>();
      await eachOf(
        [...new Set(terms.filter((term) => term.trim() !== ''))],
        (features, count) => documents.searchDocument(features, count, MOST_FOUND),
        (term, answered) => {
          const rows = Found.safeParse(answered).data?.flatMap((row) => toPerformer(row, endpoint) ?? []);
          if (rows !== undefined) found.set(term, rows.slice(0, MOST_FOUND));
        },
      );
      return found;
    },

    ...createScenes({ endpoint, features: readFeatures, eachOf }),
    ...createSceneProfiles({ endpoint, eachOf }),
    ...createSceneStates({ eachOf, features: readFeatures }),
    ...createScenesOf({ endpoint, ask, features: readFeatures, dataOf, eachOf }),
    ...createScenesByFingerprints({ endpoint, ask, dataOf, skipped }),

    picture: createPictures(connection, now),
  };
}

const LACKS = { list: 'stashBox.hasNoList', changes: 'stashBox.hasNoChanges' } as const satisfies Record<
  BoxLack,
  string
>;
const Me = z.object({ me: z.object({ name: z.string() }).nullable() });
const Page = z.object({
  found: z.object({ count: z.int().nonnegative(), performers: z.array(z.unknown()) }),
});
const Found = z.union([
  z.array(z.unknown()),
  z.object({ performers: z.array(z.unknown()) }).transform(({ performers }) => performers),
]);
