/** "Link stash-box IDs" on real portraits with the real weights, against a stash-box over HTTP, with known truth. */
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { test } from 'node:test';
import { taskArgsSchema } from '../../../core/runs/task-args.ts';
import type { LinkSign } from '../../../core/stash-box/signs.ts';
import { packInUse } from '../../../tasks/compose/pack-in-use.ts';
import { people } from '../../../tasks/people/task.ts';
import { runSlice } from '../../../tasks/runs/run-slice.ts';
import { linkStashIds } from '../../../tasks/stash-box/task.ts';
import { boxesOf, startedBox } from '../../contract/opened-box.ts';
import type { BoxDouble } from '../../double/stash-box/box-double.ts';
import type { PerformerRow } from '../../double/stash-box/data.ts';
import { fakeContext, tempFolder } from '../../fakes/context.ts';
import { smallLibrary, type SmallLibrary } from '../../fakes/small-library.ts';
import { photograph, weightFolder } from '../../fixtures/models.ts';
import { openTestVision } from '../../fixtures/vision.ts';

type Theirs = Partial<PerformerRow> & { readonly pictures?: readonly string[] };
type Case = {
  readonly what: string;
  readonly mine: {
    readonly name: string;
    readonly aliases?: readonly string[];
    readonly picture?: string;
    readonly fields?: Readonly<Record<string, string | readonly string[]>>;
  };
  /** The first is the one, unless `isThere` is false. */
  readonly theirs: readonly Theirs[];
  readonly isThere?: boolean;
  readonly isStrong: boolean;
};

const CASES: readonly Case[] = [
  {
    what: 'one name, another picture of them',
    mine: { name: 'Audrey Hepburn', picture: 'audrey_crop.jpg' },
    theirs: [{ name: 'Audrey Hepburn', pictures: ['audrey.jpg'] }],
    isStrong: true,
  },
  {
    what: 'one person under two names, by an alias',
    mine: { name: 'Thomas Connery', aliases: ['Sean Connery'], picture: 'sean_guru2_crop.jpg' },
    theirs: [{ name: 'Sean Connery', pictures: ['SeanConnery.jpg'] }],
    isStrong: true,
  },
  {
    what: 'namesakes who are two people',
    mine: { name: 'Nicolas Cage', picture: 'cage2_crop.jpg' },
    theirs: [
      { name: 'Nicolas Cage', pictures: ['cage.jpg'] },
      {
        name: 'Nicolas Cage',
        disambiguation: 'another',
        pictures: ['fragrance-George-Clooney-main_crop.jpg'],
      },
    ],
    isStrong: true,
  },
  {
    what: 'several pictures, of whom one shows somebody else',
    mine: { name: 'Franck Talking', picture: 'franck_02045.jpg' },
    theirs: [
      { name: 'Franck Talking', pictures: ['franck_03909.jpg', 'franck_02683.jpg', 'terminator_crop.jpg'] },
    ],
    isStrong: true,
  },
  {
    what: 'one name, and the face of somebody else',
    mine: { name: 'Kim Somebody', picture: 'kim1_crop.jpg' },
    theirs: [{ name: 'Kim Somebody', pictures: ['queen20_crop.jpg'] }],
    isThere: false,
    isStrong: false,
  },
  {
    what: 'a picture of somebody else in the library',
    mine: { name: 'George Timothy', picture: 'chuck_crop.jpg' },
    theirs: [{ name: 'George Timothy', pictures: ['fragrance-George-Clooney-main_crop.jpg'] }],
    isThere: false,
    isStrong: false,
  },
  {
    what: 'no picture in the library, one birth date',
    mine: { name: 'Bill Murray', fields: { birthdate: '1950-09-21', country: 'US' } },
    theirs: [
      {
        name: 'Bill Murray',
        birth_date: '1950-09-21',
        country: 'US',
        pictures: ['bill-murray-snl_crop.jpg'],
      },
    ],
    isStrong: false,
  },
  {
    what: 'no picture there',
    mine: { name: 'Barack Obama', picture: 'obama4_crop.jpg', fields: { birthdate: '1961-08-04' } },
    theirs: [{ name: 'Barack Obama', birth_date: '1961' }],
    isStrong: false,
  },
  {
    what: 'a link to the same page elsewhere',
    mine: { name: 'Mona Lisa', fields: { urls: ['https://en.wikipedia.org/wiki/Mona_Lisa'] } },
    theirs: [
      {
        name: 'La Gioconda',
        urls: [
          { url: 'https://en.wikipedia.org/wiki/mona_lisa/', type: 'WIKI', site: { id: '1', name: 'Wiki' } },
        ],
      },
    ],
    isStrong: false,
  },
  {
    what: 'nobody of the name',
    mine: { name: 'Walter White', picture: 'walter2_crop.jpg' },
    theirs: [],
    isThere: false,
    isStrong: false,
  },
];

