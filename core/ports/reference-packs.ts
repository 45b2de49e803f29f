import type { Embedding } from '../faces/face.ts';
import type { PackPerson, ReferencePackManifest } from '../reference-packs/reference-pack.ts';
import type { Message } from '../messages/message.ts';

/** A pack that is there. `problem`: why it is not used. */
export type InstalledPack = {
  readonly id: string;
  /** Null where it cannot be read. */
  readonly manifest: ReferencePackManifest | null;
  readonly bytes: number;
  readonly problem: Message | null;
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

/** The reference packs of the data folder. */
export type ReferencePacks = {
  list(): Promise<readonly InstalledPack[]>;
  /**
  Writes a pack in place of an earlier one of this id, which is in use until the new one is whole. The same entries in the
  same order give the same bytes.
  */
  write(
    manifest: Omit<ReferencePackManifest, 'format' | 'people' | 'references' | 'files'>,
    entries: AsyncIterable<PackEntry>,
  ): Promise<ReferencePackManifest>;
  /** Takes in a pack that lies elsewhere: a folder, or a zip. @throws StashSenseError `bad-input` */
  install(place: string): Promise<ReferencePackManifest>;
  remove(packId: string): Promise<void>;
  /** Of somebody of a pack. Null: it is not there any more, or opted out. */
  person(packId: string, personId: string): Promise<PackPerson | null>;
};
