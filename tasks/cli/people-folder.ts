import { readdir, stat } from 'node:fs/promises';
import path from 'node:path';
import { similarity } from '../../core/faces/embedding.ts';
import { isRunWide, messageOf, StashSenseError } from '../../core/errors.ts';
import { logFault } from '../../core/log-fault.ts';
import type { Face } from '../../core/faces/face.ts';
import type { GalleryPerson, Reference } from '../../core/people/person.ts';
import type { FaceAnalyzer, ImageCodec } from '../../core/ports/vision.ts';
import { findReferenceFace } from '../observe/reference-face.ts';
import { isPicture, readHead, readPicture } from './file-type.ts';
import { message } from '../../core/messages/message.ts';

/**
Reads people from a folder that has a folder of pictures, or one picture, for each person, named after the person.
@param report called with one sentence for each picture or person that is not used, with the reason
@throws StashSenseError `bad-input` when the folder is missing
*/
export async function readPeopleFolder(
  folder: string,
  {
    analyzer,
    codec,
  }: { analyzer: Pick<FaceAnalyzer, 'analyze' | 'calibration'>; codec: Pick<ImageCodec, 'decodeFrames'> },
  report: (sentence: string) => void,
): Promise<GalleryPerson[]> {
  const entries = await readdir(folder, { withFileTypes: true }).catch((cause: unknown) => {
    throw new StashSenseError('bad-input', message('cli.peopleFolder', { folder }), {
      cause,
    });
  });
  const calibration = analyzer.calibration.references;
  const persons = new Map<string, Reference[]>();
  for (const entry of entries.toSorted((a, b) => (a.name < b.name ? -1 : 1))) {
    if (entry.name.startsWith('.')) continue;
    const place = path.join(folder, entry.name);
    const found = await stat(place).catch(() => null);
    if (found === null) {
      report(`${place} is not used: it cannot be opened (a link to nowhere?).`);
      continue;
    }
    const isFolder = found.isDirectory();
    if (!isFolder && !(await mayBePicture(place))) {
      report(`${place} is not used: it is no picture.`);
      continue;
    }
    // Two names that differ only in how their accents are written are one person.
    const name = (isFolder ? entry.name : path.parse(entry.name).name).normalize('NFC');
    const references = persons.get(name) ?? [];
    persons.set(name, references);
    const crowded: Crowded[] = [];
    for (const picture of isFolder ? await picturesIn(place) : [place]) {
      const read = await readReference(picture);
      if (typeof read === 'string')
        // Errors of the disk name the file themselves: "… cannot be read: …".
        report(
          `${picture} is not used: ${read.startsWith(`${picture} `) ? `it${read.slice(picture.length)}` : read}`,
        );
      else if ('faces' in read) crowded.push({ picture, ...read });
      else references.push(toReference(name, picture, read));
    }
    for (const { picture, faces, image } of crowded) {
      const known = nearestTo(references, faces, calibration.meantAmongSeveral);
      const face = known ?? (references.length === 0 ? inTheMiddle(faces, image) : null);
      if (face) references.push(toReference(name, picture, face));
      if (face && !known)
        report(`${picture} shows several faces: the one in the middle is taken for ${name}.`);
      if (!face)
        report(`${picture} is not used: it shows several faces, and it is not clear which one is meant.`);
    }
    if (references.length === 0)
      report(`${name} cannot be recognised: there is no picture that can be used.`);
  }
  return [...persons]
    .filter(([, references]) => references.length > 0)
    .map(([name, references]) => ({ id: `dir:${name}`, name, performerId: null, references }));

  /** The face; all faces when several are equally large; or the reason why there is none. */
  async function readReference(file: string): Promise<Face | Omit<Crowded, 'picture'> | string> {
    try {
      const bytes = await readPicture(file);
      const { check, faces, image } = await findReferenceFace({ analyzer, codec }, bytes, calibration);
      const { state, face } = check;
      if (face) return face;
      if (state === 'several-faces') return { faces, image };
      return state === 'drawing' ? 'it seems to be a drawing.' : 'no face was found that is clear enough.';
    } catch (error) {
      if (isRunWide(error)) throw error;
      logFault({ error: report }, error);
      return messageOf(error);
    }
  }
}

/** A file that cannot be read may be one: what is wrong with it is told where it is read. */
async function mayBePicture(file: string): Promise<boolean> {
  return await readHead(file).then(
    ({ head }) => isPicture(head),
    () => true,
  );
}

type Crowded = { readonly picture: string; readonly faces: readonly Face[]; readonly image: Size };
type Size = { readonly width: number; readonly height: number };

/** Of several faces the one that is most similar to the person's other pictures; null when none is similar enough. */
function nearestTo(
  references: readonly Reference[],
  faces: readonly Face[],
  minSimilarity: number,
): Face | null {
  const alike = (face: Face): number =>
    Math.max(-1, ...references.map((reference) => similarity(reference.embedding, face.embedding)));
  const [best] = faces.toSorted((a, b) => alike(b) - alike(a));
  return best && alike(best) >= minSimilarity ? best : null;
}

/** The face at the middle of the picture; null when another one is nearly as close to the middle, or clearly larger. */
function inTheMiddle(faces: readonly Face[], { width, height }: Size): Face | null {
  const offMiddle = ({ box }: Face): number =>
    Math.hypot(box.x + box.width / 2 - width / 2, box.y + box.height / 2 - height / 2);
  const [best, next] = faces.toSorted((a, b) => offMiddle(a) - offMiddle(b));
  if (!best || !next || offMiddle(best) > offMiddle(next) / 2) return null;
  return faces.every((face) => face.quality.sizePx * 0.8 <= best.quality.sizePx) ? best : null;
}

function toReference(name: string, picture: string, { embedding, quality }: Face): Reference {
  return { id: `${name}/${path.basename(picture)}`, embedding, quality: quality.overall, source: 'file' };
}

async function picturesIn(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true });
  return entries
    .filter((entry) => !entry.isDirectory() && !entry.name.startsWith('.'))
    .map((entry) => path.join(folder, entry.name))
    .toSorted();
}
