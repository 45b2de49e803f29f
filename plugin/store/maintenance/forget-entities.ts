import type { Excluded } from '../../../core/ports/store.ts';
import { LIST_NAMES } from '../../../core/runs/tasks.ts';
import { forgetCredits } from '../repositories/people/credits.ts';
import { moveVersion } from '../repositories/people/version.ts';
import type { Connection } from '../sqlite/database.ts';

/**
Deletes what is kept of these scenes, images and galleries.

An observation stays as long as another scene or image has its file. A gallery does not count where an image is excluded: its
pictures are observed with it, and it loses the excluded ones.
@param orphans collects the crop sets that no row names any more, `titles` what they were called
@returns how many of them something was kept of
*/
export function forgetEntities(
  sql: Connection,
  entities: Excluded['entities'],
  orphans: number[],
  titles: string[],
): number {
  const counted = new Set<string>();
  /** Of each file the entity that it was deleted with. */
  const entityOf = new Map<string, string>();
  const contents = { ofFiles: new Set<string>(), ofGalleries: new Set<string>() };
  for (const { kind, id, contentIds } of entities) {
    const known = sql.get('SELECT row FROM entities WHERE kind = ? AND id = ?', kind, id);
    const own = kind === 'gallery' ? contents.ofGalleries : contents.ofFiles;
    const linked = known
      ? sql.all('SELECT content_id FROM entity_contents WHERE entity = ?', Number(known['row']))
      : [];
    for (const contentId of [...contentIds, ...linked.map((row) => String(row['content_id']))]) {
      own.add(contentId);
      entityOf.set(contentId, `${kind}:${id}`);
    }
    titles.push(...titlesOf(sql, kind, id));
    const deleted = [
      sql.run('DELETE FROM entities WHERE kind = ? AND id = ?', kind, id),
      sql.run('DELETE FROM suggestions WHERE entity_kind = ? AND entity_id = ?', kind, id),
      sql.run(`DELETE FROM work_items WHERE list IN (${LISTS}) AND kind = ? AND id = ?`, kind, id),
      sql.run(`DELETE FROM box_scene_look_ups WHERE ? = 'scene' AND scene_id = ?`, kind, id),
      sql.run(`DELETE FROM box_recut_look_ups WHERE ? = 'scene' AND scene_id = ?`, kind, id),
      sql.run(
        'DELETE FROM state WHERE key IN (?, ?)',
        `progress:${kind}:${id}`,
        `attempt-failed:${kind}:${id}`,
      ),
      forgetCovers(sql, kind, id),
    ];
    if (kind === 'scene') sql.run('DELETE FROM changed_scenes WHERE scene = ?', Number(id));
    const isCredited = kind === 'scene' && forgetCredits(sql, id);
    if (isCredited || deleted.some(({ changes }) => changes > 0)) counted.add(`${kind}:${id}`);
  }
  const gone = [
    ...[...contents.ofFiles].filter((contentId) => !isOfOther(sql, contentId, `kind <> 'gallery'`)),
    ...[...contents.ofGalleries].filter((contentId) => !isOfOther(sql, contentId, 'true')),
  ];
  // An image may have been observed only as a picture of a gallery, or learnt.
  for (const contentId of gone)
    if (forgetContent(sql, contentId, orphans)) counted.add(entityOf.get(contentId) ?? '');
  for (const image of forgetReferences(sql, gone, entities, orphans)) counted.add(image);
  return counted.size;
}

/** The covers that writes have replaced. The entries of the journal stay. */
function forgetCovers(sql: Connection, kind: string, id: string): { readonly changes: number } {
  return sql.run(
    `DELETE FROM state WHERE key IN
      (SELECT 'cover-before:' || id FROM journal WHERE entity_kind = ? AND entity_id = ?)`,
    kind,
    id,
  );
}

/** All lists, for a condition of SQL: with it the primary key of `work_items` is used. */
export const LISTS = LIST_NAMES.map((list) => `'${list}'`).join(', ');

