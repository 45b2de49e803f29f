/** A Stash whose settings name a stash-box, with real portraits on it: two doubles on one machine. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { startBoxDouble, type BoxDouble } from '../../double/stash-box/box-double.ts';
import { startStashDouble, type StashDouble } from '../../double/stash-double.ts';
import { npmFfmpeg, npmFfprobe } from '../../fixtures/footage.ts';
import { addToBox, idFor, PORTRAYED } from '../../double/stash-box/portraits.ts';

export type BoxWorld = {
  readonly stash: StashDouble;
  readonly box: BoxDouble;
  readonly configDir: string;
  /** Everything that was stored is gone. */
  forget(): void;
  close(): Promise<void>;
};

/** All portrayed but the last are of the library: by a scene, its studio or a performer. Another one was merged, and one has no face. */
export async function openBoxWorld(maxRequestsPerMinute = 60_000): Promise<BoxWorld> {
  const configDir = mkdtempSync(path.join(tmpdir(), 'stash-sense-box-'));
  const stash = await startStashDouble({ configDir, ffmpegPath: npmFfmpeg, ffprobePath: npmFfprobe });
  const box = await startBoxDouble();
  stash.config.stashBoxes = [
    {
      endpoint: box.endpoint,
      name: 'The box',
      api_key: box.key,
      max_requests_per_minute: maxRequestsPerMinute,
    },
  ];
  const [audrey, sean, cage, murray, clooney] = PORTRAYED.map((portrayed) => addToBox(box, portrayed));
  const rest = { gender: 'FEMALE', birthDate: '1900', country: 'FR' };
  const icon = addToBox(box, { ...rest, name: 'An icon', files: ['icon_angry.png'] });
  const old = addToBox(box, { ...rest, name: 'Audrey before', files: ['kim1_crop.jpg'] });
  box.data.merge([old.id], audrey!.id);
  const studio = box.data.addStudio({ id: idFor('studio'), name: 'A studio' });
  const scene = box.data.addScene({
    id: idFor('scene'),
    title: 'A scene',
    studioId: studio.id,
    performers: [sean!, cage!].map(({ id }) => ({ id, as: null })),
  });
  box.data.addScene({
    id: idFor('another scene'),
    title: 'Another scene',
    studioId: studio.id,
    performers: [murray!, clooney!, icon].map(({ id }) => ({ id, as: null })),
  });
  const { library } = stash;
  const at = (stashId: string) => [
    { endpoint: box.endpoint, stash_id: stashId, updatedAt: 1_700_000_000_000 },
  ];
  const mine = library.addStudio({ name: 'A studio', stashIds: at(studio.id) });
  library.addScene({ title: 'A scene', fileIds: [], studioId: mine.id, stashIds: at(scene.id) });
  library.addPerformer({ name: 'Audrey', stashIds: at(old.id) });
  return {
    stash,
    box,
    configDir,
    forget: () => rmSync(path.join(configDir, 'stash-sense'), { recursive: true, force: true }),
    async close() {
      await stash.close();
      await box.close();
      rmSync(configDir, { recursive: true, force: true });
    },
  };
}

/** What a build leaves: checksums of the files, and who is in it. Times and the version are those of the last write. */
export function packIn({ configDir }: BoxWorld, packId: string): unknown {
  const folder = path.join(configDir, 'stash-sense/reference-packs', packId);
  const { files, people, references, facePack } = JSON.parse(
    readFileSync(path.join(folder, 'manifest.json'), 'utf8'),
  ) as Record<string, unknown>;
  return { files, people, references, facePack };
}
