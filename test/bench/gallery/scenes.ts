/** The scenes of the development library with the development gallery behind them: several frames of one person among thousands. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { FaceCluster } from '../../../core/faces/observation.ts';
import { createMatcher } from '../../../core/matching/matcher.ts';
import { createMemoryGallery } from '../../../core/matching/memory-gallery.ts';
import type { GalleryPerson, Identification } from '../../../core/people/person.ts';
import type { FacePack } from '../../../models/catalog/catalog.ts';
import { createExactIndex } from '../../../models/index/exact.ts';
import { createFfmpeg, developmentFfmpeg } from '../../../plugin/media/ffmpeg.ts';
import { createVideoFrames } from '../../../plugin/media/frames.ts';
import { readPeopleFolder } from '../../../tasks/cli/people/folder.ts';
import { createLook } from '../../../tasks/cli/people/look.ts';
import { observeVideo } from '../../../tasks/observe/observe-media.ts';
import { openTestModels, testScratch } from '../../fixtures/models.ts';
import { withPackOf } from '../reference-packs/open-set.ts';
import { type Actor, toGalleryPerson } from './actors.ts';
import { keyOf, openLookCache } from './look-cache.ts';

type Scene = { readonly names: readonly string[]; readonly persons: readonly FaceCluster[] };
export type SceneScore = {
  readonly scenes: number;
  readonly people: number;
  readonly right: number;
  readonly wrong: number;
  readonly missed: number;
  /** Scenes of strangers or of nobody, and those of them with a name. */
  readonly empty: number;
  readonly named: number;
};

/** People of the development library by their name in the gallery. */
const OTHER_NAMES: Readonly<Record<string, string>> = { 'Joseph Biden': 'Joe Biden' };

export type Library = {
  readonly scenes: readonly Scene[];
  readonly people: readonly GalleryPerson[];
  /** Whether somebody of this name is in a scene, known or a stranger: the files are named after those on photographs. */
  readonly isSeen: (name: string) => boolean;
};

/** @param folder made by ../shared/dev-library/make.mjs */
export async function lookAtLibrary(folder: string, pack: FacePack): Promise<Library> {
  const text = readFileSync(path.join(folder, 'truth.json'), 'utf8');
  const truth = JSON.parse(text) as Record<string, { names: string[] }>;
  const cache = openLookCache<{ persons: readonly FaceCluster[] }>('scenes', pack);
  const paths = developmentFfmpeg(import.meta.url)!;
  const models = openTestModels({ pack, threads: 2, ffmpeg: createFfmpeg(paths.ffmpeg) });
  const [analyzer, frames, { codec }] = [await models.analyzer(), createVideoFrames(paths), models];
  const scenes: Scene[] = [];
  for (const [file, { names }] of Object.entries(truth)) {
    const video = path.join(folder, 'videos', file);
    const key = keyOf(readFileSync(video));
    let look = cache.get(key);
    if (look === undefined) {
      const { observation } = await observeVideo(
        {
          analyzer,
          codec,
          frames,
          scratch: testScratch,
          now: () => 0,
          crop: () => Promise.reject(new Error('No crops are kept.')),
        },
        { contentId: 'oshash:0', path: video, sizeBytes: 1, cropsPerPerson: 0 },
      );
      look = { persons: observation.persons };
      cache.set(key, look);
    }
    scenes.push({ names, persons: look.persons });
  }
  const people = await readPeopleFolder(
    path.join(folder, 'people'),
    { look: createLook({ analyzer, codec }), calibration: analyzer.calibration.references },
    () => undefined,
  );
  await models.close();
  return {
    scenes,
    people,
    isSeen: (name) =>
      [name, OTHER_NAMES[name] ?? name].some(
        (it) => text.includes(it) || text.includes(it.replaceAll(' ', '_')),
      ),
  };
}

/** How the people beside those of the library are known: not at all, as more people of it, or by a reference pack. */
export const BESIDE = ['nobody', 'in the library', 'in a pack'] as const;

/** @param others who are known beside the people of the library; those of them who are in a scene are left out */
export async function scoreScenes(
  { scenes, people, isSeen }: Library,
  others: readonly Actor[],
  pack: FacePack,
  beside: (typeof BESIDE)[number],
): Promise<SceneScore> {
  const behind = others.filter(({ names }) => !names.some(isSeen));
  const inLibrary = beside === 'in the library' ? behind.map((actor) => toGalleryPerson(actor, 1)) : [];
  const gallery =
    beside === 'in a pack'
      ? await withPackOf(people, behind, pack.id)
      : await createMemoryGallery([...people, ...inLibrary], (dimensions) =>
          Promise.resolve(createExactIndex(dimensions)),
        );
  const matcher = createMatcher(gallery, { calibration: pack.calibration.matching });
  const found = await matcher.identify(scenes.map(({ persons }) => persons));
  const score = {
    scenes: scenes.length,
    people: gallery.size,
    right: 0,
    wrong: 0,
    missed: 0,
    empty: 0,
    named: 0,
  };
  for (const [n, { names }] of scenes.entries()) {
    const given = namesIn(found[n]?.identifications ?? []);
    const right = names.filter((name) => given.has(name)).length;
    score.right += right;
    score.wrong += given.size - right;
    score.missed += names.length - right;
    if (names.length > 0) continue;
    score.empty++;
    if (given.size > 0) score.named++;
  }
  return score;
}

function namesIn(identifications: readonly Identification[]): Set<string> {
  return new Set(
    identifications.flatMap(({ decision, candidates: [best] }) =>
      decision === 'match' && best ? [best.name] : [],
    ),
  );
}
