/**
One process, one engine: looks at pictures for the face of the person they show, and prints one JSON. Run by bench.ts.

argv: native|wasm COUNT
*/
import path from 'node:path';
import type { FaceAnalyzer } from '../../../core/ports/vision.ts';
import { packInUse } from '../../../tasks/compose/pack-in-use.ts';
import { findReferenceFace } from '../../../tasks/observe/reference-face.ts';
import { openTestModels } from '../../fixtures/models.ts';
import { peoplePictures, readAll } from './pictures.ts';

export type PeopleTimes = {
  readonly pictures: number;
  /** Whose face is found and clear enough. */
  readonly accepted: number;
  /** Searches for faces a picture, plain and thorough. */
  readonly plain: number;
  readonly thorough: number;
  /** Milliseconds a picture, of all threads of the process; without its start. */
  readonly cpuMs: number;
  readonly wallMs: number;
};

const [engine = 'native', count = '300'] = process.argv.slice(2);
const root = path.join(import.meta.dirname, '../../..');
const pictures = await readAll(await peoplePictures(path.join(root, '.scratch/people'), Number(count)));
const models = openTestModels({ pack: packInUse, env: { STASH_SENSE_ENGINE: engine } });
const analyzer = await models.analyzer();
const searches = { plain: 0, thorough: 0 };
const counted: Pick<FaceAnalyzer, 'find'> = {
  find(image, options) {
    searches[options?.exhaustive === true ? 'thorough' : 'plain']++;
    return analyzer.find(image, options);
  },
};
const look = async (bytes: Uint8Array) =>
  await findReferenceFace({ analyzer: counted, codec: models.codec }, bytes, analyzer.calibration.references);
for (const bytes of pictures.slice(0, 5)) await look(bytes);
searches.plain = searches.thorough = 0;

const cpu = process.cpuUsage();
const began = performance.now();
let accepted = 0;
for (const bytes of pictures) if ((await look(bytes)).check.face !== null) accepted++;
const { user, system } = process.cpuUsage(cpu);
const times: PeopleTimes = {
  pictures: pictures.length,
  accepted,
  plain: searches.plain / pictures.length,
  thorough: searches.thorough / pictures.length,
  cpuMs: (user + system) / 1000 / pictures.length,
  wallMs: (performance.now() - began) / pictures.length,
};
process.stdout.write(JSON.stringify(times));
await models.close();
