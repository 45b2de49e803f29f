import type { Identifications, UnmatchedCluster } from '../../../core/ports/identifications.ts';
import type { StoreParts } from '../parts.ts';
import { ContentIdText } from './entities.ts';
import { MemberRow, readClusters, saveCluster, toTitledEntity } from './identified/cluster-rows.ts';

export function createIdentifications({ database }: Pick<StoreParts, 'database'>): Identifications {
  return {
    save: (entity, { matcherVersion, persons }) =>
      database.write((sql) => {
        const row = Number(
          sql.get(
            `INSERT INTO entities (kind, id, identified_with) VALUES (?, ?, ?)
            ON CONFLICT (kind, id) DO UPDATE SET identified_with = excluded.identified_with RETURNING row`,
            entity.kind,
            entity.id,
            matcherVersion,
          )?.['row'],
        );
        sql.run('DELETE FROM cluster_members WHERE entity = ?', row);
        sql.run('DELETE FROM identifications WHERE entity = ?', row);
        for (const [position, person] of persons.entries()) saveCluster(sql, row, position, person);
      }),

    get: (entity) =>
      database.read((sql) => {
        const known = sql.get(
          'SELECT row, identified_with FROM entities WHERE kind = ? AND id = ?',
          entity.kind,
          entity.id,
        );
        if (typeof known?.['identified_with'] !== 'string') return null;
        return { matcherVersion: known['identified_with'], persons: readClusters(sql, Number(known['row'])) };
      }),

    seenIn: (performerIds) =>
      database.read((sql) => {
        const rows = sql.all(
          `SELECT p.performer_id, count(*) AS looked,
            sum(EXISTS (SELECT 1 FROM identifications AS i WHERE i.performer_id = p.performer_id AND i.entity = p.entity)) AS seen
          FROM json_each(?) AS wanted
          JOIN entity_performers AS p ON p.performer_id = wanted.value
          JOIN entities AS e ON e.row = p.entity AND e.kind = 'scene' AND e.identified_with IS NOT NULL
          GROUP BY p.performer_id`,
          JSON.stringify(performerIds),
        );
        return new Map(
          rows.map((row) => [
            String(row['performer_id']),
            { looked: Number(row['looked']), seen: Number(row['seen']) },
          ]),
        );
      }),

    facesOf: (performerId, limit) =>
      database.read((sql) =>
        sql
          .all(
            `SELECT m.content_id, m.person_key, i.confidence FROM identifications AS i
            JOIN entity_performers AS p ON p.entity = i.entity AND p.performer_id = i.performer_id
            JOIN cluster_members AS m ON m.entity = i.entity AND m.cluster_key = i.cluster_key AND m.position = 0
            WHERE i.performer_id = ? ORDER BY i.confidence DESC LIMIT ?`,
            performerId,
            limit,
          )
          .map((row) => ({
            contentId: ContentIdText.parse(row['content_id']),
            personKey: Number(row['person_key']),
            confidence: Number(row['confidence']),
          })),
      ),

    notePerformers: (entities) =>
      database.write((sql) => {
        const wanted = JSON.stringify(
          entities.map(({ kind, id, performerIds }) => ({ kind, id, performerIds })),
        );
        // What is known already is not written once more: a scan lists everything each time.
        sql.run(
          `DELETE FROM entity_performers WHERE entity IN (${ROWS})
            AND (entity, performer_id) NOT IN (${ROWS_WITH_PERFORMERS})`,
          wanted,
        );
        sql.run(`INSERT OR IGNORE INTO entity_performers ${ROWS_WITH_PERFORMERS}`, wanted);
      }),

    notePerformersChanged: ({ kind, id }, { added, removed }) =>
      database.write((sql) => {
        sql.run(
          `DELETE FROM entity_performers WHERE entity IN (${ROWS})
            AND performer_id IN (SELECT value FROM json_each(?2))`,
          JSON.stringify([{ kind, id }]),
          JSON.stringify(removed),
        );
        sql.run(
          `INSERT OR IGNORE INTO entity_performers ${ROWS_WITH_PERFORMERS}`,
          JSON.stringify([{ kind, id, performerIds: added }]),
        );
      }),

    seenNotTagged: (performerId, after, limit) =>
      database.read((sql) =>
        sql
          .all(
            `SELECT e.kind, e.id, e.title FROM identifications AS i JOIN entities AS e ON e.row = i.entity
            WHERE i.performer_id = ?1
              AND i.entity > ifnull((SELECT row FROM entities WHERE kind = ?2 AND id = ?3), -1)
              AND NOT EXISTS (SELECT 1 FROM entity_performers AS p WHERE p.entity = i.entity AND p.performer_id = ?1)
            GROUP BY i.entity LIMIT ?4`,
            performerId,
            after?.kind ?? null,
            after?.id ?? null,
            limit,
          )
          .map(toTitledEntity),
      ),

    taggedNotSeen: (performerId, limit) =>
      database.read((sql) =>
        sql
          .all(
            `SELECT e.kind, e.id, e.title FROM entity_performers AS p
            JOIN entities AS e ON e.row = p.entity AND e.identified_with IS NOT NULL
            WHERE p.performer_id = ?1
              AND NOT EXISTS (SELECT 1 FROM identifications AS i WHERE i.performer_id = ?1 AND i.entity = p.entity)
            ORDER BY p.entity LIMIT ?2`,
            performerId,
            limit,
          )
          .map(toTitledEntity),
      ),

    forgetMatchesWith: (performerId) =>
      database.write((sql) => {
        sql.run(
          `UPDATE entities SET matched_with = NULL WHERE row IN (
            SELECT i.entity FROM identifications AS i WHERE i.performer_id = ?1
              AND NOT EXISTS (SELECT 1 FROM entity_performers AS p WHERE p.entity = i.entity AND p.performer_id = ?1))`,
          performerId,
        );
      }),

    withUnknown: (entity, clusterKey, limit) =>
      database.read((sql) =>
        sql
          .all(
            // From face to face rather than from cluster to cluster: each pair of two clusters of one file would be a step.
            `WITH RECURSIVE wanted (content_id, person_key) AS (
              SELECT own.content_id, own.person_key FROM entities AS e
              JOIN identifications AS i ON i.entity = e.row AND i.cluster_key = ?3
              JOIN cluster_members AS own ON own.entity = i.entity AND own.cluster_key = i.cluster_key
              WHERE e.kind = ?1 AND e.id = ?2 AND i.decision = 'unknown'
              UNION
              SELECT more.content_id, more.person_key FROM wanted ${UNKNOWN_CLUSTERS}
              JOIN cluster_members AS more ON more.entity = i.entity AND more.cluster_key = i.cluster_key)
            SELECT e.kind, e.id, e.title FROM (SELECT DISTINCT i.entity FROM wanted ${UNKNOWN_CLUSTERS}) AS wanted
            CROSS JOIN entities AS e ON e.row = wanted.entity LIMIT ?4`,
            entity.kind,
            entity.id,
            clusterKey,
            limit,
          )
          .map(toTitledEntity),
      ),

    countUnmatched: () =>
      database.read((sql) =>
        Number(sql.get(`SELECT count(*) AS n FROM identifications WHERE decision <> 'match'`)?.['n']),
      ),

    unmatched: (from, limit) =>
      database.read((sql) => {
        const clusters: UnmatchedCluster[] = [];
        let last: { readonly row: number; readonly key: number } | null = null;
        for (const row of sql.all(UNMATCHED, from, limit)) {
          const { cluster_key: key, content_id: contentId, person_key: personKey } = MemberRow.parse(row);
          const at = { row: Number(row['row']), key };
          const before = last?.row === at.row && last.key === key ? clusters.pop() : undefined;
          const members = [...(before?.members ?? []), { contentId, personKey }];
          clusters.push({ ...toTitledEntity(row), key, members });
          last = at;
        }
        return { clusters, next: last === null ? null : last.row + 1 };
      }),
  };
}

