import { hash } from 'node:crypto';
import { saidOf, SaidError } from '../../core/errors.ts';
import { logFault } from '../../core/log-fault.ts';
import { message, type Message } from '../../core/messages/message.ts';
import type { Log } from '../../core/ports/log.ts';
import type {
  DescribedPack,
  InstalledPack,
  OpenReferencePack,
  ReferencePacks,
} from '../../core/ports/reference-packs.ts';
import type { Store } from '../../core/ports/store.ts';
import { UNKNOWN_BUILDER, type ReferencePackManifest } from '../../core/reference-packs/reference-pack.ts';
import { isOptedOut, type OptOuts } from '../../core/reference-packs/left-out/opt-outs.ts';
import { builderOf, knownBuilder } from './builder.ts';
import { createCheckedFiles } from './checked-files.ts';
import { copyOut } from './copy-out.ts';
import { createWarnings, requireOwnId, whyNotUsed } from './damage.ts';
import {
  packFolder,
  packIds,
  readManifest,
  removePack,
  stampOf,
  stampOfPacks,
  type FoundManifest,
} from './folders.ts';
import { goBack } from './install/go-back.ts';
import { installPack } from './install/install-pack.ts';
import { readOffered } from './offered.ts';
import { look, openPack, openPeople, requireFit, type Using } from './open-pack.ts';
import { openPeopleFolder } from './people-folder/open-people-folder.ts';
import { readReferences } from './contributed/read-references.ts';
import { createOptOutLists, withoutOptedOut, type ReadOptOuts } from './opted-out.ts';
import type { PackPeople } from './people-file.ts';
import { manifestBefore } from './versions.ts';
import { writePack } from './write-pack.ts';

/** A pack that is replaced while it is opened is opened once more. */
const TRIES = 3;

type Kept = {
  readonly store: Pick<Store, 'state' | 'transaction'>;
  /** Unix milliseconds, compared with times of files. */
  readonly now: () => number;
};

type Parts = Using & {
  readonly dataFolder: string;
  /** Name of this process (`createOwner`), whose unfinished files are swept when it has ended. */
  readonly owner: string;
  /** What outlasts the process. Null: nothing does, nobody is the builder, and each pack keeps its id. */
  readonly kept: Kept | null;
  /** Where packages of Stash bring packs. */
  readonly offeredFolders?: readonly string[];
  readonly log: Pick<Log, 'debug' | 'warn' | 'error'>;
};

