import type { EntityRef } from '../../core/content-id.ts';
import { messageOf, policyOf, StashSenseError } from '../../core/errors.ts';
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
            ? await whatIsMissing(graphql, library, entity, input, error)
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
      throw new StashSenseError('stash-refused', `Stash did not make the tag "${name}": make it by hand.`);
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

/** Of two steps the first stands: a refusal would say that nothing does. */
function partialWrite(reason: unknown): unknown {
  if (!policyOf(reason).nothingWritten) return reason;
  return new StashSenseError(
    'changed-since',
    `A part of the change was made, then: ${messageOf(reason).replace(NOTHING_CHANGED, '.')} What was made is in the history after the next change, and can be undone there.`,
    { cause: reason },
  );
}

/** Stash says "FOREIGN KEY constraint failed" for any id that is gone, or "scene with id 9 not found". */
function isAboutIds(error: unknown): error is StashSenseError {
  return (
    error instanceof StashSenseError &&
    error.code === 'stash-refused' &&
    /FOREIGN KEY constraint failed|with id \d+ not found|no rows in result set/i.test(error.message)
  );
}

const NOTHING_CHANGED = ': nothing was changed.';
const NAMES = { scene: 'Scene', image: 'Image', gallery: 'Gallery' } as const;

async function whatIsMissing(
  graphql: Graphql,
  library: Pick<Library, 'item' | 'performer'>,
  entity: EntityRef,
  input: BulkInput,
  cause: StashSenseError,
): Promise<StashSenseError> {
  const gone = (what: string): StashSenseError =>
    new StashSenseError('not-found', `${what} is no longer in Stash${NOTHING_CHANGED}`, { cause });
  if (!(await library.item(entity))) return gone(`${NAMES[entity.kind]} ${entity.id}`);
  for (const id of input.performer_ids?.ids ?? [])
    if (!(await library.performer(id))) return gone(`Performer ${id}`);
  for (const id of input.tag_ids?.ids ?? [])
    if (!(await graphql.query(queries.tagQuery, { id }))) return gone(`Tag ${id}`);
  return cause;
}
