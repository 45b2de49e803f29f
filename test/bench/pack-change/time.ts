/**
`tsx test/bench/pack-change/time.ts DATA`: the processor time of a change of the face pack from portable-1 to portable-2, on the
kept crops in a data folder of the plugin, of which a copy is changed. The model that is added lies in ../shared/assets/weights.
*/
import { cpSync } from 'node:fs';
import path from 'node:path';
import { catalog, fusionOf, packIds, packOf } from '../../../models/catalog/catalog.ts';
import { people } from '../../../tasks/people/task.ts';
import { runSlice } from '../../../tasks/runs/run-slice.ts';
import { fakeContext, type FakeContext, FAST, tempFolder } from '../../fakes/context.ts';
import { aFile, anItem, memoryStash, type MemoryStash } from '../../fakes/memory-stash.ts';
import { weightFolder } from '../../fixtures/models.ts';
import { openTestVision } from '../../fixtures/vision.ts';

const SHARED = path.resolve('../shared/assets/weights');
const [FROM, TO] = ['portable-1', 'portable-2'];
const SCENES_OF_LIBRARY = 10_000;
/** One slice for all, also on a machine with other work. */
const LIMITS = { ...FAST, sliceMs: 3_600_000, leaseMs: 60_000, heartbeatMs: 5000 };

const [data] = process.argv.slice(2);
if (data === undefined) throw new Error('Name the data folder of a plugin that has scanned scenes.');
const ends: (() => unknown)[] = [];
const t = { after: (end: () => unknown): void => void ends.unshift(end) };
try {
  await measure(data);
} finally {
  for (const end of ends) await end();
}

async function measure(original: string): Promise<void> {
  const folder = tempFolder(t);
  cpSync(original, folder, { recursive: true });
  const stash = memoryStash();
  const before = await opened(folder, stash, FROM);
  await addScenes(before, stash);
  const { observations, persons, crops } = await before.store.observations.size();
  console.log(
    `${observations} scenes, ${persons} persons, ${crops} kept crops: ${(crops / persons).toFixed(1)} a person, ${(crops / observations).toFixed(1)} a scene`,
  );
  const say = (what: string, seconds: number): void =>
    console.log(
      `${what}: ${seconds.toFixed(1)} CPU seconds, ${((1000 * seconds) / crops).toFixed(1)} ms a crop, ${((1000 * seconds) / persons).toFixed(1)} ms a person; ${SCENES_OF_LIBRARY} such scenes: ${((seconds / observations) * (SCENES_OF_LIBRARY / 3600)).toFixed(2)} CPU hours`,
    );
  say(
    'embedding the crops',
    await cpuSeconds(async () => void (await runSlice(before, people, { only: 'match', pack: TO }, {}))),
  );
  const after = await opened(folder, stash, TO);
  if ((await after.store.state.get('face-pack'))?.inUse !== TO) throw new Error('The pack was not changed.');
  say(
    'matching anew',
    await cpuSeconds(async () => void (await runSlice(after, people, { only: 'match' }, {}))),
  );
}

async function opened(folder: string, stash: MemoryStash, packId: string): Promise<FakeContext> {
  const packs = packIds(catalog).map((id) => packOf(catalog, id));
  const fusions = new Map(
    packs.flatMap((pack) => {
      const fusion = fusionOf(pack);
      return fusion === null ? [] : [[pack.id, fusion] as const];
    }),
  );
  const vision = openTestVision(t, 'whichever loads', {
    pack: packOf(catalog, packId),
    packs,
    weightFolders: [weightFolder, SHARED],
  });
  return await fakeContext(t, stash, { folder, fusions, vision, limits: LIMITS });
}

/** Those that the data folder knows. */
async function addScenes({ store, vision }: FakeContext, stash: MemoryStash): Promise<void> {
  for (const { entity } of await store.observations.entitiesAfter(vision.packId, null, 1_000_000))
    stash.items.set(
      `${entity.kind}:${entity.id}`,
      anItem(Number(entity.id), { kind: entity.kind, files: [aFile(Number(entity.id))] }),
    );
}

/** Of this process with all its threads. */
async function cpuSeconds(work: () => Promise<void>): Promise<number> {
  const before = process.cpuUsage();
  await work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1e6;
}
