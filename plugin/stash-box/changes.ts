/** What a stash-box has changed since a moment: it has no such filter, but lists what it changed last first. */
import { z } from 'zod';
import type {
  BoxEdit,
  BoxLack,
  BoxPerformer,
  BoxPerformerFilter,
  BoxWalk,
  StashBoxClient,
} from '../../core/ports/stash-box.ts';
import type { GraphqlAnswer } from '../system/http/graphql-request.ts';
import type { Asking } from './asking.ts';
import { editsDocument, editsVariables, NOTHING, PER_PAGE } from './questions/documents.ts';
import { toBoxId } from '../../core/stash-box/box-id.ts';

/** How much further back it is read: equal times have no order, and an edit is closed a moment after its performer was changed. */
const MARGIN_MS = 600_000;
/** A box from which something is deleted with each request must not be walked through for ever. */
const MAX_TIMES_BACK = 20;
const OPERATIONS = ['MERGE', 'DESTROY'] as const;

type Parts = {
  readonly ask: Asking['ask'];
  readonly dataOf: <T>(schema: z.ZodType<T>, answer: GraphqlAnswer) => T;
  readonly rowsOf: (
    page: number,
    perPage: number,
    order: 'updated',
    filter: BoxPerformerFilter,
  ) => ReturnType<StashBoxClient['performersPage']>;
  readonly mustHave: (what: BoxLack) => Promise<void>;
};

export function createChanges({
  ask,
  dataOf,
  rowsOf,
  mustHave,
}: Parts): Pick<StashBoxClient, 'changedSince' | 'performerEdits'> {
  /** Null: the box's version has no edits. */
  async function editsPage(page: number, operation: BoxEdit['operation']) {
    return await ask((features) =>
      features.query.has('queryEdits')
        ? {
            document: editsDocument,
            variables: editsVariables(page, PER_PAGE, operation),
            read: (answer) => dataOf(Edits, answer).found,
          }
        : { document: NOTHING, read: () => null },
    );
  }

  return {
    async changedSince(since, from) {
      await mustHave('changes');
      const { page, count: before, timesBack } = from ?? { page: 1, count: 0, timesBack: 0 };
      const { count, performers, skipped } = await rowsOf(page, PER_PAGE, 'updated', {});
      const next = (): BoxWalk | null => {
        // As many have left as let those behind move up into pages that were read already.
        if (count < before && timesBack < MAX_TIMES_BACK)
          return {
            page: Math.max(1, page - Math.ceil((before - count) / PER_PAGE)),
            count,
            timesBack: timesBack + 1,
          };
        const isEnd = performers.length + skipped === 0 || page * PER_PAGE >= count;
        return isEnd || hasOlder(performers.map(timeOf), since) ? null : { page: page + 1, count, timesBack };
      };
      const changed = performers.filter((performer) => timeOf(performer) >= since - MARGIN_MS);
      return {
        performers: [...new Map(changed.map((performer) => [performer.id, performer])).values()],
        next: next(),
      };
    },

    async performerEdits(since) {
      const found = new Map<string, BoxEdit>();
      for (const operation of OPERATIONS)
        for (let page = 1; ; page++) {
          const answered = await editsPage(page, operation);
          if (answered === null) return null;
          const edits = answered.edits.flatMap((edit) => Edit.safeParse(edit).data ?? []);
          for (const edit of edits)
            if (edit.closedAt >= since - MARGIN_MS && edit.operation === operation) found.set(edit.id, edit);
          const isEnd = answered.edits.length === 0 || page * PER_PAGE >= answered.count;
          const times = edits.map(({ closedAt }) => closedAt);
          if (isEnd || hasOlder(times, since)) break;
        }
      return [...found.values()].toSorted((a, b) => a.closedAt - b.closedAt || (a.id < b.id ? -1 : 1));
    },
  };
}

/** A box that does not sort has to be read to its end. */
function hasOlder(times: readonly number[], since: number): boolean {
  const isSorted = times.every((time, n) => n === 0 || time <= times[n - 1]!);
  return isSorted && times.some((time) => time < since - MARGIN_MS);
}

function timeOf({ updatedAt }: BoxPerformer): number {
  return updatedAt;
}

const Edits = z.object({
  found: z.object({ count: z.int().nonnegative(), edits: z.array(z.unknown()) }),
});
/** Of something else than a performer the box answers an object without an id. */
const Target = z.union([
  z.object({ id: z.string() }).transform(({ id }) => toBoxId(id)),
  z.unknown().transform(() => null),
]);
const Edit = z
  .object({
    id: z.string(),
    operation: z.enum(OPERATIONS),
    applied: z.literal(true),
    closed: z.string().transform((time) => Date.parse(time)),
    target: Target.pipe(z.string()),
    merge_sources: z.array(Target),
  })
  .transform(({ id, operation, closed, target, merge_sources: sources }): BoxEdit => ({
    id,
    operation,
    targetId: target,
    sourceIds: sources.filter((source) => source !== null),
    closedAt: closed,
  }))
  .refine(({ closedAt }) => !Number.isNaN(closedAt));
