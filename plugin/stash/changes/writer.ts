import { hasCode, policyOf, saidOf, StashSenseError } from '../../../core/errors.ts';
import { message } from '../../../core/messages/message.ts';
import { identityOfCreation } from '../../../core/changes/creation.ts';
import type { Library, LibraryWriter } from '../../../core/ports/library.ts';
import type { Graphql } from '../graphql.ts';
import { createMutation, destroyMutation, bulkMutation } from './documents.ts';
import { whatIsMissing } from './missing.ts';
import { isBulk, toBulkInputs } from './steps.ts';
import { writeWhole } from './whole.ts';
import { toInput } from './wire.ts';

/** Writes to Stash. `library` is used to name a missing object when Stash refuses a write, and to find tags. */
export function createLibraryWriter(
  graphql: Graphql,
  library: Pick<Library, 'object' | 'findTag'>,
): LibraryWriter {
  return {
    async change(object, changes) {
      const { entity } = object;
      const bulk = toBulkInputs(changes.filter(isBulk));
      const whole = changes.filter((change) => !isBulk(change));
      const steps = bulk.map(
        (input) => () => graphql.mutate(bulkMutation(entity.kind), { input: { ids: [entity.id], ...input } }),
      );
      if (whole.length > 0) steps.push(() => writeWhole(graphql, object, whole));
      for (const [step, write] of steps.entries())
        try {
          await write();
        } catch (error) {
          const isFirst = step === 0;
          const reason = await whatIsMissing(library, { entity, changes, isFirst, error });
          throw isFirst ? reason : partialWrite(reason);
        }
    },

    async create(kind, values) {
      const id = await graphql.mutate(createMutation(kind), { input: toInput(kind, values) });
      if (id !== null) return id;
      const { name } = identityOfCreation({ kind, values });
      throw new StashSenseError('stash-refused', message('stash.notMade', { kind, name }));
    },

    async destroy({ kind, id }) {
      await graphql.mutate(destroyMutation(kind), { ids: [id] });
    },

    async ensureTag(name) {
      const known = await library.findTag(name);
      if (known) return known;
      try {
        const made = await graphql.mutate(createMutation('tag'), { input: { name: name.trim() } });
        if (made) return made;
      } catch (error) {
        // Another client created the tag, or an alias of that name, between our query and our mutation.
        const there = await library.findTag(name);
        if (!there) throw error;
        return there;
      }
      throw new StashSenseError('stash-refused', message('stash.notMade', { kind: 'tag', name }));
    },
  };
}

/** The error when a later step fails: the earlier steps remain written. */
function partialWrite(reason: unknown): unknown {
  if (!policyOf(reason).nothingWritten && !hasCode(reason, 'changed-since')) return reason;
  return new StashSenseError('changed-since', message('stash.partlyWritten', { problem: saidOf(reason) }), {
    cause: reason,
  });
}
