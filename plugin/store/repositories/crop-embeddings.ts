import type { AddedEmbeddings, FaceCrop } from '../../../core/faces/face.ts';
import type { PersonCrop } from '../../../core/faces/observation.ts';
import type { Fusion } from '../../../core/packs/fusion.ts';
import type { CropEmbeddings } from '../../../core/ports/observations.ts';
import { fromEmbeddingBytes, toEmbeddingBytes } from '../codecs/embedding-bytes.ts';
import type { StoreParts } from '../parts.ts';
import type { Connection } from '../sqlite/database.ts';
import { moveVersion } from './people/version.ts';

/** The embeddings of one crop of a set. */
export type EmbeddedCrop = Pick<PersonCrop, 'personKey' | 'rank'> & { readonly added: AddedEmbeddings };

/** Crop sets that a row of this pack names and an embedder has not seen. */
const LEFT = `SELECT crops_id FROM %table AS named WHERE pack_id = ?1 AND crops_id > ?2 AND EXISTS (
  SELECT 1 FROM json_each(?3) AS wanted WHERE NOT EXISTS (
    SELECT 1 FROM crop_embeddings AS known WHERE known.crops_id = named.crops_id AND known.embedder = wanted.value))`;
const LEFT_OF_ALL = ['observations', 'performer_references', 'hidden_faces']
  .map((table) => LEFT.replace('%table', table))
  .join(' UNION ALL ');

export function createCropEmbeddings({
  database,
  crops,
}: Pick<StoreParts, 'database' | 'crops'>): CropEmbeddings {
  return {
    left: async (fusion, after, limit) => {
      const ids = await database.read((sql) =>
        sql
          .all(`${LEFT_OF_ALL} ORDER BY crops_id LIMIT ?4`, fusion.seenBy, after, wantedOf(fusion), limit)
          .map((row) => Number(row['crops_id'])),
      );
      return await Promise.all(ids.map(async (id) => ({ id, crops: (await crops.get(id)) ?? [] })));
    },

    countLeft: (fusion) =>
      database.read((sql) =>
        Number(
          sql.get(`SELECT count(*) AS n FROM (${LEFT_OF_ALL})`, fusion.seenBy, -1, wantedOf(fusion))?.['n'],
        ),
      ),

    put: (sets, { adds }, { areCompared }) =>
      database.write((sql) => {
        for (const { id, crops: embedded } of sets)
          if (isNamed(sql, id))
            putEmbeddings(
              sql,
              id,
              embedded,
              adds.map(({ embedder }) => embedder),
            );
        if (areCompared && sets.some(({ id }) => isOfReference(sql, id))) moveVersion(sql);
      }),
  };
}

function wantedOf({ adds }: Fusion): string {
  return JSON.stringify(adds.map(({ embedder }) => embedder));
}

/** Within a write: what the crops of a new set bring along. An embedder is stored as having seen the set where it saw one of it. */
export function putBrought(sql: Connection, id: number | null, crops: readonly PersonCrop[]): void {
  const embedders = new Set(crops.flatMap(({ added = {} }) => Object.keys(added)));
  if (id !== null && embedders.size > 0) putEmbeddings(sql, id, crops, [...embedders]);
}

function putEmbeddings(
  sql: Connection,
  id: number,
  crops: readonly (Pick<PersonCrop, 'personKey' | 'rank'> & Pick<FaceCrop, 'added'>)[],
  embedders: readonly string[],
): void {
  for (const embedder of embedders)
    sql.run(
      `INSERT INTO crop_embeddings (crops_id, embedder, embeddings) VALUES (?, ?, ?)
      ON CONFLICT (crops_id, embedder) DO UPDATE SET embeddings = excluded.embeddings`,
      id,
      embedder,
      toEmbeddingBytes(
        crops.flatMap(({ personKey, rank, added }) => {
          const embedding = added?.[embedder];
          return embedding === undefined ? [] : [{ personKey, rank, embedding }];
        }),
      ),
    );
}

/** By crop set; within a read, so that they belong to the rows that name the sets. */
export function readEmbedded(
  sql: Connection,
  ids: readonly (number | null)[],
): ReadonlyMap<number, readonly EmbeddedCrop[]> {
  const named = ids.filter((id) => id !== null);
  if (named.length === 0) return new Map();
  const rows = sql.all(
    `SELECT crops_id, embedder, embeddings FROM crop_embeddings
    WHERE crops_id IN (SELECT value FROM json_each(?)) ORDER BY crops_id, embedder`,
    JSON.stringify(named),
  );
  const sets = new Map<number, Map<string, EmbeddedCrop>>();
  for (const row of rows) {
    const id = Number(row['crops_id']);
    const set = sets.get(id) ?? new Map<string, EmbeddedCrop>();
    sets.set(id, set);
    for (const { personKey, rank, embedding } of fromEmbeddingBytes(row['embeddings'] as Uint8Array)) {
      const key = `${personKey} ${rank}`;
      const added = { ...set.get(key)?.added, [String(row['embedder'])]: embedding };
      set.set(key, { personKey, rank, added });
    }
  }
  return new Map([...sets].map(([id, set]) => [id, [...set.values()]]));
}

/** The crops of a set with their embeddings. */
export function withEmbeddings<Crop extends PersonCrop>(
  crops: readonly Crop[],
  embedded: readonly EmbeddedCrop[],
): Crop[] {
  const known = new Map(embedded.map((it) => [`${it.personKey} ${it.rank}`, it.added]));
  return crops.map((crop) => {
    const added = known.get(`${crop.personKey} ${crop.rank}`);
    return added === undefined ? crop : { ...crop, added };
  });
}

function isNamed(sql: Connection, id: number): boolean {
  return (
    isOfReference(sql, id) ||
    sql.get('SELECT 1 FROM observations WHERE crops_id = ?', id) !== undefined ||
    sql.get('SELECT 1 FROM hidden_faces WHERE crops_id = ?', id) !== undefined
  );
}

function isOfReference(sql: Connection, id: number): boolean {
  return sql.get('SELECT 1 FROM performer_references WHERE crops_id = ?', id) !== undefined;
}
