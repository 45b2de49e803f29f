import { z } from 'zod';
import type { FaceCluster } from '../../../../core/faces/observation.ts';
import { fusedClusters } from '../../../../core/packs/fusion.ts';
import type { HiddenFace, HiddenPeople } from '../../../../core/ports/people.ts';
import { fromPersonBytes, toPersonBytes } from '../../codecs/observation-bytes.ts';
import { storedAs, type StoreParts } from '../../parts.ts';
import { writeWithCrops } from '../../sqlite/write-crops.ts';
import { putBrought, readEmbedded } from '../crop-embeddings.ts';
import { ContentIdText } from '../entities.ts';

export function createHiddenPeople({
  database,
  crops,
  fusions,
}: Pick<StoreParts, 'database' | 'crops' | 'fusions'>): HiddenPeople {
  return {
    hide: (faces, packId, at) =>
      writeWithCrops(
        database,
        crops,
        (sql) => {
          const id = Number(sql.get('INSERT INTO hidden_people (at) VALUES (?) RETURNING id', at)?.['id']);
          for (const { contentId, person, crops: made } of faces) {
            const cropsId = crops.put(made, null);
            sql.run(
              'INSERT INTO hidden_faces (hidden, content_id, pack_id, crops_id, cluster) VALUES (?, ?, ?, ?, ?)',
              id,
              contentId,
              packId,
              cropsId,
              toPersonBytes([person]),
            );
            putBrought(sql, cropsId, made);
          }
          return String(id);
        },
        { durable: true },
      ),

    show: (id) =>
      writeWithCrops(
        database,
        crops,
        (sql) => {
          const sets = sql
            .all('SELECT crops_id FROM hidden_faces WHERE hidden = ? AND crops_id IS NOT NULL', Number(id))
            .map((row) => Number(row['crops_id']));
          if (sets.length > 0) crops.addOrphans(sets);
          sql.run('DELETE FROM hidden_faces WHERE hidden = ?', Number(id));
          return sql.run('DELETE FROM hidden_people WHERE id = ?', Number(id)).changes > 0;
        },
        { durable: true },
      ),

    list: (packId) =>
      database.read((sql) => {
        const rows = sql
          .all(
            `SELECT p.id, p.at, f.content_id, f.crops_id, f.cluster FROM hidden_people AS p
            JOIN hidden_faces AS f ON f.hidden = p.id AND f.pack_id = ? ORDER BY p.id DESC, f.rowid`,
            storedAs(fusions, packId),
          )
          .map((row) => FaceRow.parse(row));
        const fusion = fusions.get(packId);
        const embedded =
          fusion === undefined
            ? new Map()
            : readEmbedded(
                sql,
                rows.map((row) => row.crops_id),
              );
        const people = new Map<number, { id: string; at: number; faces: HiddenFace[] }>();
        for (const { id, at, content_id: contentId, crops_id: cropsId, cluster } of rows) {
          const known = people.get(id) ?? { id: String(id), at, faces: [] };
          people.set(id, known);
          const seen = fromPersonBytes(cluster);
          const compared: FaceCluster[] =
            fusion === undefined ? seen : fusedClusters(seen, embedded.get(cropsId ?? -1) ?? [], fusion);
          for (const person of compared) known.faces.push({ contentId, person });
        }
        return [...people.values()];
      }),

    count: () => database.read((sql) => Number(sql.get('SELECT count(*) AS n FROM hidden_people')?.['n'])),

    async pictures(limit, offset) {
      const rows = await database.read((sql) =>
        sql
          .all(
            `SELECT p.id, p.at, (SELECT f.crops_id FROM hidden_faces AS f
              WHERE f.hidden = p.id AND f.crops_id IS NOT NULL ORDER BY f.rowid LIMIT 1) AS crops_id
            FROM hidden_people AS p ORDER BY p.id DESC LIMIT ? OFFSET ?`,
            limit,
            offset,
          )
          .map((row) => PictureRow.parse(row)),
      );
      return await Promise.all(
        rows.map(async ({ id, at, crops_id: cropsId }) => {
          const kept = cropsId === null ? null : await crops.get(cropsId);
          const best = kept?.toSorted((a, b) => a.rank - b.rank)[0];
          return { id: String(id), at, jpeg: best?.jpeg ?? null };
        }),
      );
    },
  };
}

const PictureRow = z.object({ id: z.int(), at: z.number(), crops_id: z.int().nullable() });
const FaceRow = PictureRow.extend({ content_id: ContentIdText, cluster: z.instanceof(Uint8Array) });
