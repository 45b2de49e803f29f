import { opendir, stat } from 'node:fs/promises';
import path from 'node:path';
import { baseName } from '../../../core/health/base-name.ts';
import { toldProposal } from '../../../core/health/told.ts';
import { message } from '../../../core/messages/message.ts';
import { nullIfExcluded } from '../../../core/errors.ts';
import type { StashEntity, StashFile } from '../../../core/ports/library.ts';
import type { Proposal } from '../../../core/suggestions/suggestion.ts';
import { contentIdsOf } from '../content-ids-of.ts';
import { suggestedBy } from '../whole.ts';
import type { LookParts, WholeAnalyzer } from '../analyzer.ts';

const PAGE = 500;
/** That a file was taken away changes nothing in Stash: a run looks at so many scenes, for so long, and the next one goes on behind them. */
const SCENES_A_RUN = 20_000;
const MOST_MS = 60_000;
/** Files that are looked at, at once. */
const AT_ONCE = 16;

/**
A scene whose files are not on the disk any more. A file counts as gone only where the folder of Stash's library that holds it is
there and not empty: a disk that is not mounted takes nothing away.
*/
export const filesGone: WholeAnalyzer<'files-gone'> = {
  id: 'files-gone',
  version: 1,
  kinds: ['scene-file-gone'],
  looksAt: 'all',
  async find(parts) {
    const isGone = await goneIn(parts);
    const scenes = new Map<string, StashEntity>();
    for (const { entity } of await suggestedBy(parts, filesGone)) {
      const scene = await parts.library.item({ kind: 'scene', id: entity.id }).catch(nullIfExcluded);
      if (scene !== null) scenes.set(scene.id, scene);
    }
    const gone = new Map<string, readonly StashFile[]>();
    const look = async (some: readonly StashEntity[]): Promise<void> => {
      for (const scene of some) {
        const missing: StashFile[] = [];
        for (const file of scene.files) if (await isGone(file)) missing.push(file);
        if (missing.length > 0) {
          gone.set(scene.id, missing);
          scenes.set(scene.id, scene);
        }
      }
    };
    await look([...scenes.values()]);
    await goOn(parts, look);
    return [...gone].map(([id, missing]): Proposal => {
      const scene = scenes.get(id)!;
      const isWhole = missing.length === scene.files.length;
      return toldProposal(
        {
          kind: 'scene-file-gone',
          entity: { kind: 'scene', id },
          entityTitle: scene.title,
          severity: isWhole ? 'error' : 'warning',
          found: [
            {
              what: `gone ${missing
                .map((file) => file.fingerprints['oshash'] ?? file.path)
                .toSorted()
                .join(' ')}`,
              said: missing.map((file) => message('health.fileGone', { file: baseName(file.path) })),
            },
          ],
          contentIds: contentIdsOf(scene),
        },
        filesGone,
      );
    });
  },
};

/** Scenes behind those that the run before ended with; from the first one again after the last. */
async function goOn(
  { store, library, now }: LookParts,
  look: (scenes: readonly StashEntity[]) => Promise<void>,
): Promise<void> {
  const began = now();
  let { after } = (await store.state.get('health-files-at')) ?? { after: '0' };
  for (let left = SCENES_A_RUN; left > 0 && now() - began < MOST_MS; left -= PAGE) {
    const page = await library.entitiesAfter('scene', after, Math.min(PAGE, left));
    for (let at = 0; at < page.length; at += AT_ONCE)
      await Promise.all(page.slice(at, at + AT_ONCE).map((scene) => look([scene])));
    const last = page.at(-1);
    // A library that one run can look at is looked at from the first scene each time.
    after = last === undefined || page.length < Math.min(PAGE, left) ? '0' : last.id;
    if (after === '0') break;
  }
  await store.state.set('health-files-at', { after });
}

async function goneIn({
  library,
}: Pick<LookParts, 'library'>): Promise<(file: StashFile) => Promise<boolean>> {
  const folders = await library.catalogue.folders();
  const present: string[] = [];
  for (const folder of folders) if (await isFilledFolder(folder)) present.push(path.resolve(folder));
  return async ({ path: file, zipPath }) => {
    const place = zipPath ?? file;
    if (!path.isAbsolute(place)) return false;
    // Of folders within one another the inner one may be another disk.
    const [holder] = folders
      .map((folder) => path.resolve(folder))
      .filter((folder) => isBelow(path.resolve(place), folder))
      .toSorted((a, b) => b.length - a.length);
    return holder !== undefined && present.includes(holder) && (await isMissing(place));
  };
}

async function isMissing(file: string): Promise<boolean> {
  try {
    await stat(file);
    return false;
  } catch (error) {
    // Anything else, such as a missing permission or a disk that fails, does not say so.
    return error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'ENOTDIR');
  }
}

/** A folder where a disk is not mounted is there and empty. */
async function isFilledFolder(folder: string): Promise<boolean> {
  try {
    const entries = await opendir(folder);
    try {
      return (await entries.read()) !== null;
    } finally {
      await entries.close();
    }
  } catch {
    // Whatever keeps it from being read: nothing of what it holds is known to be gone.
    return false;
  }
}

function isBelow(file: string, folder: string): boolean {
  const between = path.relative(folder, file);
  return between !== '' && !between.startsWith('..') && !path.isAbsolute(between);
}
