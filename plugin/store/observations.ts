import { z } from 'zod';
import { isContentId, type ContentId, type Subject } from '../../core/content-id.ts';
import type { Observation } from '../../core/observation.ts';
import type { Observations } from '../../core/ports.ts';
import type { CropFile } from './crop-file.ts';
import type { Connection, Database, Row } from './database.ts';
import { fromPersonBytes, toPersonBytes } from './observation-bytes.ts';

const COLUMNS =
  'content_id, media, size_bytes, duration_ms, pack_id, sampling_version, frame_count, observed_at, persons';

export function createObservations({
  database,
  crops,
}: {
  database: Database;
  crops: CropFile;
}): Observations {
  return {
    get: (contentId, packId) =>
      database.read((sql) => {
        const row = sql.get(
          `SELECT ${COLUMNS} FROM observations WHERE content_id = ? AND pack_id = ?`,
          contentId,
          packId,
        );
        return row ? toObservation(row) : null;
      }),

    getMany: (contentIds, packId) =>
      database.read((sql) => {
        const rows = sql.all(
          `SELECT ${COLUMNS} FROM observations
          WHERE pack_id = ? AND content_id IN (SELECT value FROM json_each(?))`,
          packId,
          JSON.stringify(contentIds),
        );
        return new Map(rows.map(toObservation).map((it) => [it.contentId, it]));
      }),

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
        await database.afterwards(() => crops.settle());
      }
    },

    async crops(contentId, packId) {
      let seen: number | null = null;
      for (;;) {
        const id = await database.read((sql) => cropsOf(sql, contentId, packId));
        // The same one again, and it is not there: a crash or a new crop file.
        if (id === null || id === seen) return [];
        const found = await crops.get(id);
        if (found) return found;
        seen = id;
      }
    },

    link: (subject, title, contentIds) =>
      database.write((sql) => {
        const wanted = [...new Set(contentIds)];
        const row = Number(
          sql.get(
            `INSERT INTO subjects (kind, id, title) VALUES (?, ?, ?)
            ON CONFLICT (kind, id) DO UPDATE SET title = excluded.title RETURNING row`,
            subject.kind,
            subject.id,
            title,
          )?.['row'],
        );
        if (JSON.stringify(contentsOf(sql, subject)) === JSON.stringify(wanted)) return;
        sql.run('DELETE FROM subject_contents WHERE subject = ?', row);
        sql.run(
          'INSERT INTO subject_contents (subject, position, content_id) SELECT ?, key, value FROM json_each(?)',
          row,
          JSON.stringify(wanted),
        );
      }),

    contentOf: (subject) => database.read((sql) => contentsOf(sql, subject)),

    contentOfMany: (subjects) =>
      database.read((sql) => {
        const rows = sql.all(
          `SELECT s.kind || ':' || s.id AS subject, c.content_id
          FROM json_each(?) AS wanted
          JOIN subjects AS s ON s.kind = wanted.value ->> 'kind' AND s.id = wanted.value ->> 'id'
          LEFT JOIN subject_contents AS c ON c.subject = s.row
          WHERE s.title IS NOT NULL ORDER BY wanted.key, c.position`,
          JSON.stringify(subjects.map(({ kind, id }) => ({ kind, id }))),
        );
        const contents = new Map<string, ContentId[]>();
        for (const row of rows) {
          const subject = String(row['subject']);
          const known = contents.get(subject) ?? [];
          if (row['content_id'] !== null) known.push(ContentIdText.parse(row['content_id']));
          contents.set(subject, known);
        }
        return contents;
      }),

    subjectsOf: (contentId) =>
      database.read((sql) =>
        sql
          .all(
            `SELECT s.kind, s.id FROM subject_contents AS c JOIN subjects AS s ON s.row = c.subject
            WHERE c.content_id = ? ORDER BY s.kind, s.number`,
            contentId,
          )
          .map((row) => SubjectRow.parse(row)),
      ),

    subjectsAfter: (packId, after, limit) =>
      database.read((sql) =>
        sql
          .all(
            `SELECT kind, id, title FROM subjects
            WHERE (kind, number) > (?, CAST(? AS INTEGER)) AND title IS NOT NULL AND EXISTS (
              SELECT 1 FROM subject_contents AS c
              JOIN observations AS o ON o.content_id = c.content_id AND o.pack_id = ?
              WHERE c.subject = subjects.row)
            ORDER BY kind, number LIMIT ?`,
            after?.kind ?? '',
            after?.id ?? '',
            packId,
            limit,
          )
          .map((row) => ({ subject: SubjectRow.parse(row), title: String(row['title']) })),
      ),

    matchedWith: (subject) =>
      database.read((sql) => {
        const row = sql.get(
          'SELECT matched_with FROM subjects WHERE kind = ? AND id = ?',
          subject.kind,
          subject.id,
        );
        return typeof row?.['matched_with'] === 'string' ? row['matched_with'] : null;
      }),

    setMatchedWith: (subject, mark) =>
      database.write((sql) => {
        sql.run(
          `INSERT INTO subjects (kind, id, matched_with) VALUES (?, ?, ?)
          ON CONFLICT (kind, id) DO UPDATE SET matched_with = excluded.matched_with`,
          subject.kind,
          subject.id,
          mark,
        );
      }),

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

function contentsOf(sql: Connection, { kind, id }: Subject): ContentId[] {
  return sql
    .all(
      `SELECT content_id FROM subject_contents WHERE subject = (SELECT row FROM subjects WHERE kind = ? AND id = ?)
      ORDER BY position`,
      kind,
      id,
    )
    .map((row) => ContentIdText.parse(row['content_id']));
}

const ContentIdText = z.string().refine(isContentId);
const SubjectRow = z.object({ kind: z.enum(['scene', 'image', 'gallery']), id: z.string() });
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
  const it = ObservationRow.parse(row);
  return {
    contentId: it.content_id,
    media: it.media,
    sizeBytes: it.size_bytes,
    durationMs: it.duration_ms,
    packId: it.pack_id,
    samplingVersion: it.sampling_version,
    frameCount: it.frame_count,
    persons: fromPersonBytes(it.persons),
    observedAt: it.observed_at,
  };
}
