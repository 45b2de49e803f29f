import type { StashIdValue } from '../changes/change.ts';
import type { Embedding } from '../faces/face.ts';
import type { ContributedLine } from './boxes/contributed-people.ts';
import type { Dimensions } from '../reference-packs/contributed/reference-file.ts';
import type { OptOuts } from '../reference-packs/left-out/opt-outs.ts';
import type { PublishedPack } from '../reference-packs/pack-index.ts';
import type { PackPerson, ReferencePackManifest } from '../reference-packs/reference-pack.ts';
import type { Message } from '../messages/message.ts';
import type { StashBoxClient } from './stash-box.ts';
import type { QuantizedVectors } from './vision.ts';

/** A pack that is there. `problem`: why it is not used. */
export type InstalledPack = {
  readonly id: string;
  /** Not by somebody else. */
  readonly isBuiltHere: boolean;
  /** Null where it cannot be read. */
  readonly manifest: ReferencePackManifest | null;
  readonly bytes: number;
  readonly problem: Message | null;
};

/** The same, as far as its manifest tells: another problem may be found when it is opened. */
export type DescribedPack = Omit<InstalledPack, 'bytes' | 'isBuiltHere'>;

/** A pack that a package of Stash brings, and that is not installed. */
export type OfferedPack = {
  /** Folder, as `install` takes it. */
  readonly place: string;
  readonly name: string;
  readonly people: number;
};

/** One person as a builder writes them. */
export type PackEntry = {
  readonly person: PackPerson;
  /** Of all good references; written with eight bits a component. */
  readonly template: Embedding;
  /** 0…1, of the references it is made of. */
  readonly quality: number;
  /** Number of the references it is made of. */
  readonly references: number;
};

/** Hashes of the stash IDs of a pack, 64 bits in two halves, ascending, each with the row of the person. */
export type StashIndex = {
  readonly highs: Uint32Array<ArrayBuffer>;
  readonly lows: Uint32Array<ArrayBuffer>;
  readonly rows: Uint32Array<ArrayBuffer>;
};

/** A pack in memory, checked. Row `n` is the person `n` of the pack. */
export type OpenReferencePack = {
  readonly id: string;
  readonly vectors: QuantizedVectors;
  /** Of all stash IDs of the pack. */
  readonly endpoints: readonly string[];
  /** 0…1, and the number of references, of the template. */
  quality(row: number): number;
  references(row: number): number;
  /** Of the person, without reading the whole record. Null as of `person`. */
  personId(row: number): string | null;
  /** Null where what is stored is no person, which a pack that was taken in never has. */
  person(row: number): PackPerson | null;
  rowsWith(stashId: StashIdValue): readonly number[];
  rowOf(personId: string): number | null;
  readonly stashIndex: StashIndex;
};

/** The reference packs of the data folder. */
export type ReferencePacks = {
  /** Looks at every file of each pack to see whether it is what the manifest says; reads those that have changed since the last time. */
  list(): Promise<readonly InstalledPack[]>;
  /** Reads no more than manifests. */
  offered(): Promise<readonly OfferedPack[]>;
  /** Reads no more than the manifests. */
  describe(): Promise<readonly DescribedPack[]>;
  /**
  Writes a pack in place of an earlier one of this id, which is in use until the new one is whole. The same entries in the
  same order give the same bytes. Texts are cleaned (`cleanPerson`), and who opted out is left out.
  */
  write(
    manifest: Omit<ReferencePackManifest, 'format' | 'builder' | 'people' | 'references' | 'files'>,
    entries: AsyncIterable<PackEntry>,
  ): Promise<ReferencePackManifest>;
  /**
  Takes in a pack that lies elsewhere: a folder, or a zip. One that somebody else has built gets an id of its own, and is
  replaced by the next one of theirs.
  @returns its manifest as it is installed
  @throws StashSenseError `bad-input`
  */
  install(place: string): Promise<ReferencePackManifest>;
  remove(packId: string): Promise<void>;
  /** The version that an installed pack has replaced, and that is kept. Null: there is none. */
  before(packId: string): Promise<ReferencePackManifest | null>;
  /**
  That version takes the place of the installed one, which is then the one that is kept. It is checked before.
  Null: there is none. @throws StashSenseError `bad-input` where it cannot be used
  */
  goBack(packId: string): Promise<ReferencePackManifest | null>;
  /** Copies an installed pack to `<to>/<id>`, to be handed on. Null: it is not there. @returns that folder */
  copyOut(packId: string, to: string): Promise<string | null>;
  /** Of somebody of a pack. Null: it is not there any more, or opted out. */
  person(packId: string, personId: string): Promise<PackPerson | null>;
  /** Another one whenever a search among the packs in use could have another result. Reads no more than the manifests. Empty: there is none. */
  revision(): Promise<string>;
  /** Another one when a pack was installed, replaced or removed. Reads no file. */
  stamp(): Promise<string>;
  /** Number of people of the packs in use, by their manifests. */
  peopleCount(): Promise<number>;
  /** Those that can be used, in the order of their ids, without who opted out; the log says why another one is not used. */
  open(): Promise<readonly OpenReferencePack[]>;
  /** Who opted out: of the list `reference-packs/opted-out.txt` of the data folder, and those of publishers. @throws StashSenseError `bad-input` where one cannot be read */
  optOuts(): Promise<OptOuts>;
  /**
  Files that `export-references` has written, as lines that are the same for the same files in any order.
  @param files absolute
  @throws StashSenseError `bad-input`, which names the file, the line and the problem; nothing of a file that is wrong in one line is used
  */
  readReferences(
    files: readonly string[],
    known: { readonly needed: string; readonly dimensions: Dimensions },
  ): Promise<readonly ContributedLine[]>;
  /**
  A folder with a table of people and their pictures, to be asked as a stash-box is.
  @param folder absolute
  @param say called with a sentence for each row and picture that is left out
  @throws StashSenseError `bad-input`
  */
  openPeopleFolder(
    folder: string,
    endpoint: string,
    say: (problem: Message) => void,
  ): Promise<StashBoxClient>;
};

/** A published pack, and the id under which it is installed here. */
export type ChannelPack = { readonly pack: PublishedPack; readonly installedId: string };

/** Where reference packs are published: a static host, or a folder of this machine. */
export type PackChannel = {
  /** For display, without user, password and query; null: none is known. @throws StashSenseError `bad-input` where the setting is no address */
  address(): Promise<string | null>;
  /**
  Asks which packs there are, and keeps the list of who opted out there, beside those of other publishers: from then on no pack
  names them. Null: nobody publishes packs there, or no address is known. @throws StashSenseError `fetch-failed`, `bad-input`, `machine-trouble`
  */
  check(): Promise<readonly ChannelPack[] | null>;
  /**
  Fetches a pack, or what has changed since the installed version, which is used until the new one has passed its test.
  What was fetched of it is gone on with by the next call.
  @returns its manifest as it is installed
  @throws StashSenseError `fetch-failed`, `stopped`, `bad-input`, `machine-trouble`
  */
  fetch(
    offered: ChannelPack,
    options: {
      readonly onProgress: (doneBytes: number, totalBytes: number) => void;
      readonly signal: AbortSignal;
    },
  ): Promise<ReferencePackManifest>;
};
