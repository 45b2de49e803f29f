/** Which scenes of a stash-box one of the user could be: those of the performers who are in it, and those whose title it has. */
import { idsOfBox, stashIdsOf } from '../../../../core/changes/values.ts';
import type { BoxScene } from '../../../../core/ports/boxes/box-scenes.ts';
import type { StashBoxClient } from '../../../../core/ports/stash-box.ts';
import { canBeRecut } from '../../../../core/stash-box/recuts/rate-recuts.ts';
import { hasTitle, searchTextOf } from '../../../../core/stash-box/recuts/title.ts';
import type { Context } from '../../../runs/task.ts';
import { isRuledOut } from '../find.ts';
import type { ReadScene } from '../scenes.ts';

type Parts = Pick<Context, 'store' | 'library'>;

/** Ids of performers at the stash-box, and the text of the scene, which is null where it says too little. */
export type SearchedBy = { readonly performers: readonly string[]; readonly text: string | null };

export type Candidates = {
  /** Likeliest first. Null: the stash-box could not answer of somebody, or of the text. Each performer is asked about once. */
  of(scene: ReadScene, by: SearchedBy): Promise<readonly BoxScene[] | null>;
  /** Asks by these texts in few requests, before `of` of scenes that have them. */
  searchTexts(texts: readonly string[]): Promise<void>;
};

/** Whose scenes are kept, since performers share them: each can be some megabytes. */
const MOST_KEPT = 50;
/** Of a scene with more people each is still one request. */
const MOST_ASKED = 6;
/** Each that is compared is one more that could agree by chance. */
const MOST_COMPARED = 40;

export function createCandidates({ store }: Pick<Context, 'store'>, client: StashBoxClient): Candidates {
  let found: ReadonlyMap<string, readonly BoxScene[]> = new Map();
  const known = new Map<string, readonly BoxScene[] | null>();

  async function scenesOf(id: string): Promise<readonly BoxScene[] | null> {
    const before = known.get(id);
    if (before !== undefined) return before;
    const scenes = await client.scenesOf(id);
    const [oldest] = known.keys();
    if (known.size >= MOST_KEPT && oldest !== undefined) known.delete(oldest);
    known.set(id, scenes);
    return scenes;
  }

  return {
    async searchTexts(texts) {
      found = texts.length === 0 ? new Map() : await client.scenesByText(texts);
    },

    async of(scene, { performers, text }) {
      const { endpoint } = client;
      const shared = new Map<string, { readonly theirs: BoxScene; count: number }>();
      const add = (theirs: BoxScene): void => {
        const one = shared.get(theirs.id) ?? { theirs, count: 0 };
        one.count++;
        shared.set(theirs.id, one);
      };
      for (const id of performers.slice(0, MOST_ASKED)) {
        const scenes = await scenesOf(id);
        if (scenes === null) return null;
        scenes.forEach(add);
      }
      if (text !== null) {
        const titled = found.get(text);
        if (titled === undefined) return null;
        titled.filter(({ title }) => hasTitle(text, title)).forEach(add);
      }
      const fitting = [...shared.values()].filter(({ theirs }) =>
        scene.files.some(({ seconds }) => seconds !== null && canBeRecut(seconds, theirs)),
      );
      const left: (typeof fitting)[number][] = [];
      for (const one of fitting)
        if (!(await isRuledOut({ store }, endpoint, scene, one.theirs))) left.push(one);
      const likeness = ({ theirs, count }: (typeof left)[number]): number =>
        count + (scene.date !== null && theirs.date === scene.date ? 1 : 0);
      return left
        .toSorted((a, b) => likeness(b) - likeness(a) || (a.theirs.id < b.theirs.id ? -1 : 1))
        .slice(0, MOST_COMPARED)
        .map(({ theirs }) => theirs);
    },
  };
}

/** By the id of the scene; the performers are whom Stash has there, and whose face was recognised. Absent: nothing can be asked of it. */
export async function searchedBy(
  { store, library }: Parts,
  endpoint: string,
  scenes: readonly ReadScene[],
): Promise<ReadonlyMap<string, SearchedBy>> {
  const inScene = new Map<string, Set<string>>();
  for (const { id, performerIds } of scenes) {
    const found = await store.identifications.get({ kind: 'scene', id });
    const recognised = (found?.persons ?? []).flatMap(({ decision, candidates }) =>
      decision === 'match' ? (candidates[0]?.performerId ?? []) : [],
    );
    inScene.set(id, new Set([...performerIds, ...recognised]));
  }
  const all = [...new Set([...inScene.values()].flatMap((ids) => [...ids]))];
  const read = all.length === 0 ? new Map() : await library.fieldsOf('performer', all, ['stashIds']);
  const idsOf = (performerId: string): string[] => {
    const values = read.get(performerId);
    return values === undefined ? [] : idsOfBox(stashIdsOf(values), endpoint);
  };
  return new Map(
    scenes.flatMap(({ id, title }): [string, SearchedBy][] => {
      const performers = [...new Set([...(inScene.get(id) ?? [])].flatMap(idsOf))].toSorted();
      const text = searchTextOf(title);
      return performers.length === 0 && text === null ? [] : [[id, { performers, text }]];
    }),
  );
}
