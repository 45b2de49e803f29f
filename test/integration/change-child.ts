/** One write or undo, in a process that can be killed: its work is the JSON of the last argument. */
import { plain } from '../../core/messages/message.ts';
import { hasCode } from '../../core/errors.ts';
import type { FieldChange, FieldValues } from '../../core/changes/change.ts';
import type { EntityRef } from '../../core/content-id.ts';
import type { CreatedKind } from '../../core/ports/library.ts';
import type { StashRef } from '../../core/stash-ref.ts';
import { openStash } from '../../plugin/stash/client.ts';
import { createSecrets } from '../../plugin/system/redactor.ts';
import { addPackPerson } from '../../tasks/reference-packs/choose-pack-person.ts';
import { undo } from '../../tasks/suggestions/undo.ts';
import { fakeContext } from '../fakes/context.ts';
import { aBoxPerformer, aPackPerson, idOf, memoryBoxes, memoryPacks } from '../fakes/reference-packs.ts';

export type ChildWork =
  | { readonly make: { readonly entity: StashRef; readonly changes: readonly FieldChange[] } }
  | { readonly create: { readonly kind: CreatedKind; readonly values: FieldValues } }
  | { readonly tag: { readonly entity: StashRef; readonly name: string } }
  | { readonly packPerson: { readonly entity: EntityRef; readonly n: number; readonly name: string } }
  | { readonly undo: readonly string[] };

/** One pixel. */
const PICTURE = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
);

const [url = '', folder = '', text = ''] = process.argv.slice(2);
const log = { debug() {}, info() {}, warn() {}, error() {}, progress() {} };
const stash = openStash({ baseUrl: url, secrets: createSecrets(), log });
const work = JSON.parse(text) as ChildWork;
const known = 'packPerson' in work ? packPersonOf(work.packPerson) : null;
const context = await fakeContext({ after: () => undefined }, stash, { folder, ...known?.parts });
const plan = {
  summary: plain('changed it'),
  batchId: 'b',
  by: 'person' as const,
  suggestionId: null,
};
try {
  if ('undo' in work) {
    const { refused } = await undo(context, { ids: work.undo });
    if (refused.length > 0) throw new Error(JSON.stringify(refused));
  } else if ('packPerson' in work) {
    const { entity } = work.packPerson;
    const choices = { entity, personKey: 0, personId: known!.personId, choices: {} };
    const { refused } = await addPackPerson(context, choices);
    if (refused !== null) throw new Error(JSON.stringify(refused));
  } else
    await context.changes.exclusively(async (write) => {
      if ('make' in work) await write.make({ ...plan, ...work.make, face: null });
      else if ('tag' in work) {
        const { entity, name } = work.tag;
        const values = [(await write.ensureTag(name, plan)).id];
        await write.make({
          ...plan,
          entity,
          changes: [{ op: 'add', entity, field: 'tags', values }],
          face: null,
        });
      } else await write.create({ ...plan, ...work.create, values: { ...work.create.values } });
    });
} catch (error) {
  // It was made before, by a process that was killed afterwards.
  if (!('create' in work && hasCode(error, 'changed-since'))) throw error;
}
await context.store.close();
stash.close();

/** Somebody whom a reference pack and a stash-box know, with a picture. */
function packPersonOf({ n, name }: { readonly n: number; readonly name: string }) {
  const person = aPackPerson(n, { name });
  const boxes = memoryBoxes([aBoxPerformer(n, { name, aliases: [], urls: [] })]);
  boxes.pictures.set(`picture-${n}`, PICTURE);
  return { personId: idOf(person), parts: { stashBoxes: boxes, referencePacks: memoryPacks([person]) } };
}
