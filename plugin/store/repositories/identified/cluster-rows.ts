/** Rows of identified clusters and their members. */
import { z } from 'zod';
import type { IdentifiedCluster } from '../../../../core/matching/identifications.ts';
import type { TitledEntity } from '../../../../core/ports/identifications.ts';
import type { Connection, Row } from '../../sqlite/database.ts';
import { ContentIdText, EntityRow } from '../entities.ts';

export function saveCluster(sql: Connection, row: number, position: number, person: IdentifiedCluster): void {
  const { key, decision, confidence, margin, candidates, members } = person;
  sql.run(
    `INSERT INTO identifications
      (entity, cluster_key, position, decision, performer_id, confidence, margin, candidates)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
    row,
    key,
    position,
    decision,
    decision === 'match' ? (candidates[0]?.performerId ?? null) : null,
    confidence,
    margin,
    JSON.stringify(candidates),
  );
  sql.run(
    `INSERT INTO cluster_members (entity, cluster_key, position, content_id, person_key)
    SELECT ?1, ?2, key, value ->> 'contentId', value ->> 'personKey' FROM json_each(?3)`,
    row,
    key,
    JSON.stringify(members),
  );
}

export function readClusters(sql: Connection, row: number): IdentifiedCluster[] {
  const membersOf = new Map<number, IdentifiedCluster['members'][number][]>();
  for (const member of sql.all(
    'SELECT * FROM cluster_members WHERE entity = ? ORDER BY cluster_key, position',
    row,
  )) {
    const { cluster_key: key, content_id: contentId, person_key: personKey } = MemberRow.parse(member);
    const members = membersOf.get(key) ?? [];
    members.push({ contentId, personKey });
    membersOf.set(key, members);
  }
  // An entity has some dozens: they are put in order here, for an index would cost more than it saves.
  return sql
    .all('SELECT * FROM identifications WHERE entity = ?', row)
    .map((cluster) => ClusterRow.parse(cluster))
    .toSorted((a, b) => a.position - b.position)
    .map(({ cluster_key: key, decision, confidence, margin, candidates }) => ({
      key,
      members: membersOf.get(key) ?? [],
      decision,
      confidence,
      margin,
      candidates: Candidates.parse(JSON.parse(candidates)),
    }));
}

export function toTitledEntity(row: Row): TitledEntity {
  const { kind, id, title } = TitledRow.parse(row);
  return { entity: { kind, id }, title: title ?? '' };
}

export const MemberRow = z.object({ cluster_key: z.int(), content_id: ContentIdText, person_key: z.int() });
const ClusterRow = z.object({
  cluster_key: z.int(),
  position: z.int(),
  decision: z.enum(['match', 'ambiguous', 'unknown']),
  confidence: z.number(),
  margin: z.number(),
  candidates: z.string(),
});
const Candidates = z.array(
  z.object({
    personId: z.string(),
    performerId: z.string().nullable(),
    name: z.string(),
    similarity: z.number(),
    confidence: z.number(),
    referenceId: z.string(),
    logLikelihoodRatio: z.number().optional(),
    expected: z
      .object({ onScene: z.literal(true).optional(), studioScenes: z.int().optional(), among: z.number() })
      .optional(),
  }),
);
const TitledRow = EntityRow.extend({ title: z.string().nullable() });
