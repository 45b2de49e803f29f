/**
Reads the face of each picture of a gallery of people with the pack in use, or another PACK, as *Update people* does, and keeps
what it found: `tsx test/bench/look-alikes/gallery-faces.ts GALLERY CACHE [PACK]`. Goes on where it was stopped. What a pack adds
is read from ../shared/assets/weights.

GALLERY is made by ../shared/dev-gallery/make.mjs. CACHE gets `faces.f32`, one row of float32 (little-endian, unit length) a
face, and `faces.jsonl`, one line a picture in the same order: see `GalleryFace`.
*/
import { appendFileSync, existsSync, mkdirSync, readFileSync, truncateSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Embedding, Face, RgbImage } from '../../../core/faces/face.ts';
import { fuse } from '../../../core/packs/fusion.ts';
import type { ReferenceState } from '../../../core/ports/people.ts';
import { catalog, type FacePack, fusionOf, packOf } from '../../../models/catalog/catalog.ts';
import { createFaceCrop } from '../../../models/faces/crop.ts';
import { packInUse } from '../../../tasks/compose/pack-in-use.ts';
import { findReferenceFace } from '../../../tasks/observe/reference-face.ts';
import { openTestModels, weightFolder } from '../../fixtures/models.ts';

export type GalleryFace = {
  /** Key of `people` in the gallery's `people.json`. */
  readonly person: string;
  /** File below GALLERY. */
  readonly picture: string;
  readonly state: ReferenceState;
  /** 0…1; 0 without a usable face. */
  readonly quality: number;
  /** Row of `faces.f32`, from 0; null without a usable face. */
  readonly row: number | null;
};

export type Gallery = {
  readonly people: Record<string, { readonly pictures: readonly string[]; readonly gender: string }>;
  /** Pairs of entries known to be one person. */
  readonly same: readonly (readonly [string, string])[];
};

export function readGallery(folder: string): Gallery {
  return JSON.parse(readFileSync(path.join(folder, 'people.json'), 'utf8')) as Gallery;
}

export function readFaces(cache: string): readonly GalleryFace[] {
  const file = path.join(cache, 'faces.jsonl');
  if (!existsSync(file)) return [];
  const whole = readFileSync(file, 'utf8').split('\n').slice(0, -1);
  return whole.map((line) => JSON.parse(line) as GalleryFace);
}

/** @param dimensions of the embeddings of the pack */
export function readVectors(cache: string, dimensions: number): (row: number) => Embedding {
  const bytes = readFileSync(path.join(cache, 'faces.f32'));
  const values = new Float32Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength));
  return (row) => values.subarray(row * dimensions, (row + 1) * dimensions) as Embedding;
}

async function readFacesOf(folder: string, cache: string, pack: FacePack): Promise<void> {
  mkdirSync(cache, { recursive: true });
  const [list, vectors] = [path.join(cache, 'faces.jsonl'), path.join(cache, 'faces.f32')];
  const known = readFaces(cache);
  // The vector is written before its line: what a kill left without one is cut off.
  writeFileSync(list, known.map((face) => `${JSON.stringify(face)}\n`).join(''));
  const done = new Set(known.map(({ picture }) => picture));
  let rows = known.filter(({ row }) => row !== null).length;
  const weightFolders = [weightFolder, path.resolve('../shared/assets/weights')];
  const models = openTestModels({ pack, threads: 1, weightFolders });
  const [analyzer, { codec, cropEmbedder }] = [await models.analyzer(), models];
  const fusion = fusionOf(pack);
  const embeddingOf = async (image: RgbImage, face: Face): Promise<Embedding> =>
    fusion === null
      ? face.embedding
      : fuse(face.embedding, await cropEmbedder.embed(await createFaceCrop(image, face, codec)), fusion);
  for (const [person, { pictures }] of Object.entries(readGallery(folder).people))
    for (const picture of pictures) {
      if (done.has(picture)) continue;
      const bytes = readFileSync(path.join(folder, picture));
      const { check, image } = await findReferenceFace(
        { analyzer, codec },
        bytes,
        analyzer.calibration.references,
      );
      const { state, face } = check;
      if (face !== null) {
        const embedding = await embeddingOf(image, face);
        if (existsSync(vectors)) truncateSync(vectors, rows * embedding.byteLength);
        appendFileSync(vectors, new Uint8Array(Float32Array.from(embedding).buffer));
      }
      const row = face === null ? null : rows++;
      const line: GalleryFace = { person, picture, state, quality: face?.quality.overall ?? 0, row };
      appendFileSync(list, `${JSON.stringify(line)}\n`);
    }
  await models.close();
}

if (import.meta.main) {
  const [folder, cache, packId = packInUse.id] = process.argv.slice(2);
  if (folder === undefined || cache === undefined)
    throw new Error('Name a folder made by ../shared/dev-gallery/make.mjs, and one to keep the faces in.');
  await readFacesOf(folder, cache, packOf(catalog, packId));
}
