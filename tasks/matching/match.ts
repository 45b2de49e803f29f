import { entityKey } from '../../core/content-id.ts';
import type { DecideOptions } from '../../core/matching/tie.ts';
import type { SuggestionRevision } from '../../core/ports/suggestions.ts';
import { areUnchanged } from '../../core/suggestions/revisions.ts';
import { optionsOf, suggestionKey, type Proposal } from '../../core/suggestions/suggestion.ts';
import { checkAccepted } from '../accepted/standing.ts';
import { listPersons } from './clusters.ts';
import { openHidden } from './dismissal-scope.ts';
import { readPresent } from './present.ts';
import {
  ANALYZER,
  isOfTagged,
  performersOf,
  proposalsOf,
  type EntityToMatch,
  type Identified,
} from './proposals.ts';
import { decideOptions, type Recognizer } from './recognizer.ts';
import { expectedOf } from './expected-of.ts';
import { withTakenOff } from './taken-off.ts';
import type { Context } from '../runs/task.ts';

export type MatchParts = Pick<Context, 'store' | 'vision' | 'library' | 'referencePacks'>;

/**
Identifies the observed clusters of these entities, stores the result for the page, and suggests the matches that the
entity does not have already and that are not rejected, and who could be meant where performers cannot be told apart.

What was accepted and taken off in Stash since is found here too: it is `removed`, and not suggested as if it were new.

Decisions about suggestions that are made meanwhile are preserved: such entities are matched once more. The performers an
entity has are read from Stash only for entities with a new match, and anew when something was decided meanwhile.
*/
export async function matchEntities(
  { store, vision, library, referencePacks }: MatchParts,
  recognizer: Recognizer,
  entities: readonly EntityToMatch[],
): Promise<void> {
  await checkAccepted({ store, vision, library }, entities);
  const contents = await store.observations.contentOfMany(entities);
  const observations = await store.observations.getMany([...contents.values()].flat(), vision.packId);
  const seen = entities.map((entity) => listPersons(contents.get(entityKey(entity)) ?? [], observations));
  const expected = await expectedOf(store, entities);
  const identified = await recognizer.identify(seen, expected);

  let left: readonly Matched[] = entities.map((entity, n) => ({
    entity,
    contentIds: contents.get(entityKey(entity)) ?? [],
    seen: seen[n] ?? [],
    persons: identified[n]?.persons ?? [],
    onScene: expected[n]?.onScene ?? [],
    matcherVersion: identified[n]?.matcherVersion ?? recognizer.matcherVersion,
  }));
  const parts = { store, vision, library, referencePacks };
  while (left.length > 0) left = await propose(parts, left, recognizer.options);
}

/** Suggests anew from what the last match said, once the user has ruled somebody out for a cluster, or withdrawn that. */
export async function proposeAgain(
  { store, vision, library, settings, referencePacks }: MatchParts & Pick<Context, 'settings'>,
  entity: EntityToMatch,
): Promise<void> {
  const contentIds = await store.observations.contentOf(entity);
  const observations = await store.observations.getMany(contentIds, vision.packId);
  const identified = await store.identifications.get(entity);
  const [expected] = await expectedOf(store, [entity]);
  const onScene = expected?.onScene ?? [];
  const matched = { entity, contentIds, seen: listPersons(contentIds, observations), onScene };
  let left: readonly Matched[] =
    identified === null ? [] : [{ ...matched, persons: identified.persons, matcherVersion: null }];
  while (left.length > 0)
    left = await propose(
      { store, vision, library, referencePacks },
      left,
      decideOptions({ vision, settings }),
    );
}

/** `matcherVersion` is null where the identifications are stored already. */
type Matched = Identified & { readonly matcherVersion: string | null };

/** @returns the entities whose suggestions were changed by another process since they were read; nothing is stored for them */
async function propose(
  { store, vision, library, referencePacks }: MatchParts,
  matched: readonly Matched[],
  options: DecideOptions,
): Promise<readonly Matched[]> {
  const entities = matched.map(({ entity }) => entity);
  const before = await store.suggestions.revisions(entities);
  const parts = { store, vision, referencePacks, hidden: await openHidden({ store, vision }) };
  const found = await Promise.all(
    matched.map(async (result) => {
      const proposals = await proposalsOf(parts, result, options);
      const isNew = hasNew(before.get(entityKey(result.entity)) ?? [], proposals);
      return { result, proposals, isNew };
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
      if (!areUnchanged(entity, before, now)) {
        overtaken.push(result);
        continue;
      }
      if (isNew && !there.has(name)) {
        // Stash does not have it any more, or it was excluded.
        await store.suggestions.replace(entity, ANALYZER, []);
        continue;
      }
      // A rejection of a performer without a suggestion changes no suggestion, so rejections are read once more.
      const due = isNew ? await proposalsOf(parts, result, options) : proposals;
      const performers = there.get(name) ?? [];
      // Nor is it asked which of two performers was seen where one of them is there already; of one on the scene only while they are.
      const missing = due.filter(
        (proposal) => performersOf(proposal).some((id) => performers.includes(id)) === isOfTagged(proposal),
      );
      const wasDecided =
        now.get(name)?.some(({ state }) => state === 'removed' || state === 'stale') === true;
      const proposed = wasDecided ? await withTakenOff(store, entity, missing) : missing;
      await store.suggestions.replace(entity, ANALYZER, proposed);
      if (matcherVersion === null) continue;
      await store.identifications.save(entity, { matcherVersion, persons });
      await store.observations.setMatchedWith(entity, matcherVersion);
    }
    return overtaken;
  });
}

/**
Whether a proposal has no suggestion yet: only then the entity's performers are read from Stash. Also where the user has to
choose, of which there are few: the question is over once one of them is there.
*/
function hasNew(before: readonly SuggestionRevision[], proposals: readonly Proposal[]): boolean {
  const known = new Set(before.filter(({ state }) => state !== 'stale').map(({ key }) => key));
  return proposals.some((proposal) => !known.has(suggestionKey(proposal)) || optionsOf(proposal).length > 0);
}
