import type { FaceCrop } from '../../../../core/faces/face.ts';
import type { BoxPeople } from '../../../../core/ports/boxes/box-people.ts';
import { toVectorBytes } from '../../codecs/bytes.ts';
import type { StoreParts } from '../../parts.ts';
import type { Connection } from '../../sqlite/database.ts';
import { writeWithCrops } from '../../sqlite/write-crops.ts';
import { createJoins } from './joins.ts';
import { answered, COLUMNS, MEMBERS, membersOf, putMember, want } from './lists.ts';
import { picturesOf, State, toPerformer } from './rows.ts';

const IS_USABLE = `EXISTS (SELECT 1 FROM box_pictures WHERE performer = p.number AND state = 'used')`;

export function createBoxPeople({ database, crops }: Pick<StoreParts, 'database' | 'crops'>): BoxPeople {
  const withCrops = <T>(work: (sql: Connection) => T): Promise<T> => writeWithCrops(database, crops, work);

  return {
    beginList: (packId, ids) =>
      database.write((sql) => {
        sql.run('DELETE FROM box_lists WHERE pack = ?', packId);
        want(sql, packId, ids);
      }),

    replaceList: (packId, by) =>
      database.write((sql) => {
        sql.run('DELETE FROM box_lists WHERE pack = ?', packId);
        sql.run('UPDATE box_lists SET pack = ? WHERE pack = ?', packId, by);
      }),

    want: (packId, ids) => database.write((sql) => want(sql, packId, ids)),

    wanted: (packId, limit) =>
      database.read((sql) =>
        sql
          .all(
            'SELECT id FROM box_lists WHERE pack = ? AND is_answered = 0 ORDER BY id LIMIT ?',
            packId,
            limit,
          )
          .map((row) => String(row['id'])),
      ),

    putMembers: (packId, endpoint, performers) =>
      database.write((sql) => {
        let changed = 0;
        for (const performer of performers) {
          if (putMember(sql, packId, endpoint, performer)) changed++;
        }
        return changed;
      }),

    putAbsent: (packId, ids) =>
      database.write((sql) => {
        const members = sql.get(
          `SELECT count(*) AS count FROM box_lists
          WHERE pack = ? AND performer IS NOT NULL AND id IN (SELECT value FROM json_each(?))`,
          packId,
          JSON.stringify(ids),
        );
        for (const id of ids) answered(sql, packId, id, null);
        return Number(members?.['count']);
      }),

    listed: (packId, ids) =>
      database.read((sql) =>
        sql
          .all(
            'SELECT id FROM box_lists WHERE pack = ? AND id IN (SELECT value FROM json_each(?)) ORDER BY id',
            packId,
            JSON.stringify(ids),
          )
          .map((row) => String(row['id'])),
      ),

    askAgain: (packId) =>
      database.write((sql) => void sql.run('UPDATE box_lists SET is_answered = 0 WHERE pack = ?', packId)),

    dropUnlisted: (endpoint) =>
      withCrops((sql) => {
        const unlisted = `endpoint = ?1 AND NOT EXISTS (SELECT 1 FROM box_lists WHERE performer = box_performers.number)`;
        const orphans = sql
          .all(`SELECT crops_id FROM box_performers WHERE crops_id IS NOT NULL AND ${unlisted}`, endpoint)
          .map((row) => Number(row['crops_id']));
        if (orphans.length > 0) crops.addOrphans(orphans);
        return sql.run(`DELETE FROM box_performers WHERE ${unlisted}`, endpoint).changes;
      }),

    members: (packId, afterId, limit) => database.read((sql) => membersOf(sql, packId, afterId, limit)),

    get: (number) =>
      database.read((sql) => {
        const row = sql.get(`SELECT ${COLUMNS} FROM box_performers AS p WHERE p.number = ?`, Number(number));
        return row ? toPerformer(row) : null;
      }),

    putPictures: (number, lookedAs, pictures) =>
      withCrops((sql) => {
        const known = sql.get('SELECT crops_id FROM box_performers WHERE number = ?', Number(number));
        // They were dropped meanwhile.
        if (known === undefined) return;
        const before = known['crops_id'] === null ? null : Number(known['crops_id']);
        const kept = pictures.flatMap(({ imageId, face }) =>
          face?.crop ? [{ imageId, crop: face.crop }] : [],
        );
        const set = kept
          .toSorted((a, b) => (a.imageId < b.imageId ? -1 : 1))
          .map(({ crop }, rank) => ({ ...crop, personKey: 0, rank, timeMs: null }));
        const cropsId = crops.put(set, before);
        sql.run(
          'UPDATE box_performers SET looked_as = ?2, crops_id = ?3 WHERE number = ?1',
          Number(number),
          lookedAs,
          cropsId,
        );
        sql.run('DELETE FROM box_pictures WHERE performer = ?', Number(number));
        for (const { imageId, state, face } of pictures) {
          sql.run(
            'INSERT INTO box_pictures (performer, image_id, state, quality) VALUES (?, ?, ?, ?)',
            Number(number),
            imageId,
            state,
            face?.quality ?? 0,
          );
          for (const [embedder, embedding] of Object.entries(face?.embeddings ?? {}))
            sql.run(
              'INSERT INTO box_embeddings (performer, image_id, embedder, embedding) VALUES (?, ?, ?, ?)',
              Number(number),
              imageId,
              embedder,
              toVectorBytes(embedding),
            );
        }
      }),

    pictures: (number) => database.read((sql) => picturesOf(sql, Number(number))),

    lookedAt: (packId, afterId, limit) =>
      database.read((sql) =>
        membersOf(sql, packId, afterId, limit).map((member) => ({
          ...member,
          pictures: picturesOf(sql, Number(member.number)),
        })),
      ),

    async crops(number) {
      const { cropsId, imageIds } = await database.read((sql) => ({
        cropsId: sql.get('SELECT crops_id FROM box_performers WHERE number = ?', Number(number))?.[
          'crops_id'
        ],
        imageIds: sql
          .all(
            `SELECT image_id FROM box_pictures WHERE performer = ? AND state = 'used' ORDER BY image_id`,
            Number(number),
          )
          .map((row) => String(row['image_id'])),
      }));
      const set = typeof cropsId === 'number' ? ((await crops.get(cropsId)) ?? []) : [];
      const byImage = new Map<string, FaceCrop>();
      for (const { jpeg, width, height, landmarks, rank } of set) {
        const imageId = imageIds[rank];
        if (imageId !== undefined) byImage.set(imageId, { jpeg, width, height, landmarks });
      }
      return byImage;
    },

    ...createJoins(database),

    countMembers: (packId) =>
      database.read((sql) =>
        Number(
          sql.get(
            'SELECT count(*) AS count FROM box_lists WHERE pack = ? AND performer IS NOT NULL',
            packId,
          )?.['count'],
        ),
      ),

    counts: (packId) =>
      database.read((sql) => {
        const row = sql.get(
          `SELECT count(*) AS people, total(${IS_USABLE}) AS usable FROM ${MEMBERS} WHERE l.pack = ?`,
          packId,
        );
        const states = sql.all(
          `SELECT x.state, count(*) AS count FROM ${MEMBERS} JOIN box_pictures AS x ON x.performer = p.number
          WHERE l.pack = ? GROUP BY x.state`,
          packId,
        );
        return {
          people: Number(row?.['people']),
          usable: Number(row?.['usable']),
          pictures: Object.fromEntries(
            states.map(({ state, count }) => [State.parse(state), Number(count)] as const),
          ),
        };
      }),

    find: (packId, { name, without }, limit, offset) =>
      database.read((sql) => {
        const where = `l.pack = ?1 AND (?2 = '' OR p.id = ?2 OR p.name LIKE '%' || ?3 || '%' ESCAPE '\\')
          AND (?4 = 0 OR NOT ${IS_USABLE})`;
        const values = [packId, name, name.replaceAll(/[\\%_]/g, String.raw`\$&`), without ? 1 : 0] as const;
        return {
          total: Number(
            sql.get(`SELECT count(*) AS count FROM ${MEMBERS} WHERE ${where}`, ...values)?.['count'],
          ),
          items: sql
            .all(
              `SELECT ${COLUMNS} FROM ${MEMBERS} WHERE ${where} ORDER BY p.name, l.id LIMIT ?5 OFFSET ?6`,
              ...values,
              limit,
              offset,
            )
            .map((row) => {
              const member = toPerformer(row);
              return { ...member, pictures: picturesOf(sql, Number(member.number)) };
            }),
        };
      }),
  };
}
