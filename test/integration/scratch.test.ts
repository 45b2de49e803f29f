/** Pictures that ffmpeg must read from a file: where they lie, who removes them, and what becomes of them when that cannot be written. */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, beforeEach, test } from 'node:test';
import sharp from 'sharp';
import type { Output } from '../../core/contract/operations.ts';
import { SCRATCH } from '../../plugin/system/files/own-names.ts';
import { startStashDouble, type StashDouble } from '../double/stash-double.ts';
import { mediaFile, npmFfmpeg, npmFfprobe } from '../fixtures/footage.ts';
import { addImageFile } from '../fixtures/image-file.ts';
import { seeded } from '../fixtures/random.ts';
import { isWhole } from '../fixtures/sweep.ts';
import { type Answered, type Ended, runCommand, runPlugin } from './plugin-process.ts';
import { inEnglish } from '../../core/messages/english.ts';

const HOOK = new URL('../fixtures/fs-hook.mjs', import.meta.url).href;
const skip = process.platform === 'win32' && 'it starts a shell script';
/** Writes at which a process is killed, of all that it makes. */
const KILLS = isWhole ? 6 : 4;

let folder: string;
let temporary: string;
let configDir: string;
let dataFolder: string;
let double: StashDouble;
let killer: string;

before(async () => {
  folder = mkdtempSync(path.join(tmpdir(), 'stash-sense-pictures-'));
  configDir = path.join(folder, 'config');
  dataFolder = path.join(configDir, 'stash-sense');
  temporary = path.join(folder, 'tmp');
  mkdirSync(temporary);
  double = await startStashDouble({ configDir, ffmpegPath: npmFfmpeg, ffprobePath: npmFfprobe });
  double.config.plugins['stash-sense'] = { scanImages: true };
  const portrait = readFileSync(mediaFile('franck_02045.jpg'));
  double.library.addPerformer({ name: 'Franck', image: await sharp(portrait).gif().toBuffer() });
  const photo = sharp(readFileSync(mediaFile('franck_02159.jpg'))).resize(300);
  for (const format of ['gif', 'webp', 'tiff', 'avif'] as const)
    addPicture(
      `picture.${format}`,
      await photo
        .clone()
        .toFormat(format, { compression: format === 'avif' ? 'av1' : 'lzw' })
        .toBuffer(),
    );
  // By its head a JPEG XL; no ffmpeg of the tests reads them, and all of them are handed it as a file.
  addPicture('picture.jxl', Buffer.concat([Buffer.from([0xff, 0x0a]), Buffer.alloc(500, 1)]));
  const film = path.join(folder, 'film.mp4');
  // Long and with many key frames, so that its preview is looked at too.
  execFileSync(
    npmFfmpeg,
    `-v error -f lavfi -i testsrc2=s=160x120:r=5:d=120 -g 10 -c:v libx264 -y ${film}`.split(' '),
  );
  const { id } = double.library.addFile({
    kind: 'video',
    path: film,
    size: statSync(film).size,
    width: 160,
    height: 120,
    duration: 120,
    fingerprints: [{ type: 'oshash', value: '00000000000000aa' }],
  });
  double.library.addScene({ title: 'Film', fileIds: [id], preview: film });
  // Ends the process that started it as soon as it is to read a file of ours.
  killer = path.join(folder, 'bin/ffmpeg');
  mkdirSync(path.dirname(killer));
  writeFileSync(
    killer,
    `#!/bin/sh\ncase "$*" in *"-f $LC_KILL_AT "*${SCRATCH}*) kill -9 $PPID; exit;; esac\nexec '${npmFfmpeg}' "$@"\n`,
    { mode: 0o755 },
  );
  symlinkSync(npmFfprobe, path.join(folder, 'bin/ffprobe'));
});

beforeEach(() => {
  rmSync(dataFolder, { recursive: true, force: true });
  double.config.ffmpegPath = npmFfmpeg;
});

after(async () => {
  await double.close();
  rmSync(folder, { recursive: true, force: true });
});