test('what is found is who it is, and what is strong is never wrong', async (t) => {
  const box = await startedBox(t);
  const folder = tempFolder(t);
  const stash = smallLibrary(folder);
  const rows = CASES.map(({ mine, theirs }, n) => {
    addMine(stash, n + 1, mine);
    return theirs.map((one) => addTheirs(box, one));
  });
  const vision = openTestVision(t, 'whichever loads', {
    pack: packInUse,
    weightFolders: [weightFolder],
    threads: 1,
  });
  const context = await fakeContext(t, stash, { folder, vision });
  const { boxes } = boxesOf(t, { double: box, store: context.store });
  const linking = { ...context, stashBoxes: boxes };
  await runSlice(linking, people, {}, {});
  const { end } = await runSlice(linking, linkStashIds, taskArgsSchema('link-stash-ids').parse({}), {});
  assert.equal(end, 'finished');

  const filter = { kind: 'performer-stash-id', state: 'open' } as const;
  const { items } = await context.store.suggestions.list(filter, 'confidence', 100, 0);
  const bySign = new Map<LinkSign['sign'], { right: number; wrong: number }>();
  const said: string[] = [];
  let [strong, strongWrong, there, found] = [0, 0, 0, 0];
  for (const [n, { what, isThere = true, isStrong }] of CASES.entries()) {
    const meant = isThere ? rows[n]?.[0]?.id : undefined;
    const made = items.filter(({ entity }) => entity.id === String(n + 1));
    const best = made[0];
    const isRight = best !== undefined && best.payload.stashId.stashId === meant;
    if (isThere) there++;
    if (isRight) found++;
    for (const one of made.filter(({ evidence }) => evidence.isStrong)) {
      strong++;
      if (one.payload.stashId.stashId !== meant) strongWrong++;
    }
    for (const { sign, weight } of best?.evidence.signs ?? []) {
      const counts = bySign.get(sign) ?? { right: 0, wrong: 0 };
      if (weight > 0) counts[isRight ? 'right' : 'wrong']++;
      bySign.set(sign, counts);
    }
    said.push(`${what}: ${best ? best.confidence.toFixed(4) : 'none'}`);
    assert.equal(best?.evidence.isStrong ?? false, isStrong, said.at(-1));
    if (isThere) assert.ok(isRight, said.at(-1));
  }
  for (const [sign, { right, wrong }] of bySign) t.diagnostic(`${sign}: ${right} right, ${wrong} wrong`);
  const asked = box.requests.filter(({ kind }) => kind === 'graphql').length;
  t.diagnostic(`strong: ${strong}, wrong: ${strongWrong}; found ${found} of ${there}; ${asked} questions`);
  t.diagnostic(said.join('; '));
  assert.equal(strongWrong, 0);
  assert.ok(found / there >= 0.95);
  // Ten performers in two questions, and one about the schema.
  assert.ok(asked <= 4, `${asked} questions`);
});

function addMine(stash: SmallLibrary, n: number, { name, aliases = [], picture, fields = {} }: Case['mine']) {
  stash.addPerformer(n, picture === undefined ? null : '', { name, aliases });
  const { imagePath } = stash.performers.get(String(n))!;
  if (picture !== undefined && imagePath !== null) stash.media.set(imagePath, photograph(picture));
  stash.performerFields.set(String(n), fields);
}

function addTheirs({ data }: BoxDouble, { pictures = [], ...row }: Theirs): PerformerRow {
  const imageIds = pictures.map((file) => {
    const hash = createHash('md5').update(file).digest('hex');
    const id = hash.replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-');
    return data.addImage({ id, width: 600, height: 800, bytes: photograph(file) }).id;
  });
  return data.addPerformer({ name: '', ...row, imageIds });
}
