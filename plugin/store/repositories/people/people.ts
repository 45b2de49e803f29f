import { StashSenseError } from '../../../../core/errors.ts';
import { message } from '../../../../core/messages/message.ts';
import type { StashPerformer } from '../../../../core/ports/library.ts';
import { normalizeText } from '../../../../core/normalize-text.ts';
import type { PeopleStore, StoredReference } from '../../../../core/ports/people.ts';
import { toVectorBytes } from '../../codecs/bytes.ts';
import type { StoreParts } from '../../parts.ts';
import type { Connection, Row } from '../../sqlite/database.ts';
import { writeWithCrops } from '../../sqlite/write-crops.ts';
import { toPerformer, toReference } from './people-rows.ts';
import { createPeopleSource } from './gallery.ts';
import { createMatchedPeople } from './matched-people.ts';
import { createReferenceStates } from './reference-states.ts';
import { createStashIds } from './stash-ids.ts';
import { moveVersion } from './version.ts';
import { createStoredReferences, REFERENCE_COLUMNS } from './stored-references.ts';
import { putBrought } from '../crop-embeddings.ts';

export function createPeopleStore({
  database,
  crops,
  fusions,
}: Pick<StoreParts, 'database' | 'crops' | 'fusions'>): PeopleStore {
  const withCrops = <T>(work: (sql: Connection) => T): Promise<T> => writeWithCrops(database, crops, work);

  return {
    version: () =>
      database.read((sql) =>
        Number(sql.get(`SELECT value FROM counters WHERE name = 'people-version'`)?.['value']),
      ),

    ...createPeopleSource(database, fusions),
    ...createStashIds(database),
    ...createMatchedPeople(database),
    ...createReferenceStates(database, fusions),

    putPerformer: (performer) =>
      database.write((sql) => {
        const before = sql.get('SELECT name, disambiguation FROM performers WHERE id = ?', performer.id);
        const { changes } = sql.run(
          `INSERT INTO performers (id, name, disambiguation, aliases, stash_ids, image_path)
          VALUES (?, ?, ?, ?, ?, ?)
          ON CONFLICT (id) DO UPDATE SET name = excluded.name, disambiguation = excluded.disambiguation,
            aliases = excluded.aliases, stash_ids = excluded.stash_ids, image_path = excluded.image_path
          WHERE (name, disambiguation, aliases, stash_ids) <>
            (excluded.name, excluded.disambiguation, excluded.aliases, excluded.stash_ids)
            OR image_path IS NOT excluded.image_path`,
          performer.id,
          performer.name,
          performer.disambiguation,
          JSON.stringify(performer.aliases),
          JSON.stringify(performer.stashIds),
          performer.imagePath,
        );
        if (changes > 0 || !hasNames(sql, performer.id)) putNames(sql, performer);
        const isNamedAnew =
          before !== undefined &&
          (before['name'] !== performer.name || before['disambiguation'] !== performer.disambiguation);
        if (isNamedAnew && isSearched(sql, performer.id)) moveVersion(sql);
      }),

    performer: (performerId) =>
      database.read((sql) => {
        const row = sql.get('SELECT * FROM performers WHERE id = ?', performerId);
        return row ? toPerformer(row) : null;
      }),

    async dropMissing(presentIds, { after, upTo } = { after: '-1', upTo: null }) {
      return withCrops((sql) => {
        const values = [
          JSON.stringify([...presentIds]),
          Number(after),
          upTo === null ? null : Number(upTo),
        ] as const;
        const missing = `(SELECT id FROM performers WHERE id NOT IN (SELECT value FROM json_each(?1))
          AND number > ?2 AND (?3 IS NULL OR number <= ?3))`;
        const rows = sql.all(
          `SELECT crops_id FROM performer_references WHERE crops_id IS NOT NULL AND performer_id IN ${missing}`,
          ...values,
        );
        const searched = sql.get(
          `SELECT 1 FROM performer_references WHERE state = 'used' AND performer_id IN ${missing} LIMIT 1`,
          ...values,
        );
        if (rows.length > 0) crops.addOrphans(rows.map((row) => Number(row['crops_id'])));
        if (searched) moveVersion(sql);
        return sql.run(`DELETE FROM performers WHERE id IN ${missing}`, ...values).changes;
      });
    },

    moveReferences: (mergedId, intoId) =>
      database.write((sql) => {
        const { changes } = sql.run(
          `UPDATE performer_references SET performer_id = ?2 WHERE performer_id = ?1
            AND NOT EXISTS (SELECT 1 FROM performer_references WHERE performer_id = ?2)`,
          mergedId,
          intoId,
        );
        if (changes > 0) moveVersion(sql);
      }),

    ...createStoredReferences({ database, crops, fusions }),

    async putReference(reference) {
      const id = await withCrops((sql) => {
        const { performerId, packId, sourceKey, crop } = reference;
        if (!sql.get('SELECT 1 FROM performers WHERE id = ?', performerId))
          throw new StashSenseError('not-found', message('store.noPerformer', { id: performerId }));
        const row = sql.get(
          `SELECT ${REFERENCE_COLUMNS} FROM performer_references WHERE performer_id = ? AND pack_id = ? AND source_key = ?`,
          performerId,
          packId,
          sourceKey,
        );
        const embedding = reference.embedding ? toVectorBytes(reference.embedding) : null;
        if (changesSearchResults(row, reference, embedding)) moveVersion(sql);
        const before = row ? toReference(row).cropsId : null;
        const set = crop ? [{ ...crop, personKey: 0, rank: 0, timeMs: null }] : [];
        const cropsId = crops.put(set, before);
        putBrought(sql, cropsId, set);
        return Number(
          sql.get(
            `INSERT INTO performer_references (performer_id, source, source_key, revision, content_hash, pack_id, state,
              quality, crops_id, embedding)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            ON CONFLICT (performer_id, pack_id, source_key) DO UPDATE SET
              source = excluded.source, revision = excluded.revision, content_hash = excluded.content_hash,
              state = excluded.state, quality = excluded.quality, crops_id = excluded.crops_id,
              embedding = excluded.embedding
            RETURNING id`,
            performerId,
            reference.source,
            sourceKey,
            reference.revision,
            reference.contentHash,
            packId,
            reference.state,
            reference.quality,
            cropsId,
            embedding,
          )?.['id'],
        );
      });
      return String(id);
    },

    setReferenceState: (id, state) =>
      database.write((sql) => {
        const row = sql.get(
          'SELECT state, embedding IS NULL AS empty FROM performer_references WHERE id = ?',
          id,
        );
        if (!row) throw new StashSenseError('not-found', message('store.noReference', { id }));
        if (row['empty'] === 0 && (row['state'] === 'used') !== (state === 'used')) moveVersion(sql);
        sql.run('UPDATE performer_references SET state = ? WHERE id = ?', state, id);
      }),
  };
}