function titlesOf(sql: Connection, kind: string, id: string): string[] {
  return sql
    .all(
      `SELECT title FROM entities WHERE kind = ?1 AND id = ?2 AND title IS NOT NULL
      UNION SELECT title FROM work_items WHERE list IN (${LISTS}) AND kind = ?1 AND id = ?2
      UNION SELECT entity_title FROM suggestions WHERE entity_kind = ?1 AND entity_id = ?2`,
      kind,
      id,
    )
    .map((row) => String(row['title']));
}

function isOfOther(sql: Connection, contentId: string, where: string): boolean {
  return (
    sql.get(
      `SELECT 1 FROM entity_contents AS c JOIN entities AS e ON e.row = c.entity
      WHERE c.content_id = ? AND ${where} LIMIT 1`,
      contentId,
    ) !== undefined
  );
}

/** @returns whether something was kept of it */
function forgetContent(sql: Connection, contentId: string, orphans: number[]): boolean {
  for (const row of sql.all(
    `SELECT e.row, e.kind, e.id FROM entity_contents AS c JOIN entities AS e ON e.row = c.entity
    WHERE c.content_id = ?`,
    contentId,
  )) {
    resetMatch(sql, Number(row['row']));
    // They may rest on this picture alone; the next match proposes them anew.
    sql.run(
      `DELETE FROM suggestions WHERE entity_kind = ? AND entity_id = ? AND state IN ('open', 'stale')`,
      String(row['kind']),
      String(row['id']),
    );
  }
  sql.run('DELETE FROM entity_contents WHERE content_id = ?', contentId);
  sql.run('DELETE FROM computed_phashes WHERE content_id = ?', contentId);
  for (const row of sql.all(
    `SELECT crops_id FROM observations WHERE content_id = ?1 AND crops_id IS NOT NULL
    UNION ALL SELECT crops_id FROM hidden_faces WHERE content_id = ?1 AND crops_id IS NOT NULL`,
    contentId,
  ))
    orphans.push(Number(row['crops_id']));
  sql.run('DELETE FROM hidden_faces WHERE content_id = ?', contentId);
  sql.run('DELETE FROM hidden_people WHERE id NOT IN (SELECT hidden FROM hidden_faces)');
  return sql.run('DELETE FROM observations WHERE content_id = ?', contentId).changes > 0;
}

/** Deletes the identifications of an entity, so that it is matched anew. */
export function resetMatch(sql: Connection, row: number): void {
  sql.run('DELETE FROM cluster_members WHERE entity = ?', row);
  sql.run('DELETE FROM identifications WHERE entity = ?', row);
  sql.run('UPDATE entities SET matched_with = NULL, identified_with = NULL WHERE row = ?', row);
  // Or a rematch would count as done.
  sql.run(`DELETE FROM state WHERE key = 'all-matched-with'`);
}

/** Those of the performers who stay: faces confirmed in these files, and these images. @returns the images among them, as `image:12` */
function forgetReferences(
  sql: Connection,
  contentIds: readonly string[],
  entities: Excluded['entities'],
  orphans: number[],
): string[] {
  const images = entities.flatMap(({ kind, id }) => (kind === 'image' ? [`image:${id}`] : []));
  const rows = sql.all(
    `SELECT id, source, source_key, crops_id FROM performer_references
    WHERE (source = 'confirmed' AND substr(source_key, 1, instr(source_key, '#') - 1) IN (SELECT value FROM json_each(?1)))
      OR (source = 'image' AND source_key IN (SELECT value FROM json_each(?2)))`,
    JSON.stringify(contentIds),
    JSON.stringify(images),
  );
  for (const row of rows) {
    if (row['crops_id'] !== null) orphans.push(Number(row['crops_id']));
    sql.run('DELETE FROM performer_references WHERE id = ?', Number(row['id']));
  }
  if (rows.length > 0) moveVersion(sql);
  return rows.flatMap((row) => (row['source'] === 'image' ? [String(row['source_key'])] : []));
}
