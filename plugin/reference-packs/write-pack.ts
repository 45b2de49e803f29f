import { rmSync, renameSync } from 'node:fs';
import path from 'node:path';
import type { ReferencePacks } from '../../core/ports/reference-packs.ts';
import { cleanPerson } from '../../core/reference-packs/clean-person.ts';
import { isOptedOut, type OptOuts } from '../../core/reference-packs/left-out/opt-outs.ts';
import type { ReferencePackManifest } from '../../core/reference-packs/reference-pack.ts';
import { dataFileName, makingFolder } from './folders.ts';
import { FORMAT } from './open-pack.ts';
import { createPeopleFile, PEOPLE } from './people-file.ts';
import { createVectorsFile, VECTORS } from './vectors-file.ts';
import { putInPlace } from './versions.ts';

type Write = Parameters<ReferencePacks['write']>;
type Place = { readonly dataFolder: string; readonly owner: string; readonly builder: string };

/** Killed at any point, the earlier pack is in use, or the new one. */
export async function writePack(
  { dataFolder, owner, builder }: Place,
  given: Write[0],
  entries: Write[1],
  optOuts: OptOuts,
): Promise<ReferencePackManifest> {
  const making = makingFolder(dataFolder, owner);
  try {
    const manifest = { ...(await fill(making, given, entries, optOuts)), builder };
    putInPlace(dataFolder, { making, manifest });
    return manifest;
  } catch (error) {
    rmSync(making, { recursive: true, force: true });
    throw error;
  }
}

async function fill(
  making: string,
  given: Write[0],
  entries: Write[1],
  optOuts: OptOuts,
): Promise<Omit<ReferencePackManifest, 'builder'>> {
  const places = { vectors: path.join(making, VECTORS), people: path.join(making, PEOPLE) };
  const vectors = await createVectorsFile(places.vectors);
  const people = await createPeopleFile(places.people);
  let [count, references] = [0, 0];
  try {
    for await (const { person, ...template } of entries) {
      if (isOptedOut(person.stashIds, optOuts)) continue;
      await people.add(cleanPerson(person));
      await vectors.add(template);
      count += 1;
      references += template.references;
    }
    const written = { vectors: await vectors.end(), people: await people.end() };
    const files: Record<string, { bytes: number; sha256: string }> = {};
    for (const part of [PEOPLE, VECTORS] as const) {
      const name = dataFileName(part, written[part].sha256);
      renameSync(places[part], path.join(making, name));
      files[name] = written[part];
    }
    const { id, name, version, builtAt, facePack, embedders, sources, pluginVersion, licenseNote } = given;
    return {
      format: FORMAT,
      id,
      name,
      version,
      builtAt,
      facePack,
      embedders,
      people: count,
      references,
      sources,
      pluginVersion,
      licenseNote,
      files,
    };
  } finally {
    await vectors.close();
    await people.close();
  }
}