const UNMATCHED = `
  SELECT e.row, e.kind, e.id, e.title, m.cluster_key, m.content_id, m.person_key FROM (
    SELECT DISTINCT entity FROM identifications WHERE decision <> 'match' AND entity >= ?1
    ORDER BY entity LIMIT ?2) AS wanted
  JOIN entities AS e ON e.row = wanted.entity
  JOIN identifications AS i ON i.entity = wanted.entity AND i.decision <> 'match'
  JOIN cluster_members AS m ON m.entity = i.entity AND m.cluster_key = i.cluster_key
  ORDER BY wanted.entity, m.cluster_key, m.position`;

/** Our rows of the entities of the JSON list `?1`. */
const ROWS = `SELECT e.row FROM json_each(?1) AS wanted
  JOIN entities AS e ON e.kind = wanted.value ->> 'kind' AND e.id = wanted.value ->> 'id'`;
const ROWS_WITH_PERFORMERS = `SELECT e.row, wanted_performer.value FROM json_each(?1) AS wanted
  JOIN entities AS e ON e.kind = wanted.value ->> 'kind' AND e.id = wanted.value ->> 'id'
  JOIN json_each(wanted.value, '$.performerIds') AS wanted_performer`;

/** Of the faces in `wanted`. */
const UNKNOWN_CLUSTERS = `
  CROSS JOIN cluster_members AS m ON m.content_id = wanted.content_id AND m.person_key = wanted.person_key
  JOIN identifications AS i ON i.entity = m.entity AND i.cluster_key = m.cluster_key AND i.decision = 'unknown'`;
