import { expectedIn, type Expected } from '../../../../core/matching/expected.ts';
import type { Credits } from '../../../../core/ports/identifications.ts';
import type { Database, Connection } from '../../sqlite/database.ts';

/** Who is on scenes, and their studios (tables `scene_credits`, `scene_studios`). */
export function createCredits(database: Database): Credits {
  return {
    async note(entities, { isMatchedNext } = { isMatchedNext: false }) {
      const scenes = entities.filter(({ kind }) => kind === 'scene');
      // The page of a scene notes it whenever it is opened, mostly as it was: that must not wait for other writers.
      if (await database.read((sql) => differencesOf(sql, scenes).length === 0)) return;
      await database.write((sql) => {
        let isToMatch = false;
        for (const { id, before, now, studios } of differencesOf(sql, scenes)) {
          const changed = saveCredits(sql, id, before, now);
          const isMoved = studios.before !== studios.now;
          if (isMoved) saveStudio(sql, id, studios.now);
          if (changed.length === 0 && !isMoved) continue;
          matchAgain(sql, id, isMoved ? null : changed);
          const whom = isMoved ? [...before.keys(), ...now.keys()] : changed;
          isToMatch ||=
            !isMatchedNext ||
            areCandidates(sql, whom, {
              studioIds: [studios.before, studios.now].filter((one) => one !== null),
              besides: id,
            });
        }
        if (isToMatch) moveVersion(sql);
      });
    },

    noteWritten: ({ kind, id }, { added, removed }) =>
      database.write((sql) => {
        if (kind !== 'scene') return;
        for (const performer of added)
          sql.run('INSERT OR IGNORE INTO scene_credits VALUES (?, ?, 1)', Number(id), performer);
        const gone = sql.all(
          `DELETE FROM scene_credits WHERE scene = ? AND performer_id IN (SELECT value FROM json_each(?))
          RETURNING is_ours`,
          Number(id),
          JSON.stringify(removed),
        );
        if (gone.some((row) => row['is_ours'] === 0)) moveVersion(sql);
      }),

    dropMissing: (present, { after, upTo }) =>
      database.write((sql) => {
        const where = `scene > ?1 AND (?2 IS NULL OR scene <= ?2) AND scene NOT IN (SELECT value FROM json_each(?3))`;
        const range = [
          Number(after),
          upTo === null ? null : Number(upTo),
          JSON.stringify(present.map(Number)),
        ];
        const gone = [
          sql.run(`DELETE FROM scene_credits WHERE ${where}`, ...range),
          sql.run(`DELETE FROM scene_studios WHERE ${where}`, ...range),
        ];
        if (gone.some(({ changes }) => changes > 0)) moveVersion(sql);
      }),

    expectedIn: (sceneIds) =>
      database.read((sql) => {
        const ids = JSON.stringify(sceneIds.map(Number));
        const studios = studiosOf(sql, ids);
        const credits = creditsOf(sql, ids);
        const ofStudio = new Map<string, ReadonlyMap<string, number>>();
        for (const studio of new Set(studios.values())) ofStudio.set(studio, performersOf(sql, studio));
        const expected = new Map<string, Expected>();
        for (const id of sceneIds) {
          const own = [...(credits.get(id) ?? [])].flatMap(([performer, isOurs]) =>
            isOurs ? [] : performer,
          );
          const found = expectedIn(new Set(own), ofStudio.get(studios.get(id) ?? '') ?? new Map());
          if (found.size > 0) expected.set(id, found);
        }
        return expected;
      }),

    version: () =>
      database.read((sql) =>
        Number(sql.get(`SELECT value FROM counters WHERE name = 'credits-version'`)?.['value']),
      ),
  };
}

/** Within a write after which somebody else may be expected. */
function moveVersion(sql: Connection): void {
  sql.run(`UPDATE counters SET value = value + 1 WHERE name = 'credits-version'`);
}

/** Forgets what is kept of a scene. @returns whether something was */
export function forgetCredits(sql: Connection, sceneId: string): boolean {
  const gone = [
    sql.run('DELETE FROM scene_credits WHERE scene = ?', Number(sceneId)),
    sql.run('DELETE FROM scene_studios WHERE scene = ?', Number(sceneId)),
  ].some(({ changes }) => changes > 0);
  if (gone) moveVersion(sql);
  return gone;
}

type Performers = ReadonlyMap<string, boolean>;
/** What is kept of a scene, and what Stash has: of each performer, whether this plugin put them there, and the studio. */
type Difference = {
  readonly id: string;
  readonly before: Performers;
  readonly now: Performers;
  readonly studios: { readonly before: string | null; readonly now: string | null };
};

/** Of those scenes alone that are kept otherwise than they are. */
function differencesOf(sql: Connection, scenes: Parameters<Credits['note']>[0]): Difference[] {
  if (scenes.length === 0) return [];
  const sceneIds = scenes.map(({ id }) => id);
  const ids = JSON.stringify(sceneIds.map(Number));
  const studios = studiosOf(sql, ids);
  const credits = creditsOf(sql, ids);
  const ours = writtenByUs(sql, sceneIds);
  return scenes.flatMap(({ id, performerIds, studioId = null }) => {
    const before: Performers = credits.get(id) ?? new Map<string, boolean>();
    const now: Performers = new Map(
      performerIds.map((performer) => [
        performer,
        before.get(performer) === true || ours.get(id)?.has(performer) === true,
      ]),
    );
    const difference = { id, before, now, studios: { before: studios.get(id) ?? null, now: studioId } };
    const isAsBefore =
      difference.studios.before === studioId &&
      before.size === now.size &&
      [...now].every(([performer, isOurs]) => before.get(performer) === isOurs);
    return isAsBefore ? [] : difference;
  });
}

