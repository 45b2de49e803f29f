/**
`tsx test/bench/choices/detectors.ts LIBRARY`: the detector of the pack in use beside YuNet, with five points of its own or those of
the pack's landmark model, on three frames of each video of the development library (../shared/dev-library/make.mjs): whom they
recognise, and how long a frame takes.
*/
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { similarity } from '../../../core/faces/embedding.ts';
import type { FacePack } from '../../../models/catalog/catalog.ts';
import { packInUse } from '../../../tasks/compose/pack-in-use.ts';
import { readPeopleFolder } from '../../../tasks/cli/people/folder.ts';
import { createLook } from '../../../tasks/cli/people/look.ts';
import { npmFfmpeg } from '../../fixtures/footage.ts';
import { openTestModels, weightFolder } from '../../fixtures/models.ts';
import { withYunet, YUNET_ADAPTERS, YUNET_FOLDER } from './yunet.ts';

/** Of single frames of a library that is known by clear pictures. */
const RECOGNISED_FROM = 0.43;
const FRAMES = 3;
const MAX_SIDE = 4096;

const [library] = process.argv.slice(2);
if (library === undefined) throw new Error('Name a folder made by ../shared/dev-library/make.mjs.');
const truth = JSON.parse(readFileSync(path.join(library, 'truth.json'), 'utf8')) as Record<
  string,
  { names: string[] }
>;
const folder = mkdtempSync(path.join(tmpdir(), 'stash-sense-frames-'));
try {
  for (const scene of Object.keys(truth))
    execFileSync(
      npmFfmpeg,
      framesOf(path.join(library, 'videos', scene), path.join(folder, `${scene}-%d.jpg`)),
    );
  await report('as it is', packInUse);
  for (const side of [320, 640] as const)
    for (const points of ['68', 'own'] as const)
      await report(`YuNet on ${side} pixels, points: ${points}`, withYunet(packInUse.id, side, points));
} finally {
  rmSync(folder, { recursive: true, force: true });
}

async function report(name: string, pack: FacePack): Promise<void> {
  const weightFolders = [weightFolder, YUNET_FOLDER];
  const models = openTestModels({ pack, adapters: YUNET_ADAPTERS, weightFolders });
  const [analyzer, { codec }] = [await models.analyzer(), models];
  const people = await readPeopleFolder(
    path.join(library!, 'people'),
    { look: createLook({ analyzer, codec }), calibration: analyzer.calibration.references },
    () => undefined,
  );
  const count = { frames: 0, faces: 0, shown: 0, right: 0, wrong: 0 };
  const began = process.cpuUsage();
  for (const file of readdirSync(folder).toSorted()) {
    const { names } = truth[file.replace(/-\d\.jpg$/, '')]!;
    const faces = await analyzer.analyze(await codec.decode(readFileSync(path.join(folder, file)), MAX_SIDE));
    const found = new Set(
      faces.flatMap(({ embedding }) => {
        const rated = people.map((person) => ({
          name: person.name,
          value: Math.max(...person.references.map((it) => similarity(it.embedding, embedding))),
        }));
        const best = rated.toSorted((a, b) => b.value - a.value)[0];
        return best !== undefined && best.value >= RECOGNISED_FROM ? [best.name] : [];
      }),
    );
    const right = names.filter((it) => found.has(it)).length;
    count.frames++;
    count.faces += faces.length;
    count.shown += names.length;
    count.right += right;
    count.wrong += found.size - right;
  }
  const { user, system } = process.cpuUsage(began);
  const milliseconds = (user + system) / 1000 / count.frames;
  console.log(
    `${name}: ${count.frames} frames, ${count.faces} faces, ${count.right} of ${count.shown} people of the frames' scenes recognised, ${count.wrong} wrongly, ${milliseconds.toFixed(0)} CPU ms a frame`,
  );
  await models.close();
}

/** Arguments of ffmpeg: one frame of each four seconds. */
function framesOf(video: string, to: string): string[] {
  const end = ['-frames:v', String(FRAMES), '-q:v', '2', to];
  return ['-v', 'error', '-i', video, '-vf', 'fps=1/4', ...end];
}
