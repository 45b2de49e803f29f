/** Who of the stash-boxes is one person, and who could be. */
import { z } from 'zod';
import type { StashIdValue } from '../../../../core/changes/change.ts';
import type { BoxPeople } from '../../../../core/ports/boxes/box-people.ts';
import { compareText } from '../../../../core/reference-packs/candidate-images.ts';
import { DOUBTS, type JoinedPerson } from '../../../../core/reference-packs/join-people.ts';
import { JoinEvidence, keyOfStashId } from '../../../../core/reference-packs/reference-pack.ts';
import type { StoreParts } from '../../parts.ts';
import type { Connection, Row } from '../../sqlite/database.ts';
import { COLUMNS } from './lists.ts';
import { picturesOf, toPerformer } from './rows.ts';

type Names = 'endpoints' | 'everybody' | 'memberNumbers' | 'putJoins' | 'joined' | 'doubtful';

/** Lists that are being made end in another character. */
const IS_MEMBER = `EXISTS (SELECT 1 FROM box_lists WHERE performer = p.number AND pack GLOB '*[a-z0-9]')`;

export function createJoins(database: StoreParts['database']): Pick<BoxPeople, Names> {
  return {
    endpoints: () =>
      database.read((sql) =>
        sql
          .all(`SELECT DISTINCT endpoint FROM box_performers AS p WHERE ${IS_MEMBER} ORDER BY endpoint`)
          .map((row) => String(row['endpoint'])),
      ),

    everybody: (afterNumber, limit) =>
      database.read((sql) =>
        sql
          .all(
            `SELECT ${COLUMNS} FROM box_performers AS p WHERE p.number > ? AND ${IS_MEMBER} ORDER BY p.number LIMIT ?`,
            Number(afterNumber),
            limit,
          )
          .map(toPerformer)
          .map((member) => ({ ...member, pictures: picturesOf(sql, Number(member.number)) })),
      ),

    memberNumbers: (packId) =>
      database.read((sql) =>
        sql
          .all(
            'SELECT performer FROM box_lists WHERE pack = ? AND performer IS NOT NULL ORDER BY performer',
            packId,
          )
          .map((row) => String(row['performer'])),
      ),

    putJoins: ({ people, doubtful }) =>
      database.write((sql) => {
        sql.run('DELETE FROM box_joins');
        for (const evidence of people.flatMap(({ joins }) => joins)) put(sql, evidence, null);
        for (const { why, ...evidence } of doubtful) put(sql, evidence, why);
      }),

    joined: () =>
      database.read((sql) => {
        const pairs = sql.all(
          'SELECT one, other, evidence, why FROM box_joins WHERE why IS NULL ORDER BY one, other',
        );
        return peopleOf(pairs.map((row) => PairRow.parse(row)));
      }),

    doubtful: (limit, offset) =>
      database.read((sql) => {
        const of = 'box_joins AS j JOIN box_performers AS a ON a.number = j.one';
        const total = Number(
          sql.get('SELECT count(*) AS count FROM box_joins WHERE why IS NOT NULL')?.['count'],
        );
        const rows = sql.all(
          `SELECT j.one, j.other, j.evidence, j.why FROM ${of} WHERE j.why IS NOT NULL
          ORDER BY a.name, j.one, j.other LIMIT ? OFFSET ?`,
          limit,
          offset,
        );
        const items = rows.map((row) => {
          const { one, other, evidence, why } = PairRow.parse(row);
          return { one: performerOf(sql, one), other: performerOf(sql, other), evidence, why: why! };
        });
        return { total, items };
      }),
  };
}

const PairRow = z.object({
  one: z.int(),
  other: z.int(),
  evidence: z.string().transform((text) => JoinEvidence.parse(JSON.parse(text))),
  why: z.enum(DOUBTS).nullable(),
});
type Pair = z.infer<typeof PairRow>;

function put(sql: Connection, evidence: JoinEvidence, why: Pair['why']): void {
  sql.run(
    `INSERT INTO box_joins (one, other, evidence, why) VALUES (?1, ?2, ?3, ?4)
    ON CONFLICT (one, other) DO NOTHING`,
    numberOf(sql, evidence.one),
    numberOf(sql, evidence.other),
    JSON.stringify(evidence),
    why,
  );
}

function numberOf(sql: Connection, { endpoint, stashId }: StashIdValue): number {
  const row: Row | undefined = sql.get(
    'SELECT number FROM box_performers WHERE endpoint = ? AND id = ?',
    endpoint,
    stashId,
  );
  return z.int().parse(row?.['number']);
}

function performerOf(sql: Connection, number: number) {
  return toPerformer(sql.get(`SELECT ${COLUMNS} FROM box_performers AS p WHERE p.number = ?`, number)!)
    .performer;
}

/** The performers whom pairs connect, by the number of each. */
function peopleOf(pairs: readonly Pair[]): Map<string, JoinedPerson> {
  const groups = new Map<number, { numbers: Set<number>; pairs: Pair[] }>();
  for (const pair of pairs) {
    const one = groups.get(pair.one) ?? { numbers: new Set([pair.one]), pairs: [] };
    const other = groups.get(pair.other) ?? { numbers: new Set([pair.other]), pairs: [] };
    one.pairs.push(pair);
    if (one !== other) {
      one.pairs.push(...other.pairs);
      for (const number of other.numbers) one.numbers.add(number);
    }
    for (const number of one.numbers) groups.set(number, one);
  }
  const people = new Map<string, JoinedPerson>();
  for (const group of new Set(groups.values())) {
    const ids = new Map<string, StashIdValue>();
    const joins = group.pairs.map(({ evidence }) => evidence).toSorted(byIds);
    for (const { one, other } of joins) for (const id of [one, other]) ids.set(keyOfStashId(id), id);
    const members = [...ids].toSorted(([a], [b]) => compareText(a, b)).map(([, id]) => id);
    for (const number of group.numbers) people.set(String(number), { members, joins });
  }
  return people;
}

/** Numbers are given in the order in which performers came: what is written goes by the ids. */
function byIds(a: JoinEvidence, b: JoinEvidence): number {
  return (
    compareText(keyOfStashId(a.one), keyOfStashId(b.one)) ||
    compareText(keyOfStashId(a.other), keyOfStashId(b.other))
  );
}
