/** The double's library: plain rows by id, as in Stash's database, and methods to add rows. */
import { createHash } from 'node:crypto';
import path from 'node:path';

export type FileRow = {
  readonly id: string;
  kind: 'video' | 'image' | 'gallery' | 'basic';
  path: string;
  size: number;
  modTime: string;
  /** Seconds; of videos. */
  duration: number;
  width: number;
  height: number;
  videoCodec: string;
  audioCodec: string;
  format: string;
  frameRate: number;
  bitRate: number;
  zipFileId: string | null;
  fingerprints: { type: string; value: string }[];
  readonly createdAt: number;
};

/** Texts and numbers of a performer that Stash only keeps. */
export const PERFORMER_TEXTS = [
  'ethnicity',
  'country',
  'eye_color',
  'hair_color',
  'measurements',
  'fake_tits',
  'career_length',
  'tattoos',
  'piercings',
  'details',
] as const;
export const PERFORMER_VALUES = ['height_cm', 'weight', 'penis_length', 'circumcised'] as const;

type ItemRow = {
  readonly id: string;
  title: string;
  code: string;
  details: string;
  date: string | null;
  rating100: number | null;
  organized: boolean;
  urls: string[];
  studioId: string | null;
  performerIds: string[];
  tagIds: string[];
  fileIds: string[];
  /** Unix seconds: Stash knows no finer ones. */
  readonly createdAt: number;
  updatedAt: number;
};
export type StashIdRow = { endpoint: string; stash_id: string; updatedAt: number };
/** Bytes, or a file to read them from. */
export type Picture = Uint8Array | string;

export type SceneRow = ItemRow & {
  director: string;
  galleryIds: string[];
  stashIds: StashIdRow[];
  cover: Picture | null;
  /** A generated preview clip on disk. */
  preview: string | null;
};
export type ImageRow = ItemRow & { photographer: string; galleryIds: string[] };
export type GalleryRow = ItemRow & { photographer: string; folder: string | null };
export type PerformerRow = {
  readonly id: string;
  name: string;
  disambiguation: string;
  aliases: string[];
  gender: string | null;
  birthdate: string | null;
  deathDate: string | null;
  /** By GraphQL's names, as in `PERFORMER_TEXTS` and `PERFORMER_VALUES`. */
  more: Record<string, unknown>;
  favorite: boolean;
  ignoreAutoTag: boolean;
  rating100: number | null;
  urls: string[];
  tagIds: string[];
  stashIds: StashIdRow[];
  customFields: Record<string, unknown>;
  image: Picture | null;
  readonly createdAt: number;
  updatedAt: number;
};
export type NamedRow = {
  readonly id: string;
  name: string;
  aliases: string[];
  description: string;
  parentIds: string[];
  stashIds: StashIdRow[];
  /** Of tags. */
  sortName: string;
  /** Of studios. */
  urls: string[];
  tagIds: string[];
  rating100: number | null;
  favorite: boolean;
  ignoreAutoTag: boolean;
  readonly createdAt: number;
  updatedAt: number;
};
export type SavedFilterRow = {
  readonly id: string;
  name: string;
  mode: string;
  findFilter: unknown;
  objectFilter: unknown;
  uiOptions: unknown;
};

/** Rows with ids of their own, counted from 1 as SQLite does; in order of id. */
export type Table<Row extends { readonly id: string }> = {
  get(id: string): Row | undefined;
  all(): Row[];
  readonly size: number;
  insert(row: Omit<Row, 'id'>): Row;
  delete(id: string): boolean;
};

export type LibraryData = ReturnType<typeof createLibraryData>;

