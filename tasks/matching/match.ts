import { entityKey, type ContentId, type EntityRef } from '../../core/content-id.ts';
import type { IdentifiedCluster } from '../../core/matching/identifications.ts';
import type { SuggestionRevision } from '../../core/ports/suggestions.ts';
import { notSeen } from '../../core/suggestions/dismissal.ts';
import { suggestionKey, type ProposalOf } from '../../core/suggestions/suggestion.ts';
import { thinTimes } from '../../core/sampling/thin-times.ts';
import { checkAccepted } from '../accepted/standing.ts';
import { dismissalScope } from './dismissal-scope.ts';
import { listPersons, type FileCluster } from './clusters.ts';
import { readPresent } from './present.ts';
import type { Recognizer } from './recognizer.ts';
import type { Context } from '../runs/task.ts';

/** Stored with suggestions. A higher version is another way of finding them. */
export const ANALYZER = 'faces';
const ANALYZER_VERSION = 1;

type Proposal = ProposalOf<'performer-seen'>;

export type EntityToMatch = EntityRef & { readonly title: string };

/**
Identifies the observed clusters of these entities, stores the result for the page, and suggests the matches that the
entity does not have already and that are not rejected.

What was accepted and taken off in Stash since is found here too: it is `removed`, and not suggested as if it were new.

Decisions about suggestions that are made meanwhile are preserved: such entities are matched once more. The performers an
entity has are read from Stash only for entities with a new match, and anew when something was decided meanwhile.
*/
export async function matchEntities(
  { store, vision, library }: Pick<Context, 'store' | 'vision' | 'library'>,
  recognizer: Recognizer,
  entities: readonly EntityToMatch[],
): Promise<void> {
  await checkAccepted({ store, vision, library }, entities);
  const contents = await store.observations.contentOfMany(entities);
  const observations = await store.observations.getMany([...contents.values()].flat(), vision.packId);
  const seen = entities.map((entity) => listPersons(contents.get(entityKey(entity)) ?? [], observations));
  const identified = await recognizer.identify(seen);

  let left: readonly Matched[] = entities.map((entity, n) => ({
    entity,
    contentIds: contents.get(entityKey(entity)) ?? [],
    seen: seen[n] ?? [],
    persons: identified[n]?.persons ?? [],
    matcherVersion: identified[n]?.matcherVersion ?? recognizer.matcherVersion,
  }));
  while (left.length > 0) left = await propose({ store, library }, left);
}

type Matched = {
  readonly entity: EntityToMatch;
  readonly contentIds: readonly ContentId[];
  readonly seen: readonly FileCluster[];
  readonly persons: readonly IdentifiedCluster[];
  readonly matcherVersion: string;
};

/** @returns the entities whose suggestions were changed by another process since they were read; nothing is stored for them */
async function propose(
  { store, library }: Pick<Context, 'store' | 'library'>,
  matched: readonly Matched[],
): Promise<readonly Matched[]> {
  const entities = matched.map(({ entity }) => entity);
  const proposalsOf = async ({ entity, contentIds, persons, seen }: Matched): Promise<Proposal[]> =>
    toProposals(entity, await withoutRejected(store, entity, contentIds, persons), seen);
  const before = await store.suggestions.revisions(entities);
  const found = await Promise.all(
    matched.map(async (result) => {
      const proposals = await proposalsOf(result);
      return { result, proposals, isNew: hasNew(before.get(entityKey(result.entity)) ?? [], proposals) };
    }),
  );
  const there = await readPresent(
    library,
    found.filter(({ isNew }) => isNew).map(({ result }) => result.entity),
  );
  const noted = entities.flatMap((entity) => {
    const performerIds = there.get(entityKey(entity));
    return performerIds === undefined ? [] : { ...entity, performerIds };
  });
  return await store.transaction(async () => {
    await store.identifications.notePerformers(noted);
    const now = await store.suggestions.revisions(entities);
    const overtaken: Matched[] = [];
    for (const { result, proposals, isNew } of found) {
      const { entity, persons, matcherVersion } = result;
      const name = entityKey(entity);
      if (JSON.stringify(now.get(name)) !== JSON.stringify(before.get(name))) {
        overtaken.push(result);
        continue;
      }
      if (isNew && !there.has(name)) {
        // Stash does not have it any more, or it was excluded.
        await store.suggestions.replace(entity, ANALYZER, []);
        continue;
      }
      // A rejection of a performer without a suggestion changes no suggestion, so rejections are read once more.
      const due = isNew ? await proposalsOf(result) : proposals;
      const performers = there.get(name) ?? [];
      await store.suggestions.replace(
        entity,
        ANALYZER,
        due.filter(({ target }) => !performers.includes(target.id)),
      );
      await store.identifications.save(entity, { matcherVersion, persons });
      await store.observations.setMatchedWith(entity, matcherVersion);
    }
    return overtaken;
  });
}

