/**
*Link stash-box IDs* over a library whose performers are known: real portraits with the real weights, a stash-box over HTTP.
`npm run bench:accuracy -- --stash-ids` runs it alone; `--each=N`: at most so many performers of each kind, else as many as the gallery has people for.
*/
import { readFileSync } from 'node:fs';
import type { TestContext } from 'node:test';
import sharp from 'sharp';
import { taskArgsSchema } from '../../../core/runs/task-args.ts';
import type { StashIdValue } from '../../../core/changes/change.ts';
import { packInUse } from '../../../tasks/compose/pack-in-use.ts';
import { people } from '../../../tasks/people/task.ts';
import { runSlice } from '../../../tasks/runs/run-slice.ts';
import { linkStashIds } from '../../../tasks/stash-box/task.ts';
import { boxesOf, startedBox } from '../../contract/opened-box.ts';
import type { BoxDouble } from '../../double/stash-box/box-double.ts';
import type { PerformerRow } from '../../double/stash-box/data.ts';
import { fakeContext, tempFolder, type FakeContext } from '../../fakes/context.ts';
import { smallLibrary, type SmallLibrary } from '../../fakes/small-library.ts';
import { weightFolder } from '../../fixtures/models.ts';
import { openTestVision } from '../../fixtures/vision.ts';
import { readDevGallery, type Entry } from '../gallery/people.ts';
import { findDevGallery } from '../gallery/place.ts';
import { KINDS, type Case, type Mine, type Picture, type Theirs } from './cases.ts';
import { toReport, type Linked, type Repaired, type TruthReport } from './report.ts';
import { WRONG_KINDS, type WrongBox } from './wrong-ids.ts';

/** Of each person of the gallery who is used. */
const MIN_PICTURES = 3;
const OTHER = 'https://other.example/graphql';

type Known = Case & { readonly what: string; readonly id: string; readonly meant: string | null };

/** Null: there is no gallery, which is printed with why. */
export async function measureStashIds(most = Infinity): Promise<TruthReport | null> {
  const place = findDevGallery();
  if ('reason' in place) {
    console.log(`\nStash IDs of a library that is known are skipped: ${place.reason}.`);
    return null;
  }
  const ends: (() => unknown)[] = [];
  const t = { after: (end: () => unknown) => void ends.push(end) } as unknown as TestContext;
  try {
    return await measure(
      t,
      usable(readDevGallery(place.folder).flatMap(({ entries }) => entries[0] ?? [])),
      most,
    );
  } finally {
    for (const end of ends.toReversed()) await end();
  }
}

/** People of different names, in an order that stays. */
function usable(entries: readonly Entry[]): Entry[] {
  const named = new Map(entries.map((entry) => [entry.name.toLowerCase(), entry]));
  return [...named.values()].filter(
    ({ name, pictures }) => pictures.length >= MIN_PICTURES && name.includes(' '),
  );
}

async function measure(t: TestContext, entries: readonly Entry[], most: number): Promise<TruthReport> {
  // Each of the gallery is one performer of the user: who came twice would be found where they are not meant to be.
  const each = Math.min(most, Math.floor(entries.length / (KINDS.length + WRONG_KINDS.length)));
  const [box, other] = [await startedBox(t), await startedBox(t)];
  const folder = tempFolder(t);
  const stash = smallLibrary(folder);
  let number = 0;
  const at = (n: number): Entry => entries[n % entries.length]!;
  const known: Known[] = [];
  for (const { what, make } of KINDS)
    for (let n = 0; n < each; n++) {
      const id = ++number;
      const made = make(
        at(id),
        at(id + Math.floor(entries.length / 3)),
        at(id + Math.floor(entries.length / 2)),
        id,
      );
      await addMine(stash, id, made.mine);
      const rows: PerformerRow[] = [];
      for (const one of made.theirs) rows.push(await addTheirs(box, one));
      if (made.sceneWith !== undefined) {
        for (const one of made.sceneWith) rows.push(await addTheirs(box, one));
        addScene(stash, box, id, rows);
      }
      known.push({ ...made, what, id: String(id), meant: made.isThere ? (rows[0]?.id ?? null) : null });
    }
  const wrong: { what: string; id: string; wrong: StashIdValue; right: StashIdValue | null }[] = [];
  for (const { what, make } of WRONG_KINDS)
    for (let n = 0; n < each; n++) {
      const id = ++number;
      const made = make(wrongBox(box, other), at(id), id);
      await addMine(stash, id, made.mine);
      stash.performers.set(String(id), { ...stash.performers.get(String(id))!, stashIds: [made.wrong] });
      wrong.push({ what, id: String(id), wrong: made.wrong, right: made.right });
    }
  const context = await contextOf(t, stash, folder, [box, other]);
  const began = performance.now();
  await runSlice(context, people, {}, {});
  const args = { endpoint: box.endpoint };
  const { end } = await runSlice(context, linkStashIds, taskArgsSchema('link-stash-ids').parse(args), {});
  if (end !== 'finished') throw new Error(`The run ended otherwise: ${end}`);
  return toReport({
    linked: await Promise.all(known.map((one) => linkedOf(context, one))),
    repaired: await Promise.all(wrong.map((one) => repairedOf(context, one))),
    seconds: (performance.now() - began) / 1000,
    questions: box.requests.filter(({ kind }) => kind === 'graphql').length,
    pictures: box.requests.filter(({ kind }) => kind === 'picture').length,
  });
}

