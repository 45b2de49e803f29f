import { rmSync } from 'node:fs';
import { isDeepStrictEqual } from 'node:util';
import type { OpenReferencePack } from '../../../core/ports/reference-packs.ts';
import { copyBytes } from '../../system/files/copy-bytes.ts';
import { createPackFile } from '../bytes.ts';
import { fileOfPart } from '../folders.ts';
import type { PackAt } from '../install/take-in.ts';
import { openPack, type Using } from '../open-pack.ts';
import { createPeopleFile, PEOPLE } from '../people-file.ts';
import { createVectorsFile, VECTORS } from '../vectors-file.ts';
import { ADD, KEEP, LAYOUT, LEAVE, MAGIC, type DeltaHead } from './delta-file.ts';
import { storedAt } from './stored-rows.ts';

/** How many people of the new version are in it, are others than in the old one, and how many of the old one are not. */
export type Changes = { readonly added: number; readonly changed: number; readonly removed: number };

/**
Writes what leads from one version of a pack to another one.
@param file in an existing folder, where files of its name with `.people` and `.vectors` behind it are written meanwhile
@throws PackDamage, PackUnfit
*/
export async function makeDelta(from: PackAt, to: PackAt, file: string, using: Using): Promise<Changes> {
  const old = await openPack(from.folder, from.manifest, using);
  const now = await openPack(to.folder, to.manifest, using);
  const places = { people: `${file}.people`, vectors: `${file}.vectors` };
  try {
    const { steps, changes, written } = await writeAdded(old, now, places);
    const made = (part: string) => {
      const { bytes, sha256 } = fileOfPart(to.manifest, part);
      return { bytes, sha256 };
    };
    const head: DeltaHead = {
      from: {
        people: fileOfPart(from.manifest, PEOPLE).sha256,
        vectors: fileOfPart(from.manifest, VECTORS).sha256,
      },
      to: { count: now.vectors.size, people: made(PEOPLE), vectors: made(VECTORS) },
      steps,
      added: {
        count: changes.added + changes.changed,
        people: written.people.sha256,
        vectors: written.vectors.sha256,
      },
    };
    await joinSections(file, head, [
      { place: places.people, bytes: written.people.bytes },
      { place: places.vectors, bytes: written.vectors.bytes },
    ]);
    return changes;
  } finally {
    for (const place of Object.values(places)) rmSync(place, { force: true });
  }
}

async function writeAdded(
  old: OpenReferencePack,
  now: OpenReferencePack,
  places: { readonly people: string; readonly vectors: string },
) {
  const people = await createPeopleFile(places.people);
  const vectors = await createVectorsFile(places.vectors);
  try {
    const steps: DeltaHead['steps'] = [];
    const step = (kind: DeltaHead['steps'][number][0], count: number): void => {
      const last = steps.at(-1);
      if (last?.[0] === kind) last[1] += count;
      else if (count > 0) steps.push([kind, count]);
    };
    let [next, added, changed, stayed] = [0, 0, 0, 0];
    for (let row = 0; row < now.vectors.size; row++) {
      const person = now.person(row)!;
      const before = old.rowOf(person.id);
      if (before !== null) stayed++;
      // Those who come earlier in the old version than who was kept last have been passed.
      if (before !== null && before >= next && isSame(old, before, now, row)) {
        step(LEAVE, before - next);
        step(KEEP, 1);
        next = before + 1;
        continue;
      }
      await people.add(person);
      await vectors.addStored(storedAt(now, row));
      step(ADD, 1);
      if (before === null) added++;
      else changed++;
    }
    step(LEAVE, old.vectors.size - next);
    const removed = old.vectors.size - stayed;
    return {
      steps,
      changes: { added, changed, removed },
      written: { people: await people.end(), vectors: await vectors.end() },
    };
  } finally {
    await people.close();
    await vectors.close();
  }
}

function isSame(old: OpenReferencePack, before: number, now: OpenReferencePack, row: number): boolean {
  return (
    isDeepStrictEqual(storedAt(old, before), storedAt(now, row)) &&
    isDeepStrictEqual(old.person(before), now.person(row))
  );
}

async function joinSections(
  file: string,
  head: DeltaHead,
  sections: readonly { readonly place: string; readonly bytes: number }[],
): Promise<void> {
  const writer = await createPackFile(file);
  try {
    const text = Buffer.from(JSON.stringify(head));
    await writer.write(text);
    for (const { place } of sections) await copyBytes(place, (chunk) => writer.write(chunk));
    const counts = [text.length, ...sections.map(({ bytes }) => bytes), 0, 0];
    await writer.end({ magic: MAGIC, layout: LAYOUT, counts });
  } finally {
    await writer.close();
  }
}
