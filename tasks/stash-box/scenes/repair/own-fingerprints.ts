/** Whether the fingerprints of scenes of the user are those of a scene of a stash-box. */
import type { BoxScene } from '../../../../core/ports/boxes/box-scenes.ts';
import type { StashBoxClient } from '../../../../core/ports/stash-box.ts';
import type { ReadScene } from '../scenes.ts';

type Hashed = Pick<ReadScene, 'id' | 'files'>;

export type OwnFingerprints = {
  /** Asks about all of these at once, in few requests; about none a second time. */
  ask(scenes: readonly Hashed[]): Promise<void>;
  /** `is not`: they are another scene's there. Of a scene that was not asked about: `unknown`. */
  say(sceneId: string, boxId: string): 'is' | 'is not' | 'unknown';
};

export function createOwnFingerprints(client: Pick<StashBoxClient, 'scenesByFingerprints'>): OwnFingerprints {
  const known = new Map<string, readonly BoxScene[]>();
  /** By id of the scene: several may wait for the same answer. */
  const asked = new Map<string, Promise<void>>();

  async function askNow(scenes: readonly Hashed[]): Promise<void> {
    const lists = scenes.map(({ files }) => files.flatMap(({ fingerprints }) => fingerprints));
    const answers = await client.scenesByFingerprints(lists);
    for (const [n, { id }] of scenes.entries()) {
      const answered = answers[n];
      if (answered !== undefined) known.set(id, answered);
    }
  }

  return {
    async ask(scenes) {
      const hashed = scenes.filter(({ files }) => files.some(({ fingerprints }) => fingerprints.length > 0));
      const fresh = [...new Map(hashed.map((scene) => [scene.id, scene])).values()].filter(
        ({ id }) => !asked.has(id),
      );
      if (fresh.length > 0) {
        const answer = askNow(fresh);
        for (const { id } of fresh) asked.set(id, answer);
      }
      await Promise.all(hashed.flatMap(({ id }) => asked.get(id) ?? []));
    },

    say(sceneId, boxId) {
      const found = known.get(sceneId) ?? [];
      if (found.some(({ id }) => id === boxId)) return 'is';
      return found.length > 0 ? 'is not' : 'unknown';
    },
  };
}
