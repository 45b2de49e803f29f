/** Compares one scene that no fingerprint found with those of a stash-box that it could be a re-cut of. */
import { createHash } from 'node:crypto';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { hasCode, messageOf } from '../../../../core/errors.ts';
import { createComposer, type Filmstrip } from '../../../../core/fingerprints/virtual-phash.ts';
import type { BoxScene } from '../../../../core/ports/boxes/box-scenes.ts';
import type { StashBoxClient } from '../../../../core/ports/stash-box.ts';
import { recutAnalyzer } from '../../../../core/stash-box/analyzers.ts';
import { canBeRecut, rateRecuts, type ComposedFile } from '../../../../core/stash-box/recuts/rate-recuts.ts';
import { areUnchanged } from '../../../../core/suggestions/revisions.ts';
import type { Context } from '../../../runs/task.ts';
import { MAX_PROPOSED, toProposal, unlinkedOf } from '../find.ts';
import { ASKED_AGAIN_AFTER_MS } from '../link-scenes.ts';
import type { ReadScene } from '../scenes.ts';
import type { Candidates, SearchedBy } from './candidates.ts';

export type RecutParts = Pick<Context, 'store' | 'library' | 'hashes' | 'now' | 'log'>;

/**
What was stored of a scene. `unread`: files that could not be read; it is tried again by the next run, as it is where the stash-box
did not answer.
*/
export type Compared = {
  readonly found: number;
  readonly sure: number;
  readonly unread: number;
  readonly isAnswered: boolean;
};

/** Changes whenever re-cuts are found or compared in another way: all are compared anew then. */
const VERSION = 2;

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
@param signal ends decoding and comparing; nothing is stored then
@throws StashSenseError `runtime-missing`: there is no ffmpeg; the reason of `signal`
*/
export async function compareRecuts(
  context: RecutParts,
  { client, candidates }: { readonly client: StashBoxClient; readonly candidates: Candidates },
  scene: ReadScene,
  by: SearchedBy,
  {
    force,
    alongside,
    signal,
  }: {
    readonly force: boolean;
    readonly alongside: (compared: Compared) => Promise<void>;
    readonly signal?: AbortSignal;
  },
): Promise<void> {
  const { store, now } = context;
  const { endpoint } = client;
  const entity = { kind: 'scene', id: scene.id } as const;
  const before = await store.suggestions.revisions([entity]);
  const theirs = await candidates.of(scene, by);
  // The next run asks anew.
  if (theirs === null) return await alongside({ found: 0, sure: 0, unread: 0, isAnswered: false });
  const revision = `${ownRevision(scene, by)} ${digest(theirs.map(hashedOf).toSorted())}`;
  const known = (await store.recutLookUps.of(endpoint, [scene.id])).get(scene.id);
  const put = (): Promise<void> =>
    store.recutLookUps.put(endpoint, [{ sceneId: scene.id, revision, at: now() }]);
  if (known?.revision === revision && !force)
    return await store.transaction(async () => {
      await put();
      await alongside({ found: 0, sure: 0, unread: 0, isAnswered: true });
    });
  let unread = 0;
  const files = composed(context, scene, theirs, { signal, onUnread: () => unread++ });
  // In between the run says that it is alive, and Stop is heard.
  const pause = async (): Promise<void> => {
    await nextTurn();
    signal?.throwIfAborted();
  };
  const rated = (await rateRecuts(files, theirs, pause)).slice(0, MAX_PROPOSED);
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
    await alongside({
      found: isStored && rated.length > 0 ? 1 : 0,
      sure: sure ? 1 : 0,
      unread,
      isAnswered: true,
    });
  });
}

/** Those of its files that can be a re-cut of any of these. */
async function* composed(
  { hashes, log }: RecutParts,
  { files }: ReadScene,
  theirs: readonly BoxScene[],
  { signal, onUnread }: { readonly signal: AbortSignal | undefined; readonly onUnread: () => void },
): AsyncGenerator<ComposedFile> {
  for (const { file, seconds } of files) {
    if (seconds === null || file.zipPath !== null || !theirs.some((one) => canBeRecut(seconds, one)))
      continue;
    let strip: Filmstrip | null = null;
    try {
      strip = await hashes.filmstrip(file.path, signal);
    } catch (error) {
      // Another run may find the disk.
      if (!hasCode(error, 'file-missing', 'unreadable-media')) throw error;
      log.debug(messageOf(error));
      onUnread();
    }
    if (strip !== null) yield { seconds: strip.seconds, composer: createComposer(strip) };
  }
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
