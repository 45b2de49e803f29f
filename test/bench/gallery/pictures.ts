/** What the pipeline sees in the pictures of the development gallery, as references and as pictures to identify. */
import { readFileSync } from 'node:fs';
import { type Embedding, type Face, type FoundFace, withEmbedding } from '../../../core/faces/face.ts';
import type { FaceCluster } from '../../../core/faces/observation.ts';
import type { FacePack } from '../../../models/catalog/catalog.ts';
import type { Models } from '../../../models/open.ts';
import { findReferenceFace } from '../../../tasks/observe/reference-face.ts';
import { observePicture } from '../../../tasks/observe/observe-media.ts';
import { openTestModels } from '../../fixtures/models.ts';
import { keyOf, openLookCache } from './look-cache.ts';

export type ReferenceFace = { readonly embedding: Embedding; readonly quality: number };
/** `reference`: the picture as one of a performer. `probe`: the picture as one to identify, an exhaustive search that takes ten times as long. */
export type Role = 'reference' | 'probe';
export type PictureLook = {
  /** Null: the picture is not usable as a reference. */
  readonly reference?: ReferenceFace | null;
  /** The cluster in the middle, where these photographs have their person; null: no face was found. */
  readonly probe?: FaceCluster | null;
};

const PICTURES_AT_ONCE = 2;

/** @returns a look for each item, in their order */
export async function lookAtPictures(
  items: readonly { readonly file: string; readonly role: Role }[],
  pack: FacePack,
  report: (seen: number) => void,
): Promise<PictureLook[]> {
  const cache = openLookCache<PictureLook>('pictures', pack);
  const models = openTestModels({ pack, threads: PICTURES_AT_ONCE });
  const looks: PictureLook[] = [];
  let next = 0;
  let seen = 0;
  const work = async (): Promise<void> => {
    while (next < items.length) {
      const number = next++;
      const { file, role } = items[number]!;
      const bytes = readFileSync(file);
      const key = `${role} ${keyOf(bytes)}`;
      let look = cache.get(key);
      if (look === undefined) {
        look = await LOOKS[role](bytes, models);
        cache.set(key, look);
        report(++seen);
      }
      looks[number] = look;
    }
  };
  await Promise.all(Array.from({ length: PICTURES_AT_ONCE }, work));
  await models.close();
  return looks;
}

const LOOKS: Readonly<Record<Role, (bytes: Uint8Array, models: Models) => Promise<PictureLook>>> = {
  async reference(bytes, models) {
    const [analyzer, { codec }] = [await models.analyzer(), models];
    const { check, faces, image } = await findReferenceFace(
      { analyzer, codec },
      bytes,
      analyzer.calibration.references,
    );
    const middle = check.state === 'several-faces' ? middleFace(faces, image) : null;
    const face = check.face ?? (middle && (await withEmbedding(middle)));
    return { reference: face && { embedding: face.embedding, quality: face.quality.overall } };
  },

  async probe(bytes, models) {
    const [analyzer, { codec }] = [await models.analyzer(), models];
    const { observation } = await observePicture(
      { analyzer, codec, now: () => 0, crop: () => Promise.reject(new Error('No crops are kept.')) },
      { contentId: 'oshash:0', bytes, cropsPerPerson: 0 },
    );
    return { probe: nearestToMiddle(observation.persons, ({ faces: [face] }) => face!.box, 1, 1) };
  },
};

function middleFace(
  faces: readonly FoundFace[],
  { width, height }: { width: number; height: number },
): FoundFace | null {
  return nearestToMiddle(faces, ({ box }) => box, width, height);
}

/** @param boxOf in the unit of the width and the height */
function nearestToMiddle<Item>(
  items: readonly Item[],
  boxOf: (item: Item) => Face['box'],
  width: number,
  height: number,
): Item | null {
  const offMiddle = (item: Item): number => {
    const box = boxOf(item);
    return Math.hypot((box.x + box.width / 2) / width - 0.5, (box.y + box.height / 2) / height - 0.5);
  };
  return items.toSorted((a, b) => offMiddle(a) - offMiddle(b))[0] ?? null;
}