async function contextOf(
  t: TestContext,
  stash: SmallLibrary,
  folder: string,
  [box, other]: readonly [BoxDouble, BoxDouble],
): Promise<FakeContext> {
  const vision = openTestVision(t, 'whichever loads', {
    pack: packInUse,
    weightFolders: [weightFolder],
    threads: 1,
  });
  const context = await fakeContext(t, stash, { folder, vision });
  const { boxes } = boxesOf(t, { double: box, store: context.store });
  const { boxes: others } = boxesOf(t, { double: other, store: context.store });
  const setting = { name: 'Other', hasKey: true, maxRequestsPerMinute: 240 };
  return {
    ...context,
    // One process for all of it.
    limits: { ...context.limits, sliceMs: 24 * 3_600_000 },
    stashBoxes: {
      ...boxes,
      list: async () => [...(await boxes.list()), { ...setting, endpoint: OTHER }],
      open: async (endpoint, options) =>
        endpoint === OTHER
          ? { ...(await others.open(other.endpoint, options)), endpoint: OTHER }
          : await boxes.open(endpoint, options),
    },
  };
}

function wrongBox(box: BoxDouble, other: BoxDouble): WrongBox {
  return {
    endpoint: box.endpoint,
    otherEndpoint: OTHER,
    add: (theirs) => box.data.addPerformer(theirs).id,
    addElsewhere: (theirs) => other.data.addPerformer(theirs).id,
    merge: (from, into) => box.data.merge([from], into),
    destroy: (id) => box.data.destroy(id),
  };
}

async function addMine(
  stash: SmallLibrary,
  n: number,
  { name, aliases = [], picture, fields = {} }: Mine,
): Promise<void> {
  stash.addPerformer(n, picture === undefined ? null : '', { name, aliases });
  const { imagePath } = stash.performers.get(String(n))!;
  if (picture !== undefined && imagePath !== null) stash.media.set(imagePath, await bytesOf(picture));
  stash.performerFields.set(String(n), fields);
}

async function addTheirs({ data }: BoxDouble, { pictures = [], ...row }: Theirs): Promise<PerformerRow> {
  const imageIds: string[] = [];
  for (const picture of pictures)
    imageIds.push(data.addImage({ width: 600, height: 800, bytes: await bytesOf(picture) }).id);
  return data.addPerformer({ ...row, imageIds });
}

function addScene(stash: SmallLibrary, box: BoxDouble, id: number, cast: readonly PerformerRow[]): void {
  const scene = box.data.addScene({ performers: cast.map((one) => ({ id: one.id, as: null })) });
  stash.addScene(id, '', { performerIds: [String(id)] });
  stash.sceneStashIds.set(String(id), [{ endpoint: box.endpoint, stashId: scene.id }]);
}

/** Several are put side by side. */
async function bytesOf(picture: Picture): Promise<Uint8Array> {
  if (typeof picture === 'string') return readFileSync(picture);
  const size = 250;
  const parts = await Promise.all(picture.map((file) => sharp(file).resize(size, size).toBuffer()));
  return await sharp({
    create: { width: size * parts.length, height: size, channels: 3, background: '#808080' },
  })
    .composite(parts.map((input, n) => ({ input, left: n * size, top: 0 })))
    .jpeg()
    .toBuffer();
}

async function linkedOf({ store }: FakeContext, { what, id, meant }: Known): Promise<Linked> {
  const filter = { kind: 'performer-stash-id', state: 'open', entity: { kind: 'performer', id } } as const;
  const { items } = await store.suggestions.list(filter, 'confidence', 100, 0);
  const toOffered = ({
    payload,
    confidence,
    evidence,
  }: (typeof items)[number]): Linked['offered'][number] => ({
    isRight: payload.stashId.stashId === meant,
    confidence,
    isStrong: evidence.isStrong,
    signs: evidence.signs.flatMap(({ sign, weight }) => (weight > 0 ? sign : [])),
  });
  const half = Number(id) % 2 === 0 ? 0 : 1;
  return { what, half, isThere: meant !== null, offered: items.map(toOffered) };
}

async function repairedOf(
  { store }: FakeContext,
  { what, id, wrong, right }: { what: string; id: string; wrong: StashIdValue; right: StashIdValue | null },
): Promise<Repaired> {
  const filter = { kind: 'stash-id-repair', state: 'open', entity: { kind: 'performer', id } } as const;
  const { items } = await store.suggestions.list(filter, 'confidence', 100, 0);
  const isRight = (payload: (typeof items)[number]['payload']): boolean =>
    payload.wrong.stashId === wrong.stashId &&
    payload.right?.stashId === right?.stashId &&
    payload.right?.endpoint === right?.endpoint;
  return {
    what,
    isFound: items.some(({ payload }) => isRight(payload)),
    others: items.filter(({ payload }) => !isRight(payload)).length,
  };
}
