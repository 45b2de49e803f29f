/** Reference packs of made people: bytes, time to open, memory, search, and what rounding to eight bits changes. */
import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { similarity } from '../../../core/faces/embedding.ts';
import type { Embedding } from '../../../core/faces/face.ts';
import type { Neighbour } from '../../../core/ports/vision.ts';
import { EXACT_UP_TO_ROWS } from '../../../models/index/vector-index.ts';
import type { Models } from '../../../models/open.ts';
import { packInUse } from '../../../tasks/compose/pack-in-use.ts';
import { openTestModels } from '../../fixtures/models.ts';
import { referencePacksIn } from '../../fixtures/reference-packs.ts';
import { measureRematch } from '../rematch-bench.ts';
import { DIMENSIONS, madeEntries, madeFace, madeTemplate, REAL } from './made-people.ts';
import type { OpenTimes } from './open-child.ts';

type Report = {
  readonly root: string;
  readonly people: number;
  readonly child: (file: string, args: readonly string[]) => Promise<unknown>;
  readonly row: (...cells: (string | number)[]) => void;
  readonly say: (line: string) => void;
};

const PROBES = 5000;
const SCENES = 10_000;

export async function measurePacks({ root, people, child, row, say }: Report): Promise<unknown> {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'stash-sense-packs-'));
  try {
    const { packs } = referencePacksIn(folder, { facePack: packInUse.id });
    const began = performance.now();
    const manifest = await packs.write(
      {
        id: 'made',
        name: 'Made people',
        version: '1',
        builtAt: '2026-01-01T00:00:00.000Z',
        facePack: packInUse.id,
        embedders: ['made'],
        sources: [],
        pluginVersion: '0.1.0',
        licenseNote: '',
      },
      madeEntries(people),
    );
    const writeSeconds = (performance.now() - began) / 1000;
    const megabytes = Object.values(manifest.files).reduce((sum, { bytes }) => sum + bytes, 0) / 1e6;
    say(`${people} people: ${megabytes.toFixed(1)} MB, written in ${writeSeconds.toFixed(0)} s`);
    const tail = impostorTail();
    const recall = await measureRecall(packs, people, say);
    row('engine', 'open s', 'more MB', 'peak MB', 'one probe', 'of 64 ms', 'of 1000 ms');
    const opened = [];
    for (const engine of ['native', 'wasm'] as const) {
      const times = (await child('reference-packs/open-child.ts', [folder, engine])) as OpenTimes;
      opened.push({ engine, ...times });
      row(
        engine,
        times.openSeconds.toFixed(2),
        times.residentMb?.toFixed(0) ?? '?',
        times.peakMb?.toFixed(0) ?? '?',
        times.oneProbeMs.toFixed(1),
        times.of64Ms.toFixed(2),
        times.of1000Ms.toFixed(2),
      );
    }
    row('engine', 'scenes', 'persons', 'seconds', 'of which CPU');
    const rematches = [];
    for (const engine of ['native', 'wasm'] as const) {
      // WASM takes an hour for all of them.
      const scenes = engine === 'wasm' ? SCENES / 20 : SCENES;
      const cpu = process.cpuUsage();
      const times = await measureRematch({ root, engine, scenes, people: 1000, packsOf: folder });
      const { user, system } = process.cpuUsage(cpu);
      rematches.push({ engine, ...times, cpuSeconds: (user + system) / 1e6 });
      row(engine, scenes, times.persons, times.seconds.toFixed(1), ((user + system) / 1e6).toFixed(0));
    }
    say(
      `${REAL.people} of them: 99.9 % of the pairs are below ${tail.p999.toFixed(3)} (real people ${REAL.p999}), 99.99 % below ${tail.p9999.toFixed(3)} (${REAL.p9999}); ` +
        `of each the most alike one ${tail.highestMedian.toFixed(3)} in the median (${REAL.highestMedian}), one in a hundred from ${tail.highestOfHundredth.toFixed(3)} (${REAL.highestOfHundredth})`,
    );
    return { people, megabytes, writeSeconds, tail, recall, opened, rematches };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function impostorTail(): typeof REAL {
  const templates = Array.from({ length: REAL.people }, (_, n) => madeTemplate(n));
  const pairs = new Float32Array((templates.length * (templates.length - 1)) / 2);
  const highest = new Float32Array(templates.length).fill(-1);
  let next = 0;
  for (const [i, one] of templates.entries())
    for (const [j, other] of templates.slice(0, i).entries()) {
      const value = similarity(one, other);
      pairs[next++] = value;
      highest[i] = Math.max(highest[i]!, value);
      highest[j] = Math.max(highest[j]!, value);
    }
  pairs.sort();
  highest.sort();
  return {
    people: templates.length,
    p999: at(pairs, 0.999),
    p9999: at(pairs, 0.9999),
    highestMedian: at(highest, 0.5),
    highestOfHundredth: at(highest, 0.99),
  };
}

/**
Of faces of people of the pack, and of strangers: whom the search of a re-match finds first, and whom float32 does. A stranger
is nobody in particular: two people who are as alike to one as rounding can tell are both right.
*/
async function measureRecall(
  packs: ReturnType<typeof referencePacksIn>['packs'],
  people: number,
  say: (line: string) => void,
): Promise<object> {
  const ROUNDING = 0.002;
  const [pack] = await packs.open();
  const probes = Array.from({ length: PROBES }, (_, n) =>
    isStranger(n)
      ? madeTemplate(people + n)
      : madeFace(madeTemplate((n * 7919) % people), n, 1 + (n % 4) / 4),
  );
  const models = openTestModels({ env: { STASH_SENSE_ENGINE: 'native' }, threads: 2 });
  try {
    const best = await firstInFloat32(models, probes, people);
    const search = models.createRowSearch(pack!.vectors, 'many probes');
    const found: Neighbour[][] = [];
    for (let from = 0; from < PROBES; from += 1000)
      found.push(...(await search.search(probes.slice(from, from + 1000), 24)));
    const isFirst = probes.map((_, n) => found[n]![0]?.row === best[n]!.row);
    const isAmong = probes.map((_, n) => found[n]!.some(({ row }) => row === best[n]!.row));
    const isAsGood = probes.map(
      (probe, n) => similarity(madeTemplate(found[n]![0]!.row), probe) >= best[n]!.similarity - ROUNDING,
    );
    const strangers = best.filter((_, n) => isStranger(n)).map((one) => one.similarity);
    const result = {
      probes: PROBES,
      recallAt1: share(isFirst),
      recallAt1OfPeople: share(isFirst.filter((_, n) => !isStranger(n))),
      among24: share(isAmong),
      asGood: share(isAsGood),
      strangersHighestMedian: strangers.toSorted((a, b) => a - b)[strangers.length >> 1],
    };
    say(
      `the most alike person of ${PROBES} probes by float32 is the first for ${percent(result.recallAt1)}, of those of people of the pack for ${percent(result.recallAt1OfPeople)}; among the 24 that are looked at for ${percent(result.among24)}; the first is as alike (to ${ROUNDING}) for ${percent(result.asGood)}; a stranger's most alike person has ${result.strangersHighestMedian?.toFixed(3)} in the median`,
    );
    return result;
  } finally {
    await models.close();
  }
}

async function firstInFloat32(
  models: Pick<Models, 'createIndex'>,
  probes: readonly Embedding[],
  people: number,
): Promise<readonly Neighbour[]> {
  const best: Neighbour[] = probes.map(() => ({ row: -1, similarity: -1 }));
  for (let first = 0; first < people; first += EXACT_UP_TO_ROWS) {
    const index = await models.createIndex(DIMENSIONS);
    const rows = Math.min(EXACT_UP_TO_ROWS, people - first);
    await index.add(Array.from({ length: rows }, (_, n) => madeTemplate(first + n)));
    for (const [n, [nearest]] of (await index.search(probes, 1)).entries())
      if (nearest!.similarity > best[n]!.similarity)
        best[n] = { row: first + nearest!.row, similarity: nearest!.similarity };
  }
  return best;
}

function at(ascending: Float32Array, part: number): number {
  return ascending[Math.floor(part * ascending.length)]!;
}

function isStranger(probe: number): boolean {
  return probe % 5 === 4;
}

function percent(part: number): string {
  return `${(100 * part).toFixed(2)} %`;
}

function share(of: readonly boolean[]): number {
  return of.filter(Boolean).length / of.length;
}