export function createReferencePacks(parts: Parts): ReferencePacks {
  const { dataFolder, log, kept } = parts;
  const readOptOuts = createOptOutLists(dataFolder);
  const checked = createCheckedFiles(kept && { state: kept.store.state, now: kept.now, log });
  const ownBuilder = async (): Promise<string | null> => kept && (await builderOf(kept.store));
  /** Of packs of which somebody was asked for. */
  const people = new Map<string, { readonly stamp: string; readonly read: Promise<ReadPeople | null> }>();
  const warnOnce = createWarnings(log);

  const reasonOf = (packId: string, error: unknown): Message => {
    const problem = whyNotUsed(packId, error);
    if (problem !== null) return problem;
    if (!(error instanceof SaidError)) logFault(log, error);
    return message('referencePacks.isDamaged', { name: packId, problem: saidOf(error) });
  };

  /** Null: it is not there. @throws PackDamage, PackUnfit */
  async function opened<Part>(
    packId: string,
    open: (folder: string, found: FoundManifest) => Promise<Part>,
  ): Promise<Part | null> {
    const folder = packFolder(dataFolder, packId);
    for (let tries = 1; ; tries++) {
      const found = readManifest(folder);
      if (found === null) return null;
      requireOwnId(packId, found);
      try {
        return await open(folder, found);
      } catch (error) {
        if (tries === TRIES || readManifest(folder)?.sha256 === found.sha256) throw error;
      }
    }
  }

  async function readPeopleOf(packId: string): Promise<ReadPeople | null> {
    const found = await opened(packId, (folder, { manifest }) => openPeople(folder, manifest, checked));
    return found && { people: found, optOuts: (await readOptOuts()).optOuts };
  }

  const packs: ReferencePacks = {
    async list() {
      const installed: InstalledPack[] = [];
      // A list writes nothing: where nothing was built here yet, nothing in it was.
      const builder = kept && (await knownBuilder(kept.store));
      for (const id of packIds(dataFolder)) {
        try {
          const found = await opened(id, (folder, one) => look(folder, one, parts, checked));
          const isBuiltHere = kept === null || found?.manifest?.builder === builder;
          if (found !== null) installed.push({ id, isBuiltHere, ...found });
        } catch (error) {
          installed.push({ id, isBuiltHere: false, manifest: null, bytes: 0, problem: reasonOf(id, error) });
        }
      }
      return installed;
    },

    async offered() {
      // A builder of nothing has an id that no pack has.
      const builder = kept && ((await knownBuilder(kept.store)) ?? '');
      return readOffered({ ...parts, offeredFolders: parts.offeredFolders ?? [] }, builder);
    },

    describe() {
      const described = packIds(dataFolder).flatMap((id): DescribedPack[] => {
        try {
          const manifest = readManifest(packFolder(dataFolder, id))?.manifest;
          if (manifest === undefined) return [];
          return [{ id, manifest, problem: problemOf(id, manifest) }];
        } catch (error) {
          return [{ id, manifest: null, problem: reasonOf(id, error) }];
        }
      });
      return Promise.resolve(described);
    },

    async write(manifest, entries) {
      const builder = (await ownBuilder()) ?? UNKNOWN_BUILDER;
      return await writePack({ ...parts, builder }, manifest, entries, await packs.optOuts());
    },

    install: async (place) => await installPack({ ...parts, builder: await ownBuilder() }, place),

    remove(packId) {
      if (packIds(dataFolder).includes(packId)) removePack(dataFolder, packId);
      return Promise.resolve();
    },

    before: (packId) =>
      Promise.resolve(packIds(dataFolder).includes(packId) ? manifestBefore(dataFolder, packId) : null),

    goBack: (packId) => goBack(parts, packId),

    copyOut: (packId, to) => opened(packId, (folder, found) => copyOut(folder, found, to)),

    async person(packId, personId) {
      const stamp = stampOf(dataFolder, packId);
      if (stamp === null) return null;
      let known = people.get(packId);
      if (known?.stamp !== stamp) {
        // One reading, also for many who ask at once.
        known = { stamp, read: readPeopleOf(packId) };
        people.set(packId, known);
      }
      try {
        const read = await known.read;
        const row = read?.people.rowOf(personId) ?? null;
        const person = row === null ? null : (read?.people.person(row) ?? null);
        return person === null || read === null || isOptedOut(person.stashIds, read.optOuts) ? null : person;
      } catch (error) {
        people.delete(packId);
        warnOnce(reasonOf(packId, error));
        return null;
      }
    },

    async revision() {
      const used = packIds(dataFolder).flatMap((id) => {
        const found = manifestInUse(id);
        return found === null ? [] : `${id} ${found.sha256} ${found.modifiedMs}`;
      });
      // Before the lists: a hash of them would load Node's crypto, which takes 5 ms of each question of the page.
      if (used.length === 0) return '';
      const listed = await readableOptOuts();
      return listed === null ? '' : hash('sha256', JSON.stringify([used, listed.digest])).slice(0, 12);
    },

    stamp: () => Promise.resolve(stampOfPacks(dataFolder)),

    peopleCount() {
      const used = packIds(dataFolder).map((id) => manifestInUse(id)?.manifest.people ?? 0);
      return Promise.resolve(used.reduce((sum, count) => sum + count, 0));
    },

    async open() {
      const all: OpenReferencePack[] = [];
      const listed = await readableOptOuts();
      if (listed === null) return all;
      for (const id of packIds(dataFolder)) {
        try {
          const pack = await opened(id, (folder, { manifest }) => openPack(folder, manifest, parts));
          if (pack !== null) all.push(await withoutOptedOut(pack, listed.optOuts));
        } catch (error) {
          warnOnce(reasonOf(id, error));
        }
      }
      return all;
    },

    optOuts: async () => (await readOptOuts()).optOuts,

    readReferences,
    openPeopleFolder,
  };
  return packs;

  function problemOf(packId: string, manifest: ReferencePackManifest): Message | null {
    try {
      requireOwnId(packId, { manifest });
      requireFit(manifest, parts);
      return null;
    } catch (error) {
      return reasonOf(manifest.name, error);
    }
  }

  /** Null: it is not there, or its manifest says that it does not fit. */
  function manifestInUse(packId: string): FoundManifest | null {
    try {
      const found = readManifest(packFolder(dataFolder, packId));
      if (found === null) return null;
      requireOwnId(packId, found);
      requireFit(found.manifest, parts);
      return found;
    } catch {
      return null;
    }
  }

  /** Null: it is there and cannot be read. Nobody is found then, rather than somebody who opted out. */
  async function readableOptOuts(): Promise<ReadOptOuts | null> {
    try {
      return await readOptOuts();
    } catch (error) {
      warnOnce(saidOf(error));
      return null;
    }
  }
}

type ReadPeople = { readonly people: PackPeople; readonly optOuts: OptOuts };
