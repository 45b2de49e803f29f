import { z } from 'zod';
import { baseName } from '../../../core/health/base-name.ts';
import { toldProposal } from '../../../core/health/told.ts';
import { message } from '../../../core/messages/message.ts';
import type { StashEntity, StashFile } from '../../../core/ports/library.ts';
import type { Proposal } from '../../../core/suggestions/suggestion.ts';
import { contentIdsOf } from '../content-ids-of.ts';
import { readScenes } from '../../observe/read-scenes.ts';
import { once } from '../page-of.ts';
import { presenceIn, type Presence } from '../presence.ts';
import type { Found, LookParts, WholeAnalyzer } from '../analyzer.ts';

const PAGE = 500;
/** That a file was taken away changes nothing in Stash: a run looks at so many scenes, for so long, and the next one goes on behind them. */
const SCENES_A_RUN = 20_000;
const MOST_MS = 15_000;
/** Scenes whose files are looked at, at once. */
const AT_ONCE = 16;

/** A scene whose files are not on the disk any more, though the disk is there (`presence.ts`). */
export const filesGone: WholeAnalyzer<'files-gone'> = {
  id: 'files-gone',
  version: 2,
  kinds: ['scene-file-gone'],
  looksAt: 'all',
  readsDisks: true,
  begin(parts) {
    const presence = once(() => presenceIn(parts));
    const began = parts.now();
    return async (after) => {
      const place = Place.parse(JSON.parse(after ?? '{"told":""}'));
      if ('told' in place) return await lookAgain(parts, await presence(), place.told);
      return await lookOn(parts, await presence(), place.scenes, parts.now() - began < MOST_MS);
    };
  },
};

/** What was told of is looked at in each run, then so many scenes behind those of the run before. */
const Place = z.union([z.object({ told: z.string() }), z.object({ scenes: z.int() })]);
type Place = z.infer<typeof Place>;
const placed = (place: Place): string => JSON.stringify(place);

type PresenceOf = (file: StashFile) => Promise<Presence>;

async function lookAgain(
  { store, library }: LookParts,
  presenceOf: PresenceOf,
  after: string,
): Promise<Found> {
  const told = await store.suggestions.entitiesOf(filesGone.id, { kind: 'scene', id: after }, PAGE);
  const ids = told.map(({ id }) => id);
  const scenes = await readScenes(library, ids);
  const { proposals, unknown } = await look(scenes, presenceOf);
  const last = told.at(-1);
  return {
    proposals,
    looked: told.filter(({ id }) => !unknown.has(id)),
    isCountedLater: true,
    next: placed(last === undefined || told.length < PAGE ? { scenes: 0 } : { told: last.id }),
  };
}

/** Scenes behind those that the run before ended with; from the first one again after the last. */
async function lookOn(
  { store, library }: LookParts,
  presenceOf: PresenceOf,
  looked: number,
  hasTime: boolean,
): Promise<Found> {
  const { after } = (await store.state.get('health-files-at')) ?? { after: '0' };
  const page = await library.entitiesAfter('scene', after, PAGE);
  const { proposals, unknown } = await look(page, presenceOf);
  const last = page.length < PAGE ? undefined : page.at(-1);
  const isMore = last !== undefined && looked + PAGE < SCENES_A_RUN && hasTime;
  return {
    proposals,
    looked: page.flatMap(({ id }) => (unknown.has(id) ? [] : { kind: 'scene' as const, id })),
    // A library that one run can look at is looked at from the first scene each time.
    keep: () => store.state.set('health-files-at', { after: last?.id ?? '0' }),
    next: isMore ? placed({ scenes: looked + PAGE }) : null,
  };
}

async function look(
  scenes: readonly StashEntity[],
  presenceOf: PresenceOf,
): Promise<{ readonly proposals: readonly Proposal[]; readonly unknown: ReadonlySet<string> }> {
  const proposals: Proposal[] = [];
  const unknown = new Set<string>();
  for (let at = 0; at < scenes.length; at += AT_ONCE)
    await Promise.all(
      scenes.slice(at, at + AT_ONCE).map(async (scene) => {
        const missing: StashFile[] = [];
        for (const file of scene.files) {
          const presence = await presenceOf(file);
          if (presence === 'gone') missing.push(file);
          if (presence === 'unknown') unknown.add(scene.id);
        }
        if (missing.length > 0 && !unknown.has(scene.id)) proposals.push(toProposal(scene, missing));
      }),
    );
  return { proposals, unknown };
}

function toProposal(scene: StashEntity, missing: readonly StashFile[]): Proposal {
  const names = missing.map((file) => file.fingerprints['oshash'] ?? file.path).toSorted();
  return toldProposal(
    {
      kind: 'scene-file-gone',
      entity: { kind: 'scene', id: scene.id },
      entityTitle: scene.title,
      severity: missing.length === scene.files.length ? 'error' : 'warning',
      found: [
        {
          what: `gone ${names.join(' ')}`,
          said: missing.map((file) => message('health.fileGone', { file: baseName(file.path) })),
        },
      ],
      contentIds: contentIdsOf(scene),
    },
    filesGone,
  );
}
