import type { EntityRef } from '../../core/content-id.ts';
import { policyOf, saidOf, StashSenseError } from '../../core/errors.ts';
import { message } from '../../core/messages/message.ts';
import type { Library, LibraryWriter, PerformersAndTags } from '../../core/ports/library.ts';
import type { Graphql } from './graphql.ts';
import * as queries from './queries.ts';

type Mode = 'ADD' | 'REMOVE';
type BulkInput = {
  performer_ids?: { mode: Mode; ids: readonly string[] };
  tag_ids?: { mode: Mode; ids: readonly string[] };
};

/** What changes Stash. `library`: to say what was missing when Stash refuses, and to find tags. */
export function createLibraryWriter(
  graphql: Graphql,
  library: Pick<Library, 'item' | 'performer' | 'findTag'>,
): LibraryWriter {
  return {
    async change(entity, change) {
      for (const [step, input] of toBulkInputs(change).entries()) {
        try {
          await graphql.mutate(queries.bulkUpdate(entity.kind), { input: { ids: [entity.id], ...input } });
        } catch (error) {
          const reason = isAboutIds(error)
            ? await whatIsMissing(graphql, library, { entity, input, isFirst: step === 0, cause: error })
            : error;
          throw step === 0 ? reason : partialWrite(reason);
        }
      }
    },

    async ensureTag(name) {
      const known = await library.findTag(name);
      if (known) return known;
      try {
        const made = await graphql.mutate(queries.tagCreateMutation, { input: { name: name.trim() } });
        if (made) return made;
      } catch (error) {
        // Somebody made it (or an alias of that name) between our look and our write.
        const there = await library.findTag(name);
        if (!there) throw error;
        return there;
      }
      throw new StashSenseError('stash-refused', message('stash.tagNotMade', { name }));
    },
  };
}

/** One call can add performers and remove tags, but not add and remove performers. */
function toBulkInputs({ add, remove }: { add?: PerformersAndTags; remove?: PerformersAndTags }): BulkInput[] {
  const steps = (pick: (it: PerformersAndTags | undefined) => readonly string[] | undefined) =>
    [
      { mode: 'ADD' as const, ids: pick(add) ?? [] },
      { mode: 'REMOVE' as const, ids: pick(remove) ?? [] },
    ].filter((step) => step.ids.length > 0);
  const performers = steps((ids) => ids?.performerIds);
  const tags = steps((ids) => ids?.tagIds);
  return Array.from({ length: Math.max(performers.length, tags.length) }, (_, i) => ({
    ...(performers[i] ? { performer_ids: performers[i] } : {}),
    ...(tags[i] ? { tag_ids: tags[i] } : {}),
  }));
}

/** Of two steps the first stands. */
function partialWrite(reason: unknown): unknown {
  if (!policyOf(reason).nothingWritten) return reason;
  return new StashSenseError('changed-since', message('stash.partlyWritten', { problem: saidOf(reason) }), {
    cause: reason,
  });
}

/** Stash says "FOREIGN KEY constraint failed" for any id that is gone, or "scene with id 9 not found". */
function isAboutIds(error: unknown): error is StashSenseError {
  return (
    error instanceof StashSenseError &&
    error.code === 'stash-refused' &&
    /FOREIGN KEY constraint failed|with id \d+ not found|no rows in result set/i.test(error.message)
  );
}

async function whatIsMissing(
  graphql: Graphql,
  library: Pick<Library, 'item' | 'performer'>,
  {
    entity,
    input,
    isFirst,
    cause,
  }: { entity: EntityRef; input: BulkInput; isFirst: boolean; cause: StashSenseError },
): Promise<StashSenseError> {
  const gone = (kind: EntityRef['kind'] | 'performer' | 'tag', id: string): StashSenseError =>
    new StashSenseError(
      'not-found',
      message('stash.isGone', { kind, id, partWasWritten: String(!isFirst) }),
      {
        cause,
      },
    );
  if (!(await library.item(entity))) return gone(entity.kind, entity.id);
  for (const id of input.performer_ids?.ids ?? [])
    if (!(await library.performer(id))) return gone('performer', id);
  for (const id of input.tag_ids?.ids ?? [])
    if (!(await graphql.query(queries.tagQuery, { id }))) return gone('tag', id);
  return cause;
}
