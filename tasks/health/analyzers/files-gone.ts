import { baseName } from '../../../core/health/base-name.ts';
import { toldProposal } from '../../../core/health/told.ts';
import { message } from '../../../core/messages/message.ts';
import type { StashEntity, StashFile } from '../../../core/ports/library.ts';
import type { Proposal } from '../../../core/suggestions/suggestion.ts';
import { contentIdsOf } from '../content-ids-of.ts';
import type { StashRef } from '../../../core/stash-ref.ts';
import { readScenes } from '../../observe/read-scenes.ts';
import { presenceIn } from '../presence.ts';
import { suggestedBy } from '../whole.ts';
import type { LookParts, WholeAnalyzer } from '../analyzer.ts';

const PAGE = 500;
/** That a file was taken away changes nothing in Stash: a run looks at so many scenes, for so long, and the next one goes on behind them. */
const SCENES_A_RUN = 20_000;
const MOST_MS = 60_000;
/** Scenes whose files are looked at, at once. */
const AT_ONCE = 16;

/** A scene whose files are not on the disk any more, though the disk is there (`presence.ts`). */
export const filesGone: WholeAnalyzer<'files-gone'> = {
  id: 'files-gone',
  version: 2,
  kinds: ['scene-file-gone'],
  looksAt: 'all',
  readsDisks: true,
  async find(parts, shouldYield) {
    const presenceOf = await presenceIn(parts);
    const gone = new Map<string, { readonly scene: StashEntity; readonly missing: readonly StashFile[] }>();
    const unknown: StashRef[] = [];
    const look = async (some: readonly StashEntity[]): Promise<void> => {
      for (const scene of some) {
        const missing: StashFile[] = [];
        let isUnknown = false;
        for (const file of scene.files) {
          const presence = await presenceOf(file);
          if (presence === 'gone') missing.push(file);
          isUnknown ||= presence === 'unknown';
        }
        if (isUnknown) unknown.push({ kind: 'scene', id: scene.id });
        else if (missing.length > 0) gone.set(scene.id, { scene, missing });
      }
    };
    const told = await suggestedBy(parts, filesGone);
    await look(
      await readScenes(
        parts.library,
        told.map(({ id }) => id),
      ),
    );
    const { after, isMore } = await goOn(parts, shouldYield, look);
    const proposals = [...gone.values()].map(({ scene, missing }): Proposal => {
      const isWhole = missing.length === scene.files.length;
      return toldProposal(
        {
          kind: 'scene-file-gone',
          entity: { kind: 'scene', id: scene.id },
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
    return { proposals, unknown, isMore, keep: () => parts.store.state.set('health-files-at', { after }) };
  },
};

/** Scenes behind those that the run before ended with; from the first one again after the last. @returns the last one, or `0`, and whether it ended to give the queue back */
async function goOn(
  { store, library, now }: LookParts,
  shouldYield: () => Promise<boolean>,
  look: (scenes: readonly StashEntity[]) => Promise<void>,
): Promise<{ readonly after: string; readonly isMore: boolean }> {
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
    if (await shouldYield()) return { after, isMore: true };
  }
  return { after, isMore: false };
}
