import type { AskedCandidate, AskedFace } from '../../core/contract/pictures.ts';
import type { ContentId } from '../../core/content-id.ts';
import { StashSenseError } from '../../core/errors.ts';
import type { FaceCluster, ObservationWithCrops } from '../../core/faces/observation.ts';
import type { IdentifiedCluster } from '../../core/matching/identifications.ts';
import { message } from '../../core/messages/message.ts';
import { fusedClusters } from '../../core/packs/fusion.ts';
import type { Candidate } from '../../core/people/person.ts';
import { shownName } from '../../core/people/shown-name.ts';
import { openRecognizer } from '../matching/recognizer.ts';
import { toDataUrl } from '../observe/fetch-media.ts';
import { withInference } from '../runs/inference-lock.ts';
import type { Context, Operations } from '../runs/task.ts';
import { findPackPerson } from '../suggestions/box/pack-profile.ts';

/** Named like a file, since an observation has to be of one: nothing is kept under it. */
const NOT_KEPT: ContentId = 'md5:00000000000000000000000000000000';

export const askPictureOperations: Pick<Operations, 'pictures.ask'> = {
  'pictures.ask': async (context, { base64 }) => {
    const bytes = Buffer.from(base64, 'base64');
    if (bytes.length === 0) throw new StashSenseError('bad-input', message('pictures.noPicture'));
    const seen = await withInference(context, 'for a person', () => look(context, bytes));
    const recognizer = await openRecognizer(context, 'few probes');
    const clusters = seen.persons.map((person) => ({ key: person.key, contentId: NOT_KEPT, person }));
    const [identified] = await recognizer.identify([clusters]);
    const faces = await Promise.all(
      seen.persons.map((person) => toFace(context, seen, person, identified?.persons ?? [])),
    );
    return {
      faces: faces.toSorted((a, b) => a.box.x - b.box.x),
      peopleCount: recognizer.gallery.size,
    };
  },
};

type Seen = { readonly persons: readonly FaceCluster[]; readonly crops: ObservationWithCrops['crops'] };

/** As the pack in use compares faces. */
async function look({ vision }: Pick<Context, 'vision'>, bytes: Uint8Array): Promise<Seen> {
  const pipeline = await vision.open();
  const picture = { contentId: NOT_KEPT, bytes, cropsPerPerson: 1 };
  const { observation, crops } = await pipeline.observePicture(picture);
  const added = await vision.addedBy(vision.packId);
  const { persons } = observation;
  return { persons: added === null ? persons : fusedClusters(persons, crops, added.fusion), crops };
}

async function toFace(
  context: Pick<Context, 'store' | 'referencePacks'>,
  { crops }: Seen,
  { key, faces }: FaceCluster,
  identified: readonly IdentifiedCluster[],
): Promise<AskedFace> {
  const found = identified.find((cluster) => cluster.members.some(({ personKey }) => personKey === key));
  const crop = crops.find(({ personKey }) => personKey === key);
  const box = faces[0]?.box ?? { x: 0, y: 0, width: 0, height: 0 };
  return {
    key,
    box: { x: box.x, y: box.y, width: box.width, height: box.height },
    crop: crop === undefined ? null : toDataUrl(crop.jpeg),
    decision: found?.decision ?? 'unknown',
    candidates: await Promise.all((found?.candidates ?? []).map((one) => toCandidate(context, one))),
  };
}

async function toCandidate(
  context: Pick<Context, 'store' | 'referencePacks'>,
  { personId, performerId, name, confidence, referenceId }: Candidate,
): Promise<AskedCandidate> {
  const { people } = context.store;
  if (performerId === null) {
    const person = await findPackPerson(context, personId);
    const common = { performerId, name, confidence, reference: null };
    if (person === null) return common;
    const { disambiguation, stashIds } = person;
    return {
      ...common,
      name: shownName(person),
      pack: { personId, disambiguation, stashIds: [...stashIds] },
    };
  }
  const performer = await people.performer(performerId);
  const reference = await people.reference(referenceId);
  return {
    performerId,
    name: performer === null ? name : shownName(performer),
    confidence,
    reference:
      reference?.crop == null ? null : { url: toDataUrl(reference.crop.jpeg), source: reference.source },
  };
}
