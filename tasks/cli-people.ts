import { readdir, readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import { messageOf, StashSenseError } from '../core/errors.ts';
import type { Person, Reference } from '../core/person.ts';
import type { FaceAnalyzer, ImageCodec } from '../core/ports.ts';
import { judgeReference } from '../core/reference.ts';

const MAX_SIDE = 1600;

/**
People from a folder that holds a folder of pictures (or one picture) for each, named after them.
`tell`: what is not used, and why, one sentence each.
@throws StashSenseError `bad-input` when there is no such folder
*/
export async function readPeopleFolder(
  folder: string,
  { analyzer, codec }: { analyzer: Pick<FaceAnalyzer, 'analyze'>; codec: Pick<ImageCodec, 'decode'> },
  tell: (sentence: string) => void,
): Promise<Person[]> {
  const entries = await readdir(folder, { withFileTypes: true }).catch((cause: unknown) => {
    throw new StashSenseError('bad-input', `--people must be a folder of pictures; ${folder} is none.`, {
      cause,
    });
  });
  const persons = new Map<string, Reference[]>();
  for (const entry of entries.toSorted((one, other) => (one.name < other.name ? -1 : 1))) {
    if (entry.name.startsWith('.')) continue;
    const place = path.join(folder, entry.name);
    const isFolder = (await stat(place)).isDirectory();
    const name = isFolder ? entry.name : path.parse(entry.name).name;
    const references = persons.get(name) ?? [];
    persons.set(name, references);
    for (const picture of isFolder ? await picturesIn(place) : [place]) {
      const used = await readReference(picture);
      if (typeof used === 'string') tell(`${picture} is not used: ${used}`);
      else references.push({ ...used, id: `${name}/${path.basename(picture)}`, source: 'file' });
    }
    if (references.length === 0) tell(`${name} cannot be recognised: there is no picture that can be used.`);
  }
  return [...persons]
    .filter(([, references]) => references.length > 0)
    .map(([name, references]) => ({ id: `dir:${name}`, name, performerId: null, references }));

  async function readReference(file: string): Promise<Pick<Reference, 'embedding' | 'quality'> | string> {
    try {
      const image = await codec.decode(await readFile(file), MAX_SIDE);
      const { state, face } = judgeReference(await analyzer.analyze(image, { thorough: true }));
      if (face) return { embedding: face.embedding, quality: face.quality.overall };
      return state === 'several-faces'
        ? 'it shows several faces.'
        : state === 'drawing'
          ? 'it seems to be a drawing.'
          : 'no face was found that is large and clear enough.';
    } catch (error) {
      return messageOf(error);
    }
  }
}

async function picturesIn(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true });
  return entries
    .filter((it) => it.isFile() && !it.name.startsWith('.'))
    .map((it) => path.join(folder, it.name))
    .toSorted();
}