test("the system's temporary folder stays empty, and every file that is written lies in the data folder", async () => {
  const notes = path.join(folder, 'notes');
  assert.equal((await scan({ notes })).error, null);
  const written = notesIn(notes);
  assert.ok(written.some((it) => it.includes(SCRATCH) && it.endsWith('picture')));
  assert.ok(written.some((it) => it.includes(SCRATCH) && it.endsWith('preview.mp4')));
  assert.deepEqual(
    written.filter((it) => !it.split(' ').slice(1).join(' ').startsWith(dataFolder)),
    [],
  );
  assert.deepEqual(readdirSync(temporary), []);
  assert.equal(existsSync(path.join(dataFolder, SCRATCH)), false);
  assert.deepEqual((await status()).scan, { pending: 0, done: 4, skipped: 0, failed: 2 });
});

test(`killed at ${KILLS} of the places that write a file: the next start sweeps, and the end is the same`, async (t) => {
  const notes = path.join(folder, 'all-notes');
  assert.equal((await scan({ notes })).error, null);
  const all = notesIn(notes);
  const random = seeded(9);
  // Each write of a picture, and others by chance.
  const places = all.flatMap((it, n) =>
    it.includes(SCRATCH) && /(picture|preview\.mp4)$/.test(it) ? [n + 1] : [],
  );
  while (places.length > KILLS - 2) places.splice(Math.floor(random() * places.length), 1);
  while (places.length < KILLS) {
    const place = 1 + Math.floor(random() * all.length);
    if (!places.includes(place)) places.push(place);
  }
  t.diagnostic(`${all.length} writes, killed at ${places.join(', ')}`);
  let left = 0;
  for (const killAfter of places) {
    rmSync(dataFolder, { recursive: true, force: true });
    assert.equal((await scan({ killAfter })).killed, true, all[killAfter - 1] ?? '');
    assert.deepEqual(readdirSync(temporary), []);
    if (existsSync(path.join(dataFolder, SCRATCH))) left++;
    await status();
    assert.equal(
      existsSync(path.join(dataFolder, SCRATCH)),
      false,
      `swept after ${all[killAfter - 1] ?? ''}`,
    );
    assert.equal((await scan({})).error, null);
    assert.deepEqual((await status()).scan, { pending: 0, done: 4, skipped: 0, failed: 2 });
  }
  assert.ok(left >= KILLS - 2, `only ${left} left a picture behind`);
});

for (const demuxer of ['gif', 'mov'])
  test(
    `killed while ffmpeg reads a picture as ${demuxer}: the next start of anything removes it`,
    { skip },
    async () => {
      double.config.ffmpegPath = killer;
      assert.equal((await scan({}, { LC_KILL_AT: demuxer })).killed, true);
      assert.deepEqual(readdirSync(temporary), []);
      assert.ok(existsSync(path.join(dataFolder, SCRATCH)), 'it was killed while a file was there');
      await status();
      assert.equal(existsSync(path.join(dataFolder, SCRATCH)), false);
    },
  );

test(
  'the command line without a Stash: what a killed "identify" left is removed by the next one',
  { skip },
  async () => {
    const people = path.join(folder, 'people');
    mkdirSync(people, { recursive: true });
    writeFileSync(path.join(people, 'Franck.jpg'), readFileSync(mediaFile('franck_02045.jpg')));
    const identify = async (env: Readonly<Record<string, string>>): Promise<Answered> =>
      await runCommand(['identify', path.join(folder, 'picture.gif'), '--people', people], {
        env: { ...portable(), ...env },
      });
    const PATH = path.dirname(killer);
    const killed = await identify({ PATH: `${PATH}:/usr/bin:/bin`, LC_KILL_AT: 'gif' });
    assert.equal(killed.code, 'SIGKILL');
    const [left = ''] = readdirSync(temporary);
    assert.match(left, new RegExp(`^${SCRATCH}-`));
    assert.equal(statSync(path.join(temporary, left)).mode & 0o777, 0o700);
    assert.match((await identify({})).stdout, /Franck/);
    assert.deepEqual(readdirSync(temporary), []);
  },
);

