/** Opens the packs of a data folder in a process of its own, and searches them: prints `OpenTimes` as JSON. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { openModels } from '../../../models/open.ts';
import { packInUse } from '../../../tasks/compose/pack-in-use.ts';
import { referencePacksIn } from '../../fixtures/reference-packs.ts';
import { keepLog, testScratch } from '../../fixtures/models.ts';
import { madeFace, madeTemplate } from './made-people.ts';

export type OpenTimes = {
  readonly people: number;
  readonly openSeconds: number;
  /** Resident memory beyond that of the process before, and the largest meanwhile. */
  readonly residentMb: number | null;
  readonly peakMb: number | null;
  readonly search: string;
  readonly oneProbeMs: number;
  readonly of64Ms: number;
  readonly of1000Ms: number;
};

const [folder = '', engine = 'native'] = process.argv.slice(2);
const root = path.join(import.meta.dirname, '../../..');

function memory(name: 'VmRSS' | 'VmHWM'): number | null {
  try {
    const [, kilobytes] =
      new RegExp(`${name}:\\s+(\\d+)`).exec(readFileSync('/proc/self/status', 'utf8')) ?? [];
    return kilobytes === undefined ? null : Number(kilobytes) / 1024;
  } catch {
    return null;
  }
}

const models = openModels({
  pack: packInUse,
  weightFolders: [path.join(root, 'dist/stash-sense-faces')],
  runtimeFolders: [root],
  wasmFolder: path.join(root, 'dist/stash-sense/wasm'),
  threads: 2,
  ffmpeg: null,
  scratch: testScratch,
  log: keepLog(),
  env: {
    ...process.env,
    STASH_SENSE_ENGINE: engine,
    ...(engine === 'wasm' && { STASH_SENSE_PORTABLE: '1' }),
  },
});
const { packs, said } = referencePacksIn(folder, { facePack: packInUse.id });
globalThis.gc?.();
const before = memory('VmRSS');
const began = performance.now();
const [pack] = await packs.open();
const openSeconds = (performance.now() - began) / 1000;
if (pack === undefined) throw new Error(said.join(' '));
globalThis.gc?.();
const after = memory('VmRSS');
const peak = memory('VmHWM');
const people = pack.vectors.size;
const probes = Array.from({ length: 1000 }, (_, n) =>
  madeFace(madeTemplate((n * 7919) % people), n, 1 + (n % 4) / 4),
);
const search = models.createRowSearch(pack.vectors, 'many probes');
const measure = async (count: number, times: number): Promise<number> => {
  await search.search(probes.slice(0, 1), 24);
  const start = performance.now();
  for (let n = 0; n < times; n++) await search.search(probes.slice(n, n + count), 24);
  return (performance.now() - start) / times / count;
};
const times: OpenTimes = {
  people,
  openSeconds,
  residentMb: before === null || after === null ? null : after - before,
  peakMb: before === null || peak === null ? null : peak - before,
  search: (await models.describe()).vectorIndex.id,
  oneProbeMs: await measure(1, 10),
  of64Ms: await measure(64, 2),
  of1000Ms: await measure(1000, 1),
};
await models.close();
process.stdout.write(JSON.stringify(times));