/** @param ids JSON of numbers @returns by scene */
function studiosOf(sql: Connection, ids: string): Map<string, string> {
  const rows = sql.all(
    'SELECT scene, studio_id FROM scene_studios WHERE scene IN (SELECT value FROM json_each(?))',
    ids,
  );
  return new Map(rows.map((row) => [String(row['scene']), String(row['studio_id'])]));
}

/** @returns by scene and performer, whether this plugin put the performer there */
function creditsOf(sql: Connection, ids: string): Map<string, Map<string, boolean>> {
  const found = new Map<string, Map<string, boolean>>();
  for (const row of sql.all(
    'SELECT * FROM scene_credits WHERE scene IN (SELECT value FROM json_each(?))',
    ids,
  )) {
    const scene = String(row['scene']);
    const own = found.get(scene) ?? new Map<string, boolean>();
    found.set(scene, own.set(String(row['performer_id']), row['is_ours'] === 1));
  }
  return found;
}

/** In how many scenes of the studio each performer is. */
function performersOf(sql: Connection, studioId: string): ReadonlyMap<string, number> {
  const rows = sql.all(
    `SELECT c.performer_id, count(*) AS scenes FROM scene_studios AS s JOIN scene_credits AS c ON c.scene = s.scene
    WHERE s.studio_id = ? AND c.is_ours = 0 GROUP BY c.performer_id`,
    studioId,
  );
  return new Map(rows.map((row) => [String(row['performer_id']), Number(row['scenes'])]));
}

/** By scene, whom this plugin added, or is about to. */
function writtenByUs(sql: Connection, sceneIds: readonly string[]): Map<string, Set<string>> {
  const found = new Map<string, Set<string>>();
  for (const row of sql.all(
    `SELECT j.entity_id, performer.value AS performer FROM journal AS j
    CROSS JOIN json_each(j.changes) AS change CROSS JOIN json_each(change.value, '$.values') AS performer
    WHERE j.entity_kind = 'scene' AND j.entity_id IN (SELECT value FROM json_each(?))
      AND j.state IN ('planned', 'written') AND change.value ->> 'op' = 'add'
      AND change.value ->> 'field' = 'performers' AND change.value ->> '$.entity.id' = j.entity_id`,
    JSON.stringify(sceneIds),
  )) {
    const scene = String(row['entity_id']);
    found.set(scene, (found.get(scene) ?? new Set()).add(String(row['performer'])));
  }
  return found;
}

/** Whether one of these performers is a candidate in another scene of these studios. */
function areCandidates(
  sql: Connection,
  performerIds: readonly string[],
  { studioIds, besides }: { readonly studioIds: readonly string[]; readonly besides: string },
): boolean {
  const row = sql.get(
    `SELECT EXISTS (SELECT 1 FROM scene_studios AS s
      JOIN entities AS e ON e.kind = 'scene' AND e.id = CAST(s.scene AS TEXT)
      JOIN identifications AS i ON i.entity = e.row, json_each(i.candidates) AS candidate
      WHERE s.studio_id IN (SELECT value FROM json_each(?1)) AND s.scene <> ?2
        AND candidate.value ->> 'performerId' IN (SELECT value FROM json_each(?3))) AS found`,
    JSON.stringify(studioIds),
    Number(besides),
    JSON.stringify(performerIds),
  );
  return row?.['found'] === 1;
}

/** @returns performers who count now and did not before, or the other way round */
function saveCredits(sql: Connection, id: string, before: Performers, now: Performers): string[] {
  const scene = Number(id);
  const gone = [...before.keys()].filter((performer) => !now.has(performer));
  for (const performer of gone)
    sql.run('DELETE FROM scene_credits WHERE scene = ? AND performer_id = ?', scene, performer);
  for (const [performer, isOurs] of now)
    if (before.get(performer) !== isOurs)
      sql.run('INSERT OR REPLACE INTO scene_credits VALUES (?, ?, ?)', scene, performer, isOurs ? 1 : 0);
  const counts = (performers: Performers, performer: string): boolean => performers.get(performer) === false;
  return [...new Set([...before.keys(), ...now.keys()])].filter(
    (performer) => counts(before, performer) !== counts(now, performer),
  );
}

function saveStudio(sql: Connection, id: string, studioId: string | null): void {
  if (studioId === null) sql.run('DELETE FROM scene_studios WHERE scene = ?', Number(id));
  else sql.run('INSERT OR REPLACE INTO scene_studios VALUES (?, ?)', Number(id), studioId);
}

/** @param performerIds of whom one is a candidate in the scene; null: of anybody */
function matchAgain(sql: Connection, id: string, performerIds: readonly string[] | null): void {
  sql.run(
    `UPDATE entities SET matched_with = NULL WHERE kind = 'scene' AND id = ?1 AND EXISTS (
      SELECT 1 FROM identifications AS i, json_each(i.candidates) AS candidate WHERE i.entity = entities.row
        AND (?2 IS NULL OR candidate.value ->> 'performerId' IN (SELECT value FROM json_each(?2)))
      UNION ALL SELECT 1 FROM identifications AS i WHERE i.entity = entities.row AND i.decision = 'unknown')`,
    id,
    performerIds === null ? null : JSON.stringify(performerIds),
  );
}