for (const code of ['ENOSPC', 'EMFILE', 'EACCES'])
  test(`${code} where a picture is to be written ends the run in one sentence, and no picture is given up`, async () => {
    const { error } = await scan({ fail: { code, where: `${SCRATCH}/` } });
    assert.match(error ?? '', /^Writing to \S+ failed because [^\n]+, then start again\.$/);
    const ended = await status();
    assert.equal(ended.scan.failed, 0);
    assert.ok(ended.scan.pending > 0);
    // What was seen of it is told as the end of the run.
    assert.equal(inEnglish(ended.runs[0]!.message), error);
    assert.equal((await scan({})).error, null);
    assert.deepEqual((await status()).scan, { pending: 0, done: 4, skipped: 0, failed: 2 });
  });

test('a real disk that is full ends the run, and with room again all is read', async (t) => {
  const place = path.join(dataFolder, SCRATCH);
  mkdirSync(place, { recursive: true, mode: 0o700 });
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=4k,mode=0700', 'tmpfs', place], { stdio: 'ignore' });
  } catch {
    t.skip('only root may mount a small disk');
    return;
  }
  t.after(() => execFileSync('umount', ['-l', place]));
  assert.match(
    (await scan({})).error ?? '',
    /^Writing to \S+ failed because the disk is full: make room, then start again\.$/,
  );
  assert.equal((await status()).scan.failed, 0);
  execFileSync('mount', ['-o', 'remount,ro', place]);
  assert.match((await scan({})).error ?? '', /failed because the disk is read-only/);
  execFileSync('mount', ['-o', 'remount,rw,size=50m', place]);
  assert.equal((await scan({})).error, null);
  assert.deepEqual((await status()).scan, { pending: 0, done: 4, skipped: 0, failed: 2 });
});

test('one picture of the library that may not be read is tried again, counted, and ends nothing', async () => {
  // Stash may read it: then it is had from there.
  assert.equal((await scan({ fail: { code: 'EACCES', where: 'picture\\.webp$' } })).error, null);
  assert.deepEqual((await status()).scan, { pending: 0, done: 4, skipped: 0, failed: 2 });
  rmSync(dataFolder, { recursive: true });
  double.addFault({ kind: 'status', status: 404, where: /^\/image\// });
  assert.equal((await scan({ fail: { code: 'EACCES', where: 'picture\\.webp$' } })).error, null);
  double.clearFaults();
  const { items } = await ask<Output<'runs.failures'>>('runs.failures', { task: 'scan' });
  assert.match(
    items.map((it) => inEnglish(it.error)).join('\n'),
    /picture\.webp may not be read: give the user that runs Stash permission/,
  );
});

type Hook = {
  readonly notes?: string;
  readonly killAfter?: number;
  readonly fail?: { readonly code: string; readonly where: string };
};

const portable = () => ({ TMPDIR: temporary, STASH_SENSE_PORTABLE: '1' });

async function scan(hook: Hook, env: Readonly<Record<string, string>> = {}): Promise<Ended> {
  return await runPlugin(
    {
      stashUrl: double.url,
      configDir,
      env: {
        ...portable(),
        ...env,
        NODE_OPTIONS: `${process.env['NODE_OPTIONS'] ?? ''} --import=${HOOK}`,
        FS_HOOK: JSON.stringify(hook),
      },
    },
    { mode: 'scan' },
  );
}

async function ask<Answer>(mode: string, input: object = {}): Promise<Answer> {
  const { output, error } = await runPlugin(
    { stashUrl: double.url, configDir, env: portable() },
    { mode, input },
  );
  assert.equal(error, null);
  return output as Answer;
}

async function status(): Promise<Output<'status'>> {
  return await ask('status');
}

function notesIn(file: string): string[] {
  return readFileSync(file, 'utf8').trim().split('\n');
}

function addPicture(name: string, bytes: Uint8Array): void {
  const file = path.join(folder, name);
  writeFileSync(file, bytes);
  addImageFile(double.library, file, { width: 300, height: 240 });
}
