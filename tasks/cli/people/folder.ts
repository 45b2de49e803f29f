import { readdir, stat } from 'node:fs/promises';
import path from 'node:path';
import { similarity } from '../../../core/faces/embedding.ts';
import { isRunWide, StashSenseError } from '../../../core/errors.ts';
import { logFault } from '../../../core/log-fault.ts';
import type { PackCalibration } from '../../../core/faces/pack-calibration.ts';
import type { GalleryPerson, Reference } from '../../../core/people/person.ts';
import type { FaceInPicture } from '../../../core/people/learnt-picture.ts';
import type { LookAtPicture } from './look.ts';
import { isPicture, readHead, readPicture } from '../file-type.ts';
import { message } from '../../../core/messages/message.ts';
import { say, wordedError } from '../language.ts';

/**
Reads people from a folder that has a folder of pictures, or one picture, for each person, named after the person.
@param report called with one sentence for each picture or person that is not used, with the reason
@throws StashSenseError `bad-input` when the folder is missing
*/
export async function readPeopleFolder(
  folder: string,
  {
    look,
    calibration,
  }: { look: LookAtPicture; calibration: Pick<PackCalibration['references'], 'meantAmongSeveral'> },
  report: (sentence: string) => void,
): Promise<GalleryPerson[]> {
  const entries = await readdir(folder, { withFileTypes: true }).catch((cause: unknown) => {
    throw new StashSenseError('bad-input', message('cli.peopleFolder', { folder }), {
      cause,
    });
  });
  const persons = new Map<string, Reference[]>();
  for (const entry of entries.toSorted((a, b) => (a.name < b.name ? -1 : 1))) {
    if (entry.name.startsWith('.')) continue;
    const place = path.join(folder, entry.name);
    const found = await stat(place).catch(() => null);
    if (found === null) {
      report(say('cli.people.notOpened', { place }));
      continue;
    }
    const isFolder = found.isDirectory();
    if (!isFolder && !(await mayBePicture(place))) {
      report(say('cli.people.noPicture', { place }));
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
        report(say('cli.people.unused', { picture, reason: withoutName(read, picture) }));
      else if ('faces' in read) crowded.push({ picture, ...read });
      else references.push(toReference(name, picture, read));
    }
    for (const { picture, faces, size } of crowded) {
      const known = nearestTo(references, faces, calibration.meantAmongSeveral);
      const face = known ?? (references.length === 0 ? inTheMiddle(faces, size) : null);
      if (face) references.push(toReference(name, picture, face));
      if (face && !known) report(say('cli.people.middle', { picture, name }));
      if (!face) report(say('cli.people.several', { picture }));
    }
    if (references.length === 0) report(say('cli.people.nothing', { name }));
  }
  return [...persons]
    .filter(([, references]) => references.length > 0)
    .map(([name, references]) => ({ id: `dir:${name}`, name, performerId: null, references }));

  /** The face; all faces when several are equally large; or the reason why there is none. */
  async function readReference(file: string): Promise<FaceInPicture | Omit<Crowded, 'picture'> | string> {
    try {
      const { state, faces, ...size } = await look(await readPicture(file));
      if (state === 'used') return faces[0]!;
      if (state === 'several-faces') return { faces, size };
      return say(state === 'drawing' ? 'cli.people.drawing' : 'cli.people.noFace');
    } catch (error) {
      if (isRunWide(error)) throw error;
      logFault({ error: report }, error);
      return wordedError(error);
    }
  }
}

/** Errors of the disk name the file themselves: "… cannot be read: …". */
function withoutName(reason: string, picture: string): string {
  return reason.startsWith(`${picture} `)
    ? say('cli.people.fileItself', { rest: reason.slice(picture.length + 1) })
    : reason;
}

/** A file that cannot be read may be one: what is wrong with it is told where it is read. */
async function mayBePicture(file: string): Promise<boolean> {
  return await readHead(file).then(
    ({ head }) => isPicture(head),
    () => true,
  );
}

type Crowded = { readonly picture: string; readonly faces: readonly FaceInPicture[]; readonly size: Size };
type Size = { readonly width: number; readonly height: number };

/** Of several faces the one that is most similar to the person's other pictures; null when none is similar enough. */
function nearestTo(
  references: readonly Reference[],
  faces: readonly FaceInPicture[],
  minSimilarity: number,
): FaceInPicture | null {
  const alike = (face: FaceInPicture): number =>
    Math.max(-1, ...references.map((reference) => similarity(reference.embedding, face.embedding)));
  const [best] = faces.toSorted((a, b) => alike(b) - alike(a));
  return best && alike(best) >= minSimilarity ? best : null;
}

/** The face at the middle of the picture; null when another one is nearly as close to the middle, or clearly larger. */
function inTheMiddle(faces: readonly FaceInPicture[], { width, height }: Size): FaceInPicture | null {
  const offMiddle = ({ box }: FaceInPicture): number =>
    Math.hypot(box.x + box.width / 2 - width / 2, box.y + box.height / 2 - height / 2);
  const [best, next] = faces.toSorted((a, b) => offMiddle(a) - offMiddle(b));
  if (!best || !next || offMiddle(best) > offMiddle(next) / 2) return null;
  return faces.every((face) => face.sizePx * 0.8 <= best.sizePx) ? best : null;
}

function toReference(name: string, picture: string, { embedding, quality }: FaceInPicture): Reference {
  return { id: `${name}/${path.basename(picture)}`, embedding, quality, source: 'file' };
}

async function picturesIn(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true });
  return entries
    .filter((entry) => !entry.isDirectory() && !entry.name.startsWith('.'))
    .map((entry) => path.join(folder, entry.name))
    .toSorted();
}
