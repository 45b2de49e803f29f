import { z } from 'zod';
import type { ContentId } from '../../../core/content-id.ts';
import type { Observation } from '../../../core/faces/observation.ts';
import type { Observations } from '../../../core/ports/observations.ts';
import type { StoreParts } from '../parts.ts';
import type { Connection, Row } from '../sqlite/database.ts';
import { fromPersonBytes, toPersonBytes } from '../codecs/observation-bytes.ts';
import { ContentIdText, createEntities } from './entities.ts';

const COLUMNS =
  'content_id, media, size_bytes, duration_ms, pack_id, sampling_version, frame_count, observed_at, persons';
/** Observations per read: each can have hundreds of faces to decode. */
const CONTENTS_AT_ONCE = 200;
const MANY = `SELECT ${COLUMNS} FROM observations
WHERE pack_id = ? AND content_id IN (SELECT value FROM json_each(?))`;

export function createObservations({
  database,
  crops,
}: Pick<StoreParts, 'database' | 'crops'>): Observations {
  return {
    ...createEntities({ database }),

    get: (contentId, packId) =>
      database.read((sql) => {
        const row = sql.get(
          `SELECT ${COLUMNS} FROM observations WHERE content_id = ? AND pack_id = ?`,
          contentId,
          packId,
        );
        return row ? toObservation(row) : null;
      }),

    async getMany(contentIds, packId) {
      const found = new Map<ContentId, Observation>();
      for (let from = 0; from < contentIds.length; from += CONTENTS_AT_ONCE) {
        const some = JSON.stringify(contentIds.slice(from, from + CONTENTS_AT_ONCE));
        await database.read((sql) => {
          for (const row of sql.all(MANY, packId, some)) {
            const observation = toObservation(row);
            found.set(observation.contentId, observation);
          }
        });
      }
      return found;
    },

    async put({ observation, crops: made }) {
      await crops.open();
      try {
        await database.write((sql) => {
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
        });
      } finally {
        await database.onTransactionEnd(() => crops.collectOrphans());
      }
    },

    async crops(contentId, packId) {
      let seen: number | null = null;
      for (;;) {
        const id = await database.read((sql) => cropsOf(sql, contentId, packId));
        // The crop set is missing although its id has not changed: after a crash, or in a new crop file.
        if (id === null || id === seen) return [];
        const found = await crops.get(id);
        if (found) return found;
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
  persons: z.instanceof(Uint8Array),
});

function toObservation(row: Row): Observation {
  const parsed = ObservationRow.parse(row);
  return {
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
}
