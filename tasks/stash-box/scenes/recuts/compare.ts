/** Compares one scene that no fingerprint found with those of a stash-box that it could be a re-cut of. */
import { createHash } from 'node:crypto';
import { hasCode, messageOf } from '../../../../core/errors.ts';
import { createComposer } from '../../../../core/fingerprints/virtual-phash.ts';
import type { BoxScene } from '../../../../core/ports/boxes/box-scenes.ts';
import type { StashBoxClient } from '../../../../core/ports/stash-box.ts';
import { recutAnalyzer } from '../../../../core/stash-box/analyzers.ts';
import { canBeRecut, rateRecuts, type ComposedFile } from '../../../../core/stash-box/recuts/rate-recuts.ts';
import { areUnchanged } from '../../../../core/suggestions/revisions.ts';
import type { Context } from '../../../runs/task.ts';
import { toProposal, unlinkedOf } from '../find.ts';
import type { ReadScene } from '../scenes.ts';
import type { Candidates, SearchedBy } from './candidates.ts';

export type RecutParts = Pick<Context, 'store' | 'library' | 'hashes' | 'now' | 'log'>;

/** What was stored of a scene. `unread`: files that could not be read; it is tried again by the next run. */
export type Compared = { readonly found: number; readonly sure: number; readonly unread: number };

/** Changes whenever re-cuts are found or compared in another way: all are compared anew then. */
const VERSION = 2;
/** After this time the stash-box is asked once more: it may have further scenes by now. */
const ASKED_AGAIN_AFTER_MS = 30 * 86_400_000;
const MOST_PROPOSED = 5;

/** Without the stash-box being asked: whether its scenes are to be asked for. */
export async function isDue(
  { store, now }: Pick<RecutParts, 'store' | 'now'>,
  endpoint: string,
  scene: ReadScene,
  by: SearchedBy,
): Promise<boolean> {
  const known = (await store.recutLookUps.of(endpoint, [scene.id])).get(scene.id);
  if (known?.revision.startsWith(`${ownRevision(scene, by)} `) !== true) return true;
  return now() - known.at >= ASKED_AGAIN_AFTER_MS;
}

/**
Decodes its files where the stash-box has a scene that it has not been compared with yet.
@param alongside joins the transaction in which it is stored
@throws StashSenseError `runtime-missing`: there is no ffmpeg
*/
export async function compareRecuts(
  context: RecutParts,
  { client, candidates }: { readonly client: StashBoxClient; readonly candidates: Candidates },
  scene: ReadScene,
  by: SearchedBy,
  {
    force,
    alongside,
  }: { readonly force: boolean; readonly alongside: (compared: Compared) => Promise<void> },
): Promise<void> {
  const { store, now } = context;
  const { endpoint } = client;
  const entity = { kind: 'scene', id: scene.id } as const;
  const before = await store.suggestions.revisions([entity]);
  const theirs = await candidates.of(scene, by);
  // The next run asks anew.
  if (theirs === null) return await alongside({ found: 0, sure: 0, unread: 0 });
  const revision = `${ownRevision(scene, by)} ${digest(theirs.map(hashedOf).toSorted())}`;
  const known = (await store.recutLookUps.of(endpoint, [scene.id])).get(scene.id);
  const put = (): Promise<void> =>
    store.recutLookUps.put(endpoint, [{ sceneId: scene.id, revision, at: now() }]);
  if (known?.revision === revision && !force)
    return await store.transaction(async () => {
      await put();
      await alongside({ found: 0, sure: 0, unread: 0 });
    });
  const { files, unread } = await composed(context, scene, theirs);
  const rated = rateRecuts(files, theirs).slice(0, MOST_PROPOSED);
  const proposals = rated.map(({ scene: one, ...rating }) =>
    toProposal(recutAnalyzer(endpoint), endpoint, scene, { scene: one, hits: [], ...rating }),
  );
  const isUnlinked = (await unlinkedOf(context, endpoint, [scene])).has(scene.id);
  await store.transaction(async () => {
    const after = await store.suggestions.revisions([entity]);
    const isStored = isUnlinked && areUnchanged(entity, before, after);
    if (isStored && (unread === 0 || proposals.length > 0))
      await store.suggestions.replace(entity, recutAnalyzer(endpoint), proposals);
    if (isStored && unread === 0) await put();
    const sure = isStored && rated.some(({ isStrong }) => isStrong);
    await alongside({ found: isStored && rated.length > 0 ? 1 : 0, sure: sure ? 1 : 0, unread });
  });
}

/** Those of its files that can be a re-cut of any of these. */
async function composed(
  { hashes, log }: RecutParts,
  { files }: ReadScene,
  theirs: readonly BoxScene[],
): Promise<{ readonly files: readonly ComposedFile[]; readonly unread: number }> {
  const read: ComposedFile[] = [];
  let unread = 0;
  for (const { file, seconds } of files) {
    if (seconds === null || file.zipPath !== null || !theirs.some((one) => canBeRecut(seconds, one)))
      continue;
    try {
      const strip = await hashes.filmstrip(file.path);
      if (strip !== null) read.push({ seconds: strip.seconds, composer: createComposer(strip) });
    } catch (error) {
      // Another run may find the disk.
      if (!hasCode(error, 'file-missing', 'unreadable-media')) throw error;
      log.debug(messageOf(error));
      unread++;
    }
  }
  return { files: read, unread };
}

/** Of what is known without the stash-box. */
function ownRevision({ files }: ReadScene, { performers, text }: SearchedBy): string {
  const own = files.map(({ contentId, seconds }) => [contentId, seconds]);
  return digest([VERSION, own, performers, text]);
}

function hashedOf({ id, fingerprints }: BoxScene): string {
  const hashes = fingerprints.flatMap(({ algorithm, hash, seconds }) =>
    algorithm === 'PHASH' ? `${hash} ${seconds}` : [],
  );
  return [id, ...hashes.toSorted()].join(' ');
}

function digest(of: unknown): string {
  return createHash('sha256').update(JSON.stringify(of)).digest('hex').slice(0, 16);
}
