/** The rows of a stash-box, which tests add and change directly. */
import { randomUUID } from 'node:crypto';
import { BARE, EMPTY } from './empty-performer.ts';

export type ImageRow = {
  id: string;
  width: number;
  height: number;
  /** Null: the file was lost. */
  bytes: Uint8Array | null;
  type: string;
  /** Its smaller versions, by longest side. */
  sizes: Readonly<Record<number, { readonly bytes: Uint8Array; readonly type: string }>>;
};

export type PerformerRow = {
  id: string;
  name: string;
  disambiguation: string | null;
  aliases: string[];
  gender: string | null;
  urls: { url: string; type: string; site: { id: string; name: string } }[];
  birth_date: string | null;
  death_date: string | null;
  ethnicity: string | null;
  country: string | null;
  eye_color: string | null;
  hair_color: string | null;
  height: number | null;
  cup_size: string | null;
  band_size: number | null;
  waist_size: number | null;
  hip_size: number | null;
  breast_type: string | null;
  career_start_year: number | null;
  career_end_year: number | null;
  tattoos: { location: string; description: string | null }[] | null;
  piercings: { location: string; description: string | null }[] | null;
  imageIds: string[];
  deleted: boolean;
  merged_ids: string[];
  merged_into_id: string | null;
  is_favorite: boolean;
  /** As Go writes times, 0 to 6 digits after the point. */
  created: string;
  updated: string;
};

export type StudioRow = { id: string; name: string; parentId: string | null };

export type TagRow = { id: string; name: string; description: string | null; aliases: string[] };

export type SceneRow = {
  id: string;
  title: string | null;
  details: string | null;
  director: string | null;
  urls: { url: string; type: string; site: { id: string; name: string } }[];
  tagIds: string[];
  release_date: string | null;
  studioId: string | null;
  performers: { id: string; as: string | null }[];
  code: string | null;
  duration: number | null;
  imageIds: string[];
  /** With all their digits. */
  fingerprints: { hash: string; algorithm: string; duration: number; submissions: number; reports: number }[];
  deleted: boolean;
  created: string;
  updated: string;
};

export type EditRow = {
  id: string;
  targetType: 'PERFORMER' | 'SCENE';
  targetId: string;
  mergeSourceIds: string[];
  operation: 'CREATE' | 'MODIFY' | 'DESTROY' | 'MERGE';
  status: string;
  applied: boolean;
  created: string;
  closed: string | null;
};

export type BoxData = ReturnType<typeof createBoxData>;

/** `now`: Unix milliseconds; each row is a microsecond younger than the one before. */
export function createBoxData(now: () => number) {
  const performers = new Map<string, PerformerRow>();
  const images = new Map<string, ImageRow>();
  const studios = new Map<string, StudioRow>();
  const tags = new Map<string, TagRow>();
  const scenes = new Map<string, SceneRow>();
  const edits = new Map<string, EditRow>();
  let ticks = 0;
  const time = (): string => toGoTime(now(), ticks++);

  return {
    performers,
    images,
    studios,
    tags,
    scenes,
    edits,

    addPerformer(given: Partial<PerformerRow> & { name: string }): PerformerRow {
      const created = time();
      return put(performers, { ...EMPTY, id: randomUUID(), created, updated: created, ...given });
    },
    addImage(given: Partial<ImageRow>): ImageRow {
      const empty = { width: 0, height: 0, bytes: null, type: 'image/jpeg', sizes: {} };
      return put(images, { id: randomUUID(), ...empty, ...given });
    },
    addStudio(given: Partial<StudioRow> & { name: string }): StudioRow {
      return put(studios, { id: randomUUID(), parentId: null, ...given });
    },
    addTag(given: Partial<TagRow> & { name: string }): TagRow {
      return put(tags, { id: randomUUID(), description: null, aliases: [], ...given });
    },
    addScene(given: Partial<SceneRow>): SceneRow {
      const created = time();
      return put(scenes, {
        id: randomUUID(),
        title: null,
        details: null,
        director: null,
        urls: [],
        tagIds: [],
        release_date: null,
        studioId: null,
        performers: [],
        code: null,
        duration: null,
        imageIds: [],
        fingerprints: [],
        deleted: false,
        created,
        updated: created,
        ...given,
      });
    },

    /** As an edit that was voted for: a merged one keeps what it is known by, and loses the rest. */
    merge(sourceIds: readonly string[], targetId: string): void {
      const moment = time();
      const target = performers.get(targetId)!;
      for (const id of sourceIds) {
        const source = performers.get(id)!;
        Object.assign(source, BARE, { merged_into_id: targetId, updated: moment });
        target.merged_ids.push(id, ...source.merged_ids);
        for (const earlier of source.merged_ids) performers.get(earlier)!.merged_into_id = targetId;
        source.merged_ids = [];
        for (const scene of scenes.values())
          for (const appearance of scene.performers) if (appearance.id === id) appearance.id = targetId;
      }
      target.updated = moment;
      addEdit('MERGE', targetId, [...sourceIds], moment);
    },
    /** As an edit that was voted for: the merged ones keep all that they have, and the target gets nothing of it. */
    mergeScenes(sourceIds: readonly string[], targetId: string): void {
      const moment = time();
      for (const id of [...sourceIds, targetId]) scenes.get(id)!.updated = moment;
      for (const id of sourceIds) scenes.get(id)!.deleted = true;
      addEdit('MERGE', targetId, [...sourceIds], moment, 'SCENE');
    },
    destroyScene(id: string): void {
      const moment = time();
      const gone = { deleted: true, performers: [], tagIds: [], imageIds: [], fingerprints: [] };
      Object.assign(scenes.get(id)!, gone, { updated: moment });
      addEdit('DESTROY', id, [], moment, 'SCENE');
    },
    destroy(id: string): void {
      const moment = time();
      Object.assign(performers.get(id)!, BARE, { updated: moment });
      for (const scene of scenes.values())
        scene.performers = scene.performers.filter((appearance) => appearance.id !== id);
      addEdit('DESTROY', id, [], moment);
    },
    /** As after an edit. */
    change(id: string, fields: Partial<PerformerRow>): void {
      Object.assign(performers.get(id)!, fields, { updated: time() });
    },
  };

  function addEdit(
    operation: EditRow['operation'],
    targetId: string,
    mergeSourceIds: string[],
    moment: string,
    targetType: EditRow['targetType'] = 'PERFORMER',
  ): void {
    put(edits, {
      id: randomUUID(),
      targetType,
      targetId,
      mergeSourceIds,
      operation,
      status: 'ACCEPTED',
      applied: true,
      created: moment,
      closed: moment,
    });
  }
}

/** Six digits of a second, without the zeros at their end. */
function toGoTime(milliseconds: number, ticks: number): string {
  const seconds = new Date(milliseconds).toISOString().slice(0, 19);
  const micros = String((milliseconds % 1000) * 1000 + (ticks % 1000)).padStart(6, '0');
  const digits = micros.replace(/0+$/, '');
  return digits === '' ? `${seconds}Z` : `${seconds}.${digits}Z`;
}

function put<Row extends { id: string }>(rows: Map<string, Row>, row: Row): Row {
  rows.set(row.id, row);
  return row;
}
