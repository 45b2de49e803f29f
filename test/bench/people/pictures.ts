/** Pictures of people as libraries have them: one of 250 x 250 pixels each. */
import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import sharp from 'sharp';
import { photograph } from '../../fixtures/models.ts';

const PORTRAITS = [
  'audrey_crop.jpg',
  'bill-murray-snl_crop.jpg',
  'cage2_crop.jpg',
  'chuck_crop.jpg',
  'fragrance-George-Clooney-main_crop.jpg',
  'franck_02045.jpg',
  'franck_02221.jpg',
  'Justin-Bieber2_crop.jpg',
  'kim1_crop.jpg',
  'obama4_crop.jpg',
  'queen20_crop.jpg',
  'sean_guru2_crop.jpg',
];
const SIDE = 250;

/**
`count` files, each of other bytes: a dozen portraits in several lights and turned a little. With STASH_SENSE_DEV_GALLERY
naming a folder made by ../shared/dev-gallery/make.mjs the first picture of each person there who has one of this size, until
it has no more.
*/
export async function peoplePictures(folder: string, count: number): Promise<string[]> {
  const developed = process.env['STASH_SENSE_DEV_GALLERY'];
  if (developed !== undefined && existsSync(path.join(developed, 'people'))) {
    const people = path.join(developed, 'people');
    const wanted: string[] = [];
    for (const id of (await readdir(people)).toSorted()) {
      if (wanted.length === count) break;
      const file = path.join(people, id, '0.jpg');
      const { width, height } = await sharp(file).metadata();
      if (width === SIDE && height === SIDE) wanted.push(file);
    }
    return wanted;
  }
  await mkdir(folder, { recursive: true });
  const files = Array.from({ length: count }, (_, n) => path.join(folder, `${n}.jpg`));
  for (const [n, file] of files.entries()) if (!existsSync(file)) await writeFile(file, await makePicture(n));
  return files;
}

async function makePicture(n: number): Promise<Buffer> {
  const portrait = PORTRAITS[n % PORTRAITS.length]!;
  const light = 0.7 + ((n * 37) % 61) / 100;
  const degrees = ((n * 7) % 17) - 8;
  return await sharp(photograph(portrait))
    .rotate(degrees, { background: '#808080' })
    .resize(SIDE, SIDE, { fit: 'contain', background: '#808080' })
    .modulate({ brightness: light })
    .jpeg({ quality: 85 })
    .toBuffer();
}

export async function readAll(files: readonly string[]): Promise<Uint8Array[]> {
  return await Promise.all(files.map((file) => readFile(file)));
}
