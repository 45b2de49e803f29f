/** The small library as it lies on a user's disk, and as Stash is told of it. */
import { appendFile, copyFile, mkdir, readFile, stat, truncate, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { zipSync } from 'fflate';
import { makeSmallLibrary, mediaFile, type SmallLibrary } from '../fixtures/footage.ts';
import type { Stash } from './stash.ts';

/** A zip of pictures: who is seen on them. */
export const ALBUM = { file: 'album.zip', names: ['Franck', 'Sean Connery'], strangers: 1 };
export const DAMAGED = 'A damaged file';

export type Media = {
  readonly library: SmallLibrary;
  /** What Stash is to scan; has a blank and an `&` in its name. */
  readonly folder: string;
  /** Breaks the one file that is to be damaged. Stash does not take a file into its library that ffprobe cannot read. */
  damage(): Promise<void>;
};

export async function layOutMedia(folder: string): Promise<Media> {
  const library = await makeSmallLibrary(path.join(folder, 'made'));
  const films = path.join(folder, 'films & stills');
  await mkdir(films, { recursive: true });
  for (const file of [...library.scenes, ...library.images].map((scene) => scene.file))
    await copyFile(path.join(library.folder, file), path.join(films, path.basename(file)));

  const damaged = path.join(films, 'damaged.mp4');
  await copyFile(path.join(films, 'franck-talks.mp4'), damaged);
  // An empty box at the end: the same film, yet not the same file.
  await appendFile(damaged, Buffer.from([0, 0, 0, 8, ...Buffer.from('free')]));

  const stills = ['franck_02159.jpg', 'SeanConnery.jpg', 'cage.jpg'];
  const pages = await Promise.all(
    stills.map(async (name) => [name, new Uint8Array(await readFile(mediaFile(name)))] as const),
  );
  await writeFile(path.join(films, ALBUM.file), zipSync(Object.fromEntries(pages), { level: 0 }));

  return {
    library,
    folder: films,
    async damage() {
      const { size } = await stat(damaged);
      await truncate(damaged, Math.floor(size / 3));
    },
  };
}

/** Ids in Stash, by title and by name. */
export type Ids = {
  readonly scenes: Readonly<Record<string, string>>;
  readonly images: Readonly<Record<string, string>>;
  readonly performers: Readonly<Record<string, string>>;
  readonly gallery: string;
};

/** Has Stash scan the folder, gives the scenes their titles, and creates the performers with their pictures. */
export async function fillStash(stash: Stash, media: Media): Promise<Ids> {
  const { metadataScan } = await stash.ask<{ metadataScan: string }>(
    'mutation($input: ScanMetadataInput!) { metadataScan(input: $input) }',
    { input: { paths: [media.folder], scanGenerateCovers: true } },
  );
  await stash.waitForJob(metadataScan);

  const found = await stash.ask<{
    findScenes: { scenes: { id: string; files: { path: string }[] }[] };
    findImages: { images: { id: string; visual_files: { path: string }[] }[] };
    findGalleries: { galleries: { id: string }[] };
  }>(
    `{
      findScenes(filter: { per_page: -1 }) { scenes { id files { path } } }
      findImages(filter: { per_page: -1 }) { images { id visual_files { ... on ImageFile { path } } } }
      findGalleries(filter: { per_page: -1 }) { galleries { id } }
    }`,
  );
  const scenes: Record<string, string> = {};
  for (const { file, title } of media.library.scenes) {
    const id = found.findScenes.scenes.find((scene) => isFile(scene.files[0]?.path, file))?.id;
    if (id === undefined) throw new Error(`Stash did not take ${file} into its library.`);
    await stash.updateScene(id, { title });
    scenes[title] = id;
  }
  const images: Record<string, string> = {};
  for (const { file, title } of media.library.images) {
    const id = found.findImages.images.find((image) => isFile(image.visual_files[0]?.path, file))?.id;
    if (id === undefined) throw new Error(`Stash did not take ${file} into its library.`);
    images[title] = id;
  }
  const gallery = found.findGalleries.galleries[0]?.id;
  if (gallery === undefined) throw new Error(`Stash made no gallery of ${ALBUM.file}.`);

  const performers: Record<string, string> = {};
  for (const { name, picture } of media.library.performers) {
    const image =
      picture &&
      `data:image/jpeg;base64,${(await readFile(path.join(media.library.folder, picture))).toString('base64')}`;
    const { performerCreate } = await stash.ask<{ performerCreate: { id: string } }>(
      'mutation($input: PerformerCreateInput!) { performerCreate(input: $input) { id } }',
      { input: { name, ...(image && { image }) } },
    );
    performers[name] = performerCreate.id;
  }
  return { scenes, images, performers, gallery };
}

function isFile(stashPath: string | undefined, file: string): boolean {
  return stashPath !== undefined && path.basename(stashPath) === path.basename(file);
}
