import { build } from 'esbuild';
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { nodeBundle } from './node.ts';

/** All code, and the catalogue of models, by which a picture becomes the face of a person. */
const LOOKS = [
  'tasks/observe/reference-face.ts',
  'tasks/observe/embed-crops.ts',
  'core/packs/fusion.ts',
  'models/faces/crop.ts',
  'models/open.ts',
];

/** A value that differs wherever a picture could be looked at otherwise: what was found in pictures is kept with it. */
export async function hashOfLooking(root: string): Promise<string> {
  const { outputFiles } = await build({
    ...nodeBundle(root, '', ''),
    entryPoints: LOOKS,
    outdir: 'looking',
    write: false,
  });
  const hash = createHash('sha256');
  for (const { contents } of outputFiles) hash.update(contents);
  const { dependencies } = JSON.parse(await readFile(path.join(root, 'package.json'), 'utf8')) as {
    dependencies: Record<string, string>;
  };
  return hash.update(JSON.stringify(dependencies)).digest('hex').slice(0, 16);
}
