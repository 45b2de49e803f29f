import { z } from 'zod';
import type { ContentId } from '../../../core/content-id.ts';
import type { Observation } from '../../../core/faces/observation.ts';
import type { Observations } from '../../../core/ports/observations.ts';
import { fusedClusters } from '../../../core/packs/fusion.ts';
import { storedAs, type StoreParts } from '../parts.ts';
import type { Connection, Row } from '../sqlite/database.ts';
import { writeWithCrops } from '../sqlite/write-crops.ts';
import { fromPersonBytes, toPersonBytes } from '../codecs/observation-bytes.ts';
import { putBrought, readEmbedded, withEmbeddings } from './crop-embeddings.ts';
import { ContentIdText, createEntities } from './entities.ts';

const COLUMNS =
  'content_id, media, size_bytes, duration_ms, pack_id, sampling_version, frame_count, observed_at, crops_id, persons';
/** Observations per read: each can have hundreds of faces to decode. */
const CONTENTS_AT_ONCE = 200;
const MANY = `SELECT ${COLUMNS} FROM observations
WHERE pack_id = ? AND content_id IN (SELECT value FROM json_each(?))`;

export function createObservations({
  database,
  crops,
  fusions,
}: Pick<StoreParts, 'database' | 'crops' | 'fusions'>): Observations {
  /** As the pack compares them. */
  function toObservations(sql: Connection, rows: readonly Row[], packId: string): Observation[] {
    const read = rows.map(toObservation);
    const fusion = fusions.get(packId);
    if (fusion === undefined) return read.map(({ observation }) => observation);
    const embedded = readEmbedded(
      sql,
      read.map(({ cropsId }) => cropsId),
    );
    return read.map(({ observation, cropsId }) => ({
      ...observation,
      packId,
      persons: fusedClusters(observation.persons, embedded.get(cropsId ?? -1) ?? [], fusion),
    }));
  }

  return {
    ...createEntities({ database, fusions }),

    get: (contentId, packId) =>
      database.read((sql) => {
        const rows = sql.all(
          `SELECT ${COLUMNS} FROM observations WHERE content_id = ? AND pack_id = ?`,
          contentId,
          storedAs(fusions, packId),
        );
        return toObservations(sql, rows, packId)[0] ?? null;
      }),

    async getMany(contentIds, packId) {
      const found = new Map<ContentId, Observation>();
      for (let from = 0; from < contentIds.length; from += CONTENTS_AT_ONCE) {
        const some = JSON.stringify(contentIds.slice(from, from + CONTENTS_AT_ONCE));
        await database.read((sql) => {
          for (const observation of toObservations(
            sql,
            sql.all(MANY, storedAs(fusions, packId), some),
            packId,
          ))
            found.set(observation.contentId, observation);
        });
      }
      return found;
    },

    put: ({ observation, crops: made }) =>
      writeWithCrops(database, crops, (sql) => {
        const { contentId, packId } = observation;
        const cropsId = crops.put(made, cropsOf(sql, contentId, packId));
        sql.run(
          `INSERT INTO observations (content_id, pack_id, media, size_bytes, duration_ms, sampling_version,
            frame_count, observed_at, person_count, crops_id, persons)
          VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
          ON CONFLICT (content_id, pack_id) DO UPDATE SET
            media = excluded.media, size_bytes = excluded.size_bytes, duration_ms = excluded.duration_ms,
            sampling_version = excluded.sampling_version, frame_count = excluded.frame_count,
            observed_at = excluded.observed_at, person_count = excluded.person_count,
            crops_id = excluded.crops_id, persons = excluded.persons`,
          contentId,
          packId,
          observation.media,
          observation.sizeBytes,
          observation.durationMs,
          observation.samplingVersion,
          observation.frameCount,
          observation.observedAt,
          observation.persons.length,
          cropsId,
          toPersonBytes(observation.persons),
        );
        putBrought(sql, cropsId, made);
      }),

    async crops(contentId, packId) {
      let seen: number | null = null;
      for (;;) {
        const { id, embedded } = await database.read((sql) => {
          const named = cropsOf(sql, contentId, storedAs(fusions, packId));
          return { id: named, embedded: readEmbedded(sql, [named]).get(named ?? -1) ?? [] };
        });
        // The crop set is missing although its id has not changed: after a crash, or in a new crop file.
        if (id === null || id === seen) return [];
        const found = await crops.get(id);
        if (found) return withEmbeddings(found, embedded);
        seen = id;
      }
    },

    async size() {
      const { observations, persons } = await database.read((sql) => ({
        observations: Number(sql.get('SELECT count(*) AS n FROM observations')?.['n']),
        persons: Number(sql.get('SELECT total(person_count) AS n FROM observations')?.['n']),
      }));
      return { observations, persons, ...(await crops.size()) };
    },
  };
}

function cropsOf(sql: Connection, contentId: ContentId, packId: string): number | null {
  const row = sql.get(
    'SELECT crops_id FROM observations WHERE content_id = ? AND pack_id = ?',
    contentId,
    packId,
  );
  return typeof row?.['crops_id'] === 'number' ? row['crops_id'] : null;
}

const ObservationRow = z.object({
  content_id: ContentIdText,
  media: z.enum(['video', 'picture']),
  size_bytes: z.number(),
  duration_ms: z.number().nullable(),
  pack_id: z.string(),
  sampling_version: z.int(),
  frame_count: z.int(),
  observed_at: z.number(),
  crops_id: z.int().nullable(),
  persons: z.instanceof(Uint8Array),
});

function toObservation(row: Row): { observation: Observation; cropsId: number | null } {
  const parsed = ObservationRow.parse(row);
  const observation: Observation = {
    contentId: parsed.content_id,
    media: parsed.media,
    sizeBytes: parsed.size_bytes,
    durationMs: parsed.duration_ms,
    packId: parsed.pack_id,
    samplingVersion: parsed.sampling_version,
    frameCount: parsed.frame_count,
    persons: fromPersonBytes(parsed.persons),
    observedAt: parsed.observed_at,
  };
  return { observation, cropsId: parsed.crops_id };
}