/** `now`: Unix milliseconds. */
export function createLibraryData(now: () => number = Date.now) {
  const seconds = (): number => Math.floor(now() / 1000);
  const files = createTable<FileRow>();
  const scenes = createTable<SceneRow>();
  const images = createTable<ImageRow>();
  const galleries = createTable<GalleryRow>();
  const performers = createTable<PerformerRow>();
  const tags = createTable<NamedRow>();
  const studios = createTable<NamedRow>();
  const savedFilters = createTable<SavedFilterRow>();

  const item = () => ({
    title: '',
    code: '',
    details: '',
    date: null,
    rating100: null,
    organized: false,
    urls: [],
    studioId: null,
    performerIds: [],
    tagIds: [],
    fileIds: [],
    createdAt: seconds(),
    updatedAt: seconds(),
  });
  const named = () => ({
    aliases: [],
    description: '',
    parentIds: [],
    stashIds: [],
    sortName: '',
    urls: [],
    tagIds: [],
    rating100: null,
    favorite: false,
    ignoreAutoTag: false,
    createdAt: seconds(),
    updatedAt: seconds(),
  });

  return {
    files,
    scenes,
    images,
    galleries,
    performers,
    tags,
    studios,
    savedFilters,
    seconds,

    addFile: (row: Partial<FileRow> & Pick<FileRow, 'kind' | 'path'>): FileRow =>
      files.insert({
        size: 0,
        modTime: new Date(now()).toISOString().replace(/\.\d+Z$/, 'Z'),
        duration: 0,
        width: 0,
        height: 0,
        videoCodec: '',
        audioCodec: '',
        format: '',
        frameRate: 0,
        bitRate: 0,
        zipFileId: null,
        fingerprints: [],
        createdAt: seconds(),
        ...row,
      }),
    addScene: (row: Partial<SceneRow> = {}): SceneRow =>
      scenes.insert({
        ...item(),
        director: '',
        galleryIds: [],
        stashIds: [],
        cover: null,
        preview: null,
        ...row,
      }),
    addImage: (row: Partial<ImageRow> = {}): ImageRow =>
      images.insert({ ...item(), photographer: '', galleryIds: [], ...row }),
    addGallery: (row: Partial<GalleryRow> = {}): GalleryRow =>
      galleries.insert({ ...item(), photographer: '', folder: null, ...row }),
    addPerformer: (row: Partial<PerformerRow> & Pick<PerformerRow, 'name'>): PerformerRow =>
      performers.insert({
        disambiguation: '',
        aliases: [],
        gender: null,
        birthdate: null,
        deathDate: null,
        more: {},
        favorite: false,
        ignoreAutoTag: false,
        rating100: null,
        urls: [],
        tagIds: [],
        stashIds: [],
        customFields: {},
        image: null,
        createdAt: seconds(),
        updatedAt: seconds(),
        ...row,
      }),
    addTag: (row: Partial<NamedRow> & Pick<NamedRow, 'name'>): NamedRow =>
      tags.insert({ ...named(), ...row }),
    addStudio: (row: Partial<NamedRow> & Pick<NamedRow, 'name'>): NamedRow =>
      studios.insert({ ...named(), ...row }),
    addSceneFilter: (name: string, objectFilter: Record<string, unknown>, q?: string): SavedFilterRow =>
      savedFilters.insert({
        name,
        mode: 'SCENES',
        findFilter: q === undefined ? null : { q },
        objectFilter,
        uiOptions: null,
      }),

    /** As Stash does it: everything goes over to `destinationId` and the source is gone; its aliases and ids are lost. */
    mergePerformers(sourceId: string, destinationId: string): void {
      for (const row of [...scenes.all(), ...images.all(), ...galleries.all()])
        if (row.performerIds.includes(sourceId))
          row.performerIds = [
            ...new Set(row.performerIds.map((id) => (id === sourceId ? destinationId : id))),
          ];
      performers.delete(sourceId);
    },
    deletePerformer(id: string): void {
      for (const row of [...scenes.all(), ...images.all(), ...galleries.all()])
        row.performerIds = row.performerIds.filter((performerId) => performerId !== id);
      performers.delete(id);
    },
    deleteTag(id: string): void {
      for (const row of [
        ...scenes.all(),
        ...images.all(),
        ...galleries.all(),
        ...performers.all(),
        ...studios.all(),
      ])
        row.tagIds = row.tagIds.filter((it) => it !== id);
      tags.delete(id);
    },
    deleteStudio(id: string): void {
      for (const row of [...scenes.all(), ...images.all(), ...galleries.all()])
        if (row.studioId === id) row.studioId = null;
      studios.delete(id);
    },
  };
}

function createTable<Row extends { readonly id: string }>(): Table<Row> {
  const rows = new Map<string, Row>();
  let lastId = 0;
  return {
    get: (id) => rows.get(id),
    all: () => [...rows.values()],
    get size() {
      return rows.size;
    },
    insert(row) {
      // A given id keeps the order only when it is higher than all before: fixtures give none, or ascending ones.
      const given = 'id' in row ? Number(row.id) : 0;
      lastId = given > 0 ? Math.max(lastId, given) : lastId + 1;
      const whole = { ...row, id: String(given > 0 ? given : lastId) } as unknown as Row;
      rows.set(whole.id, whole);
      return whole;
    },
    delete: (id) => rows.delete(id),
  };
}

export function fingerprint(file: FileRow, type: string): string | null {
  return file.fingerprints.find((entry) => entry.type === type)?.value ?? null;
}

export function basename(file: string): string {
  return path.basename(file);
}

export function md5(bytes: Uint8Array): string {
  return createHash('md5').update(bytes).digest('hex');
}