/** Names and aliases, folded, by which `isSamePerformer` finds whom a name can mean. */
function putNames(sql: Connection, { id, name, aliases }: StashPerformer): void {
  sql.run('DELETE FROM performer_names WHERE performer_id = ?', id);
  sql.run(
    'INSERT INTO performer_names (performer_id, name) SELECT DISTINCT ?, value FROM json_each(?)',
    id,
    JSON.stringify([name, ...aliases].map(normalizeText)),
  );
}

function hasNames(sql: Connection, performerId: string): boolean {
  return sql.get('SELECT 1 FROM performer_names WHERE performer_id = ? LIMIT 1', performerId) !== undefined;
}

function isSearched(sql: Connection, performerId: string): boolean {
  return (
    sql.get(
      `SELECT 1 FROM performer_references WHERE performer_id = ? AND state = 'used' AND embedding IS NOT NULL`,
      performerId,
    ) !== undefined
  );
}

/** Whether search results can change: they depend on embedding, weight and source of used references, not on revisions, hashes and crops. */
function changesSearchResults(
  row: Row | undefined,
  after: Pick<StoredReference, 'state' | 'source' | 'quality'>,
  embedding: Uint8Array | null,
): boolean {
  const seen = after.state === 'used' && embedding !== null;
  if (!row || row['state'] !== 'used' || !(row['embedding'] instanceof Uint8Array)) return seen;
  return (
    !seen ||
    row['source'] !== after.source ||
    row['quality'] !== after.quality ||
    Buffer.compare(row['embedding'], embedding) !== 0
  );
}
