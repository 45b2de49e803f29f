/** What the user has said of faces: to which files a "no" applies, who is left of a cluster after it, and who is hidden. */
import type { ContentId, EntityRef, EntityKind } from '../../core/content-id.ts';
import type { IdentifiedCluster } from '../../core/matching/identifications.ts';
import { createHidden, type Hidden } from '../../core/matching/hidden.ts';
import { asOnCover, withoutCandidates, type DecideOptions } from '../../core/matching/tie.ts';
import { asPerformer, notSeen } from '../../core/suggestions/dismissal.ts';
import { namedBy, type PackPeople } from './pack-candidates.ts';
import type { Store } from '../../core/ports/store.ts';
import type { Context } from '../runs/task.ts';
import { clustersOf, type FileCluster } from './clusters.ts';

/**
The content ids to which a decision about one person of an entity applies.

Several files of a scene are the same film, so it applies to all of them. In a gallery it applies only to the pictures that
show this person.
@param members the clusters of the person
*/
export function dismissalScope(
  kind: EntityKind,
  contentIds: readonly ContentId[],
  members: readonly { readonly contentId: ContentId }[],
): readonly ContentId[] {
  return kind === 'gallery'
    ? contentIds.filter((id) => members.some(({ contentId }) => contentId === id))
    : contentIds;
}

/** The people whom the user called nobody of interest, as they are now. */
export async function openHidden({ store, vision }: Pick<Context, 'store' | 'vision'>): Promise<Hidden> {
  const people = await store.hiddenPeople.list(vision.packId);
  const others = people.length === 0 ? 0 : await store.identifications.countUnmatched();
  return createHidden(people, vision.calibration.matching, others);
}

/**
The id of the hidden person that a person of an entity is; null: of none, or somebody is matched with them by now.
@param seen the clusters of the files of the entity
*/
export async function hiddenIdOf(
  hidden: Hidden,
  person: Pick<IdentifiedCluster, 'decision' | 'members'>,
  seen: readonly FileCluster[],
): Promise<string | null> {
  if (person.decision === 'match') return null;
  return await hidden.idOf(clustersOf(person, seen).map((cluster) => cluster.person));
}

/** @param personKey the entity's key, as on the page */
export async function scopeOfCluster(
  store: Pick<Store, 'observations' | 'identifications'>,
  entity: EntityRef,
  personKey: number,
): Promise<Pick<IdentifiedCluster, 'members'> & { readonly contentIds: readonly ContentId[] }> {
  const identifications = await store.identifications.get(entity);
  const members = identifications?.persons.find(({ key }) => key === personKey)?.members ?? [];
  const contentIds = await store.observations.contentOf(entity);
  return { members, contentIds: dismissalScope(entity.kind, contentIds, members) };
}

/**
A cluster as it is decided without those whom the user has ruled out for it. In a gallery a "no" applies only to its pictures;
others can still show the person.
*/
export async function withoutDismissed(
  { dismissals, people }: Pick<Context['store'], 'dismissals' | 'people'>,
  packPeople: PackPeople,
  {
    entity,
    contentIds,
    person,
    options,
  }: {
    readonly entity: EntityRef;
    readonly contentIds: readonly ContentId[];
    readonly person: IdentifiedCluster;
    readonly options: DecideOptions;
  },
): Promise<IdentifiedCluster[]> {
  // What the film may show of a performer says nothing of the others.
  const alone = options.isCoverOnly && person.decision === 'match' ? asOnCover(person, options) : person;
  const groups = new Map<string, IdentifiedCluster & { members: IdentifiedCluster['members'][number][] }>();
  for (const member of person.members) {
    const meant = dismissalScope(entity.kind, contentIds, [member]);
    const out = new Set<string>();
    let left = person;
    for (let before = -1; before < out.size;) {
      before = out.size;
      if (out.size > 0) left = withoutCandidates(alone, ({ personId }) => out.has(personId), options);
      for (const { performerId, personId } of namedBy(left, options, packPeople)) {
        const ofPack = packPeople.get(personId) ?? null;
        const known =
          performerId === null
            ? ofPack && asPerformer(personId, ofPack)
            : await people.performer(performerId);
        if (known === null || (await dismissals.isDismissed(notSeen(meant, known)))) out.add(personId);
      }
    }
    const name = [...out].join(' ');
    const group = groups.get(name);
    if (group) group.members.push(member);
    else groups.set(name, { ...left, members: [member] });
  }
  return [...groups.values()];
}
