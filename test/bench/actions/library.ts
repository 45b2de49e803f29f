/** A large library on the double, with what is kept of it made up: 100 000 scenes, 20 000 performers, as many suggestions as asked for. */
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { ContentId } from '../../../core/content-id.ts';
import type { Store } from '../../../core/ports/store.ts';
import type { Proposal } from '../../../core/suggestions/suggestion.ts';
import { openStore } from '../../../plugin/store/store.ts';
import { FUSIONS, packInUse } from '../../../tasks/compose/pack-in-use.ts';
import { crop, look, performer, proposal, reference } from '../../contract/store-samples.ts';
import type { StashDouble } from '../../double/stash-double.ts';
import { leaveLooked } from './looked.ts';
import { openLibrary, type BenchFolders, type BenchLibrary } from '../questions/library-double.ts';

export type Amounts = {
  readonly scenes: number;
  readonly performers: number;
  /** Of faces that were seen; *Check library health* finds its own besides. */
  readonly seen: number;
  /** *Check library health* has never run. Else what its first run leaves is there. */
  readonly isNew: boolean;
};

/** Films whose faces are kept, with a picture of the size of a real one; the others share them. */
const FILMS = 500;
const CROP_BYTES = 7000;
const STUDIOS = 500;
const TAGS = 2000;
/** Tags that nothing has. */
const UNUSED = 100;
const PAGE = 1000;
const BOX = 'https://box.example/graphql';
const PICTURE = Buffer.from([0xff, 0xd8, 0xff, 0xe0, 1, 2, 3]);

export async function largeLibrary(amounts: Amounts, folders: BenchFolders): Promise<BenchLibrary> {
  return await openLibrary(folders, async ({ double, folder }) => {
    const film = path.join(folder, 'film.mp4');
    await writeFile(film, 'film');
    double.config.stashes = [{ path: folder, excludeVideo: false, excludeImage: false }];

    addRows(double, amounts, film);

    const store = await openStore({ folder: path.join(double.configDir, 'stash-sense'), fusions: FUSIONS });
    try {
      await fill(store, amounts);
      if (!amounts.isNew) await leaveLooked(store, double);
    } finally {
      await store.close();
    }
    return {};
  });
}

/** One scene in eight has nobody, one in twenty two files, one in ten is linked, half of these without a date. */
function addRows({ library }: StashDouble, { scenes, performers }: Amounts, film: string): void {
  const updatedAt = Math.floor(Date.now() / 1000) - 90 * 86_400;
  for (let n = 0; n < STUDIOS; n++) library.addStudio({ name: `Studio ${n}` });
  for (let n = 0; n < TAGS + UNUSED; n++) library.addTag({ name: `Tag ${n}` });
  for (let n = 0; n < performers; n++) library.addPerformer({ name: `Performer ${n + 1}`, image: PICTURE });
  for (let n = 0; n < scenes; n++) {
    const fileIds = Array.from({ length: n % 20 === 0 ? 2 : 1 }, (_, file) => {
      const value = (2 * n + file).toString(16).padStart(16, '0');
      const fingerprints = [{ type: 'oshash', value }];
      return library.addFile({
        kind: 'video',
        path: film,
        duration: 600,
        width: 1920,
        height: 1080,
        fingerprints,
      }).id;
    });
    library.addScene({
      title: `Scene ${n + 1}`,
      fileIds,
      studioId: String(1 + (n % STUDIOS)),
      tagIds: [String(1 + (n % TAGS))],
      performerIds: n % 8 === 0 ? [] : [String(1 + (Math.floor(n / 5) % performers))],
      date: n % 20 === 10 ? null : '2026-01-01',
      cover: PICTURE,
      stashIds: n % 10 === 0 ? [{ endpoint: BOX, stash_id: `scene-${n}`, updatedAt: 0 }] : [],
      // Over three months, so that a second of overlap holds few of them.
      updatedAt: updatedAt + Math.floor((n * 86 * 86_400) / scenes),
    });
  }
}

async function fill(store: Store, { scenes, performers, seen }: Amounts): Promise<void> {
  const packId = packInUse.id;
  await inPages(store, FILMS, async (n) => {
    await store.observations.put(look(n, { packId, persons: 1, cropBytes: CROP_BYTES }));
  });
  await inPages(store, performers, async (n) => {
    await store.people.putPerformer(performer(n + 1));
    if (n < FILMS) await store.people.putReference(reference(n + 1, { packId, crop: crop(CROP_BYTES) }));
  });
  await inPages(store, scenes, async (n) => {
    const entity = { kind: 'scene', id: String(n + 1) } as const;
    const performerIds = n % 8 === 0 ? [] : [String(1 + (Math.floor(n / 5) % performers))];
    await store.identifications.notePerformers([{ ...entity, performerIds }]);
    await store.credits.note([{ ...entity, performerIds, studioId: String(1 + (n % STUDIOS)) }]);
  });
  await inPages(store, seen, async (n) => {
    const scene = 1 + ((n * 7) % scenes);
    await store.suggestions.replace({ kind: 'scene', id: String(scene) }, 'faces', [
      found(n, scene, performers),
    ]);
  });
}

/** Somebody who was seen; of one in ten it is open who of three. */
function found(n: number, scene: number, performers: number): Proposal {
  const film = n % FILMS;
  const contentId: ContentId = `oshash:${film.toString(16).padStart(16, '0')}`;
  const seen = proposal(scene, 1 + ((n * 13) % performers), {
    payload: { seen: [{ contentId, personKey: 0 }] },
    confidence: 0.5 + ((n * 37) % 5000) / 10_000,
    severity: 'info',
  });
  const evidence = { ...seen.evidence, referenceId: String(1 + film) };
  if (n % 10 !== 0) return { ...seen, evidence };
  const { timesMs, faceCount, similarity, margin } = seen.evidence;
  return {
    ...seen,
    kind: 'performer-ambiguous',
    target: null,
    targetName: '',
    payload: {
      ...seen.payload,
      candidates: [1, 2, 3].map((one) => ({
        performerId: String(1 + ((film + one) % performers)),
        name: `Performer ${1 + ((film + one) % performers)}`,
        confidence: 0.4,
        similarity: 0.5,
        referenceId: String(1 + ((film + one) % FILMS)),
      })),
    },
    evidence: { timesMs, faceCount, similarity, margin },
  };
}

async function inPages(store: Store, count: number, each: (n: number) => Promise<void>): Promise<void> {
  for (let from = 0; from < count; from += PAGE)
    await store.transaction(async () => {
      for (let n = from; n < Math.min(count, from + PAGE); n++) await each(n);
    });
}
