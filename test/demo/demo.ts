/**
`npm run demo`: the plugin as it is built, on a small library of real faces, in a stand-in for Stash. Needs Node and npm only.

With `--exit` it ends after the table: 0 when exactly the people were found who are known to be there, 1 otherwise.
*/
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { pageRoutes } from '../double-page/page-routes.ts';
import { startBoxDouble } from '../double/stash-box/box-double.ts';
import { addToBox, PORTRAYED } from '../double/stash-box/portraits.ts';
import { startStashDouble } from '../double/stash-double.ts';
import { fillStash, layOutMedia, type Ids, type Media } from '../e2e/media.ts';
import { connectStash, type Stash } from '../e2e/stash.ts';
import { npmFfmpeg, npmFfprobe } from '../fixtures/footage.ts';
import { differences, type Finding, OF_PACK, table } from './findings.ts';

const dist = path.join(path.dirname(fileURLToPath(import.meta.url)), '../../dist');
const endsAfterPrint = process.argv.includes('--exit');
/** By the title of a scene: who is seen whom only the stash-box knows. */
const ONLY_IN_BOX: Readonly<Record<string, Pick<Finding, 'names' | 'strangers'>>> = {
  'A stranger': { names: [`Nicolas Cage${OF_PACK}`], strangers: 0 },
};

const closers: (() => Promise<unknown>)[] = [];
let cleaning: Promise<void> | null = null;
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
  // Comes twice: from the terminal, and handed on by tsx.
  process.on(signal, () => void cleanUp().then(() => process.exit(endsAfterPrint ? 1 : 0)));

try {
  const isAsKnown = await demonstrate();
  if (endsAfterPrint) {
    await cleanUp();
    process.exitCode = isAsKnown ? 0 : 1;
  }
} catch (error) {
  console.error(
    `\nThe demo did not get to its end: ${error instanceof Error ? error.message : String(error)}`,
  );
  await cleanUp();
  process.exitCode = 1;
}

async function demonstrate(): Promise<boolean> {
  if (!existsSync(path.join(dist, 'stash-sense/main.mjs')))
    throw new Error('dist/stash-sense is not there: start it with "npm run demo", which builds the plugin.');
  const folder = await mkdtemp(path.join(os.tmpdir(), 'stash sense demo '));
  closers.push(() => rm(folder, { recursive: true, force: true }));

  say('Making a small library of real faces from the footage of npm packages …');
  const media = await layOutMedia(folder);
  const { stash, ids } = await startStash(folder, media);
  await stash.configure({ scanImages: true });

  const people = await runTask(stash, 'Update people');
  const { performers, withReference } = await stash.operation('people.info', {});
  say(`  ${withReference} of ${performers} performers can be recognised now, ${people.toFixed(1)} s\n`);
  const build = await runTask(stash, 'Build reference pack', { scope: 'box' });
  const { packs } = await stash.operation('referencePacks.list', {});
  for (const { name, people: known } of packs)
    say(`  "${name}" knows ${known} people who are no performers, ${build.toFixed(1)} s\n`);
  const scan = await runTask(stash, 'Scan library');
  const { engine, node, scan: counts, runs } = await stash.operation('status', {});
  const speed = runs.find(({ task }) => task === 'scan')?.itemsPerHour;
  say(
    `  ${counts.done} scenes and images looked at, ${counts.failed} failed, ${scan.toFixed(1)} s` +
      `${speed ? ` (${Math.round(speed)} an hour)` : ''}, engine: ${engine ?? 'unknown'}, Node ${node}\n`,
  );

  const findings = await collect(stash, media, ids);
  for (const line of table(findings)) say(line);
  const wrong = differences(findings);
  say(
    wrong.length === 0
      ? '\nExactly the people who are known to be there were found.'
      : `\nThis is not as it should be:\n${wrong.map((line) => `  ${line}`).join('\n')}`,
  );

  if (!endsAfterPrint)
    say(
      `\nThe page is up until you press Ctrl-C:\n` +
        `  ${stash.url}/scenes/${ids.scenes['Two men']}   a scene with its Faces tab\n` +
        `  ${stash.url}/scenes/${ids.scenes['A stranger']}   one with somebody whom a reference pack knows\n` +
        `  ${stash.url}/plugins/stash-sense   suggestions over the whole library\n`,
    );
  return wrong.length === 0;
}

async function startStash(folder: string, media: Media): Promise<{ stash: Stash; ids: Ids }> {
  const pages = await pageRoutes();
  const double = await startStashDouble({
    configDir: path.join(folder, 'stash'),
    pluginDirs: [path.join(dist, 'stash-sense')],
    ffmpegPath: npmFfmpeg,
    ffprobePath: npmFfprobe,
    extraRoutes(request, response, { pathname }) {
      const page = request.method === 'GET' ? pages(pathname) : null;
      if (page) response.writeHead(page.status, page.headers).end(page.body);
      return page !== null;
    },
  });
  closers.push(() => double.close());
  const box = await startBoxDouble();
  closers.push(() => box.close());
  double.config.stashBoxes = [
    { endpoint: box.endpoint, name: 'Portraits', api_key: box.key, max_requests_per_minute: 240 },
  ];
  for (const portrayed of PORTRAYED)
    if (!media.library.performers.some(({ name }) => name === portrayed.name)) addToBox(box, portrayed);
  const stash = connectStash(double.url);
  const ids = await fillStash(stash, media);
  await media.damage();
  return { stash, ids };
}

/** Seconds; shows how far it is. */
async function runTask(stash: Stash, name: string, args?: Record<string, unknown>): Promise<number> {
  say(`${name} …`);
  let shown = 0;
  const { status, seconds } = await stash.waitForJob(await stash.startTask(name, args), {
    timeoutMs: 900_000,
    onProgress(fraction) {
      const percent = Math.floor(fraction * 100);
      if (process.stdout.isTTY) process.stdout.write(`\r  ${bar(percent)} ${percent} %`);
      else if (Math.floor(percent / 25) > Math.floor(shown / 25)) say(`  ${percent} %`);
      shown = percent;
    },
  });
  if (process.stdout.isTTY) process.stdout.write(`\r${' '.repeat(50)}\r`);
  if (status !== 'FINISHED') throw new Error(`"${name}" ended as ${status}.`);
  return seconds;
}

async function collect(stash: Stash, { library }: Media, ids: Ids): Promise<Finding[]> {
  const findings: Finding[] = [];
  for (const { title, names, strangers, damaged = false } of library.scenes)
    findings.push({
      title,
      ...(ONLY_IN_BOX[title] ?? { names, strangers }),
      damaged,
      faces: await stash.operation('scene.faces', { sceneId: ids.scenes[title]! }),
    });
  for (const { title, names } of library.images)
    findings.push({
      title,
      names,
      strangers: 0,
      damaged: false,
      faces: await stash.operation('image.identify', { imageId: ids.images[title]! }),
    });
  return findings;
}

function bar(percent: number): string {
  const full = Math.round(percent / 4);
  return `${'█'.repeat(full)}${'░'.repeat(25 - full)}`;
}

function say(text: string): void {
  console.log(text);
}

/** Last opened, first closed; each once, however often it is asked for. */
function cleanUp(): Promise<void> {
  cleaning ??= (async () => {
    for (let close = closers.pop(); close; close = closers.pop()) await close().catch(() => undefined);
  })();
  return cleaning;
}
