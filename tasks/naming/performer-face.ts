/** The page of a performer: where they were seen, and where they are said to be. */
import { entityKey, type EntityRef } from '../../core/content-id.ts';
import type { Input, Output } from '../../core/contract/operations.ts';
import { similarity } from '../../core/faces/embedding.ts';
import type { FaceCluster } from '../../core/faces/observation.ts';
import { shownName } from '../../core/people/shown-name.ts';
import type { TitledEntity } from '../../core/ports/identifications.ts';
import type { StashPerformer } from '../../core/ports/library.ts';
import { notSeen } from '../../core/suggestions/dismissal.ts';
import { dismissalScope } from '../matching/dismissal-scope.ts';
import { matchEntities, type MatchParts } from '../matching/match.ts';
import { openRecognizer, type RecognizerParts } from '../matching/recognizer.ts';
import type { Context } from '../runs/task.ts';
import { hrefOf } from '../suggestions/views/viewer.ts';
import { performerGone } from '../suggestions/write-parts.ts';
import { stillThere } from './still-there.ts';

const MAX_SHOWN = 60;
/** Entities of one call: their observations are in memory at one time. */
const PAGE = 1000;

/** @throws StashSenseError `not-found` */
export async function viewPerformerFace(
  { store, library }: Pick<Context, 'store' | 'library'>,
  performerId: string,
): Promise<Output<'performer.face'>> {
  const performer = await library.performer(performerId);
  if (performer === null) throw performerGone(performerId);
  const [seen, tagged] = await Promise.all([
    seenNotDenied(store, performer),
    store.identifications.taggedNotSeen(performerId, MAX_SHOWN),
  ]);
  return {
    name: shownName(performer),
    seenNotTagged: (await stillThere(library, seen)).map(toPlace),
    taggedNotSeen: (await stillThere(library, tagged)).map(toPlace),
  };
}

/** Where the performer was recognised and is not, without what a person has said "no" to, which no match is made anew for. */
async function seenNotDenied(store: Context['store'], performer: StashPerformer): Promise<TitledEntity[]> {
  const left: TitledEntity[] = [];
  for (let after: EntityRef | null = null; left.length < MAX_SHOWN;) {
    const page: TitledEntity[] = await store.identifications.seenNotTagged(performer.id, after, MAX_SHOWN);
    for (const place of page) if (!(await isDenied(store, place.entity, performer))) left.push(place);
    after = page.at(-1)?.entity ?? null;
    if (page.length < MAX_SHOWN) break;
  }
  return left.slice(0, MAX_SHOWN);
}

/** Whether it was said of everybody in it who was taken for the performer. */
async function isDenied(
  { identifications, observations, dismissals }: Context['store'],
  entity: EntityRef,
  performer: StashPerformer,
): Promise<boolean> {
  const contentIds = await observations.contentOf(entity);
  const persons = (await identifications.get(entity))?.persons ?? [];
  for (const { decision, candidates, members } of persons) {
    if (decision !== 'match' || candidates[0]?.performerId !== performer.id) continue;
    const meant = dismissalScope(entity.kind, contentIds, members);
    if (!(await dismissals.isDismissed(notSeen(meant, performer)))) return false;
  }
  return true;
}

function toPlace({ entity, title }: TitledEntity): Output<'performer.face'>['seenNotTagged'][number] {
  return { entity, title, href: hrefOf(entity) };
}

export async function findPerformer(
  context: MatchParts & RecognizerParts,
  { performerId, after }: Input<'performer.find'>,
): Promise<Output<'performer.find'>> {
  const { store, vision } = context;
  const page = await store.observations.entitiesAfter(vision.packId, after, PAGE);
  const last = page.at(-1);
  if (last === undefined) return { looked: 0, next: null };
  const references = (await store.people.vectors(performerId, vision.packId)).flatMap(
    ({ state, embedding }) => (state === 'used' && embedding !== null ? [embedding] : []),
  );
  const { minSimilarity } = vision.calibration.matching;
  const isNear = ({ template }: FaceCluster): boolean =>
    references.some((reference) => similarity(reference, template) >= minSimilarity);
  const entities = page.map(({ entity, title }) => ({ ...entity, title }));
  const contents = await store.observations.contentOfMany(entities);
  const observations = await store.observations.getMany([...contents.values()].flat(), vision.packId);
  const due = entities.filter((entity) =>
    (contents.get(entityKey(entity)) ?? []).some((id) => observations.get(id)?.persons.some(isNear)),
  );
  if (due.length > 0) await matchEntities(context, await openRecognizer(context), due);
  return { looked: page.length, next: page.length < PAGE ? null : last.entity };
}
