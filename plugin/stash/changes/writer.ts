import { hasCode, policyOf, saidOf, StashSenseError } from '../../../core/errors.ts';
import { message } from '../../../core/messages/message.ts';
import { identityOfCreation } from '../../../core/changes/creation.ts';
import { isOfPicture, pictureChange } from '../../../core/changes/picture.ts';
import type { Library, LibraryWriter } from '../../../core/ports/library.ts';
import type { StashRef } from '../../../core/stash-ref.ts';
import type { Graphql } from '../graphql.ts';
import { bulkMutation, createMutation, destroyMutation } from './documents.ts';
import { whatIsMissing } from './missing.ts';
import { coverMutation, pictureMutation } from './picture.ts';
import { isBulk, toBulkInputs } from './steps.ts';
import { writeWhole } from './whole.ts';
import { toInput } from './wire.ts';

/** Writes to Stash. `library` is used to name a missing object when Stash refuses a write. */
export function createLibraryWriter(graphql: Graphql, library: Pick<Library, 'object'>): LibraryWriter {
  return {
    async change(object, changes, nameOf = () => Promise.resolve(null), picture = null) {
      const { entity } = object;
      const ofFields = changes.filter((change) => !isOfPicture(change));
      // With a field that is only replaced as a whole, or a picture, the others are too: Stash refuses or writes one update, and no part of it.
      const ofPicture = pictureChange(changes);
      const sent =
        ofPicture === null ? {} : pictureIn(entity, ofPicture.after === null ? null : wanted(picture));
      const steps =
        ofPicture === null && ofFields.every(isBulk)
          ? toBulkInputs(ofFields).map(
              (input) => () =>
                graphql.mutate(bulkMutation(entity.kind), { input: { ids: [entity.id], ...input } }),
            )
          : ofFields.length === 0
            ? [() => graphql.mutate(pictureOnly(entity), { input: { id: entity.id, ...sent } })]
            : [() => writeWhole(graphql, object, ofFields, sent)];
      for (const [step, write] of steps.entries())
        try {
          await write();
        } catch (error) {
          const isFirst = step === 0;
          const reason = await whatIsMissing(library, { object, changes, nameOf, isFirst, error });
          throw isFirst ? reason : partialWrite(reason);
        }
    },

    async create(kind, values, picture = null) {
      const image = picture === null ? {} : { image: toDataUrl(picture) };
      const id = await graphql.mutate(createMutation(kind), {
        input: { ...toInput(kind, values), ...image },
      });
      if (id !== null) return id;
      const { name } = identityOfCreation({ kind, values });
      throw new StashSenseError('stash-refused', message('stash.notMade', { kind, name }));
    },

    async destroy({ kind, id }) {
      await graphql.mutate(destroyMutation(kind), { ids: [id] });
    },
  };
}

/** As a part of an update's input. Of a scene null would change nothing. */
function pictureIn({ kind }: StashRef, picture: Uint8Array | null): Readonly<Record<string, unknown>> {
  const data = picture === null ? null : toDataUrl(picture);
  return kind === 'scene' ? { cover_image: data } : { image: data };
}

function pictureOnly({ kind }: StashRef): typeof coverMutation | typeof pictureMutation {
  return kind === 'scene' ? coverMutation : pictureMutation;
}

/** Of the type Stash asks only that there is one: it looks at the bytes. */
function toDataUrl(picture: Uint8Array): string {
  return `data:image/jpeg;base64,${Buffer.from(picture.buffer, picture.byteOffset, picture.byteLength).toString('base64')}`;
}

function wanted(picture: Uint8Array | null): Uint8Array {
  if (picture === null) throw new Error('a picture is to be set, and none was given');
  return picture;
}

/** The error when a later step fails: the earlier steps remain written. */
function partialWrite(reason: unknown): unknown {
  if (!policyOf(reason).nothingWritten && !hasCode(reason, 'changed-since')) return reason;
  return new StashSenseError('changed-since', message('stash.partlyWritten', { problem: saidOf(reason) }), {
    cause: reason,
  });
}
