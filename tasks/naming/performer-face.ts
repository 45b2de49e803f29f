/** The page of a performer: where they were seen, and where they are said to be. */
import { entityKey } from '../../core/content-id.ts';
import type { Input, Output } from '../../core/contract/operations.ts';
import { similarity } from '../../core/faces/embedding.ts';
import type { FaceCluster } from '../../core/faces/observation.ts';
import { shownName } from '../../core/people/shown-name.ts';
import type { TitledEntity } from '../../core/ports/identifications.ts';
import { matchEntities, type MatchParts } from '../matching/match.ts';
import { openRecognizer, type RecognizerParts } from '../matching/recognizer.ts';
import type { Context } from '../runs/task.ts';
import { hrefOf } from '../suggestions/views/viewer.ts';
import { performerGone } from '../suggestions/write-parts.ts';

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
  const { identifications } = store;
  const [seen, tagged] = await Promise.all([
    identifications.seenNotTagged(performerId, null, MAX_SHOWN),
    identifications.taggedNotSeen(performerId, MAX_SHOWN),
  ]);
  return {
    name: shownName(performer),
    seenNotTagged: seen.map(toPlace),
    taggedNotSeen: tagged.map(toPlace),
  };
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
