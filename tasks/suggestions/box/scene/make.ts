/** Makes what a scene is to get from a stash-box and the user's Stash does not have: a studio with its parent, tags, performers. */
import type { FieldChange, FieldValues } from '../../../../core/changes/change.ts';
import { message } from '../../../../core/messages/message.ts';
import type { BoxStudio } from '../../../../core/ports/boxes/box-scenes.ts';
import { valuesOfBoxPerformer } from '../../../../core/reference-packs/profile.ts';
import type { MadeStudio, SceneOffer } from '../../../../core/stash-box/scene/offer.ts';
import type { StashRef } from '../../../../core/stash-ref.ts';
import type { AcceptPlan, MakeOne } from '../../planners/planner.ts';

/** Null: there is nothing to be made. */
export function makingOf(
  entity: StashRef,
  endpoint: string,
  offers: readonly SceneOffer[],
  pictures: ReadonlyMap<string, Uint8Array>,
): NonNullable<AcceptPlan['make']> | null {
  const makes = offers.flatMap(({ take }) => (take.op === 'make' ? take : []));
  if (makes.length === 0) return null;
  return async (create) => {
    const changes: FieldChange[] = [];
    const added = { tags: [] as string[], performers: [] as string[] };
    for (const make of makes)
      if (make.kind === 'studio') {
        const after = await makeStudio(create, endpoint, make.studio);
        changes.push({ op: 'set', entity, field: 'studio', before: make.before, after });
      } else if (make.kind === 'tag') {
        const { id, name, description } = make.tag;
        const stashIds = [{ endpoint, stashId: id }];
        const values: FieldValues = { name: name.trim(), description, stashIds };
        added.tags.push(
          await create({ kind: 'tag', values, summary: message('history.madeTag', { tag: name }) }),
        );
      } else {
        const { performer } = make;
        const picture = pictures.get(performer.id) ?? null;
        const values = valuesOfBoxPerformer(performer, endpoint);
        const summary = message('history.madePerformer', { name: performer.name });
        added.performers.push(await create({ kind: 'performer', values, picture, summary }));
      }
    for (const field of ['performers', 'tags'] as const)
      if (added[field].length > 0) changes.push({ op: 'add', entity, field, values: added[field] });
    return changes;
  };
}

async function makeStudio(
  create: MakeOne,
  endpoint: string,
  { id, name, parent }: MadeStudio,
): Promise<string> {
  const one = async (studio: BoxStudio, above: string | null): Promise<string> =>
    await create({
      kind: 'studio',
      values: { name: studio.name.trim(), stashIds: [{ endpoint, stashId: studio.id }], parent: above },
      summary: message('history.madeStudio', { name: studio.name }),
    });
  if (parent === null) return await one({ id, name }, null);
  return await one({ id, name }, 'knownId' in parent ? parent.knownId : await one(parent, null));
}
