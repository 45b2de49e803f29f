import { StashSenseError } from '../../../core/errors.ts';
import type { FieldChange, StashObject } from '../../../core/changes/change.ts';
import { message } from '../../../core/messages/message.ts';
import type { Library, NameOf } from '../../../core/ports/library.ts';
import type { StashKind, StashRef } from '../../../core/stash-ref.ts';

/** The kind of object that the ids in a field refer to. */
const REFERS_TO: Readonly<Record<string, StashKind>> = {
  performers: 'performer',
  tags: 'tag',
  studio: 'studio',
};

/** Stash answers "FOREIGN KEY constraint failed" for any missing id; this finds out which one by reading each. */
export async function whatIsMissing(
  library: Pick<Library, 'object'>,
  {
    object: { entity, title },
    changes,
    nameOf,
    isFirst,
    error,
  }: {
    object: Pick<StashObject, 'entity' | 'title'>;
    changes: readonly FieldChange[];
    nameOf: NameOf;
    isFirst: boolean;
    error: unknown;
  },
): Promise<unknown> {
  if (!isAboutIds(error)) return error;
  for (const ref of [entity, ...changes.flatMap(referencesOf)])
    if ((await library.object(ref)) === null) {
      const known = ref === entity ? title : await nameOf(ref);
      const name = known === null || known === '' ? ref.id : `"${known}"`;
      return new StashSenseError(
        'not-found',
        message('stash.isGone', { kind: ref.kind, name, partWasWritten: String(!isFirst) }),
        { cause: error },
      );
    }
  return error;
}

function referencesOf(change: FieldChange): StashRef[] {
  const kind = REFERS_TO[change.field];
  if (kind === undefined) return [];
  const values = change.op === 'set' ? [change.after] : change.values;
  return values.flatMap((id) => (typeof id === 'string' ? [{ kind, id }] : []));
}

/** "FOREIGN KEY constraint failed", or "scene with id 9 not found". */
function isAboutIds(error: unknown): boolean {
  return (
    error instanceof StashSenseError &&
    error.code === 'stash-refused' &&
    /FOREIGN KEY constraint failed|with id \d+ not found|no rows in result set/i.test(error.message)
  );
}
