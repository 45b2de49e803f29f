import { z } from 'zod';
import { isContentId, type ContentId, type EntityRef } from '../../../core/content-id.ts';
import type { Observations } from '../../../core/ports/observations.ts';
import { storedAs, type StoreParts } from '../parts.ts';
import type { Connection } from '../sqlite/database.ts';

export const ContentIdText = z.string().refine(isContentId);
export const EntityRow = z.object({ kind: z.enum(['scene', 'image', 'gallery']), id: z.string() });

/** The files an entity had when it was last observed, and its last matcher version (table `entities`). */
export function createEntities({
  database,
  fusions,
}: Pick<StoreParts, 'database' | 'fusions'>): Pick<
  Observations,
  | 'link'
  | 'contentOf'
  | 'contentOfMany'
  | 'entitiesOf'
  | 'entitiesAfter'
  | 'matchedWith'
  | 'setMatchedWith'
  | 'entitiesToMatch'
> {
  return {
    link: (entity, title, contentIds) =>
      database.write((sql) => {
        const wanted = [...new Set(contentIds)];
        const row = Number(
          sql.get(
            `INSERT INTO entities (kind, id, title) VALUES (?, ?, ?)
            ON CONFLICT (kind, id) DO UPDATE SET title = excluded.title RETURNING row`,
            entity.kind,
            entity.id,
            title,
          )?.['row'],
        );
        if (JSON.stringify(contentsOf(sql, entity)) === JSON.stringify(wanted)) return;
        sql.run('DELETE FROM entity_contents WHERE entity = ?', row);
        sql.run(
          'INSERT INTO entity_contents (entity, position, content_id) SELECT ?, key, value FROM json_each(?)',
          row,
          JSON.stringify(wanted),
        );
      }),

    contentOf: (entity) => database.read((sql) => contentsOf(sql, entity)),

    contentOfMany: (entities) =>
      database.read((sql) => {
        const rows = sql.all(
          `SELECT s.kind || ':' || s.id AS entity, c.content_id
          FROM json_each(?) AS wanted
          JOIN entities AS s ON s.kind = wanted.value ->> 'kind' AND s.id = wanted.value ->> 'id'
          LEFT JOIN entity_contents AS c ON c.entity = s.row
          WHERE s.title IS NOT NULL ORDER BY wanted.key, c.position`,
          JSON.stringify(entities.map(({ kind, id }) => ({ kind, id }))),
        );
        const contents = new Map<string, ContentId[]>();
        for (const row of rows) {
          const entity = String(row['entity']);
          const known = contents.get(entity) ?? [];
          if (row['content_id'] !== null) known.push(ContentIdText.parse(row['content_id']));
          contents.set(entity, known);
        }
        return contents;
      }),

    entitiesOf: (contentId) =>
      database.read((sql) =>
        sql
          .all(
            `SELECT s.kind, s.id FROM entity_contents AS c JOIN entities AS s ON s.row = c.entity
            WHERE c.content_id = ? ORDER BY s.kind, s.number`,
            contentId,
          )
          .map((row) => EntityRow.parse(row)),
      ),

    entitiesAfter: (packId, after, limit) =>
      database.read((sql) => {
        const stored = storedAs(fusions, packId);
        // Two queries: comparing both columns in one would read all preceding rows of the kind.
        const same = after
          ? observedEntities(
              sql,
              stored,
              limit,
              'kind = ? AND number > CAST(? AS INTEGER)',
              after.kind,
              after.id,
            )
          : [];
        const more = observedEntities(sql, stored, limit - same.length, 'kind > ?', after?.kind ?? '');
        return [...same, ...more];
      }),

    matchedWith: (entity) =>
      database.read((sql) => {
        const row = sql.get(
          'SELECT matched_with FROM entities WHERE kind = ? AND id = ?',
          entity.kind,
          entity.id,
        );
        return typeof row?.['matched_with'] === 'string' ? row['matched_with'] : null;
      }),

    setMatchedWith: (entity, matcherVersion) =>
      database.write((sql) => {
        sql.run(
          `INSERT INTO entities (kind, id, matched_with) VALUES (?, ?, ?)
          ON CONFLICT (kind, id) DO UPDATE SET matched_with = excluded.matched_with`,
          entity.kind,
          entity.id,
          matcherVersion,
        );
      }),

    entitiesToMatch: (packId, limit) =>
      database.read((sql) =>
        observedEntities(
          sql,
          storedAs(fusions, packId),
          limit,
          'matched_with IS NULL AND identified_with IS NOT NULL',
        ),
      ),
  };
}

function contentsOf(sql: Connection, { kind, id }: EntityRef): ContentId[] {
  return sql
    .all(
      `SELECT content_id FROM entity_contents WHERE entity = (SELECT row FROM entities WHERE kind = ? AND id = ?)
      ORDER BY position`,
      kind,
      id,
    )
    .map((row) => ContentIdText.parse(row['content_id']));
}

function observedEntities(
  sql: Connection,
  packId: string,
  limit: number,
  where: string,
  ...values: string[]
): { entity: EntityRef; title: string }[] {
  return sql
    .all(
      `SELECT kind, id, title FROM entities
      WHERE ${where} AND title IS NOT NULL AND EXISTS (
        SELECT 1 FROM entity_contents AS c
        JOIN observations AS o ON o.content_id = c.content_id AND o.pack_id = ?
        WHERE c.entity = entities.row)
      ORDER BY kind, number LIMIT ?`,
      ...values,
      packId,
      limit,
    )
    .map((row) => ({ entity: EntityRow.parse(row), title: String(row['title']) }));
}