/** One proposal per performer, even with several clusters of a gallery: the one of the highest confidence. */
export function toProposals(
  { title, ...entity }: EntityToMatch,
  persons: readonly IdentifiedCluster[],
  seen: readonly FileCluster[],
): Proposal[] {
  const proposals = new Map<string, Proposal>();
  const facesOf = new Map(
    seen.map(({ contentId, person }) => [`${contentId} ${person.key}`, person.faces] as const),
  );
  const matches = persons
    .filter(({ decision }) => decision === 'match')
    .toSorted((a, b) => b.confidence - a.confidence);
  for (const { members, confidence, margin, candidates } of matches) {
    const [answer, ...others] = candidates;
    if (answer?.performerId == null) continue;
    const faces = members.flatMap(
      ({ contentId, personKey }) => facesOf.get(`${contentId} ${personKey}`) ?? [],
    );
    const known = proposals.get(answer.performerId);
    proposals.set(answer.performerId, {
      kind: 'performer-seen',
      entity: { kind: entity.kind, id: entity.id },
      entityTitle: title,
      target: { kind: 'performer', id: answer.performerId },
      targetName: answer.name,
      severity: 'info',
      confidence: known?.confidence ?? confidence,
      analyzer: ANALYZER,
      analyzerVersion: ANALYZER_VERSION,
      payload: { seen: [...(known?.payload.seen ?? []), ...members.map((member) => ({ ...member }))] },
      evidence: {
        timesMs: thinTimes(
          [...(known?.evidence.timesMs ?? []), ...faces.flatMap(({ timeMs }) => timeMs ?? [])].toSorted(
            (a, b) => a - b,
          ),
        ),
        faceCount: (known?.evidence.faceCount ?? 0) + faces.length,
        similarity: known?.evidence.similarity ?? answer.similarity,
        margin: known?.evidence.margin ?? margin,
        referenceId: known?.evidence.referenceId ?? answer.referenceId,
        alternatives:
          known?.evidence.alternatives ??
          others.flatMap((other) =>
            other.performerId === null
              ? []
              : [{ performerId: other.performerId, name: other.name, confidence: other.confidence }],
          ),
      },
    });
  }
  return [...proposals.values()];
}

/** The matches that are not rejected. In a gallery a rejection applies only to its pictures; others can still show the performer. */
async function withoutRejected(
  { dismissals, people }: Context['store'],
  entity: EntityRef,
  contentIds: readonly ContentId[],
  persons: readonly IdentifiedCluster[],
): Promise<IdentifiedCluster[]> {
  const meant = (contentId: ContentId): readonly ContentId[] =>
    dismissalScope(entity.kind, contentIds, [{ contentId }]);
  const kept: IdentifiedCluster[] = [];
  for (const person of persons) {
    const performerId = person.decision === 'match' ? person.candidates[0]?.performerId : null;
    const performer = performerId == null ? null : await people.performer(performerId);
    if (performer === null) continue;
    const members: IdentifiedCluster['members'][number][] = [];
    for (const member of person.members)
      if (!(await dismissals.isDismissed(notSeen(meant(member.contentId), performer)))) members.push(member);
    if (members.length > 0) kept.push({ ...person, members });
  }
  return kept;
}

/** Whether a proposal has no suggestion yet: only then the entity's performers are read from Stash. */
function hasNew(before: readonly SuggestionRevision[], proposals: readonly Proposal[]): boolean {
  const known = new Set(before.filter(({ state }) => state !== 'stale').map(({ key }) => key));
  return proposals.some((proposal) => !known.has(suggestionKey(proposal)));
}
