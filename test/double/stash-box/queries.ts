/** The queries of a stash-box as v0.10.2 was seen to answer them. */
import type { BoxData, EditRow, PerformerRow, SceneRow } from './data.ts';
import { findByFingerprints, type AskedFingerprint } from './fingerprints.ts';
import { findScenesByText, pageOfFound, parseId, toId, type SearchArgs } from './search.ts';
import { minorOf, type BoxVersion } from './schema.ts';
import { createViews, type WriteDate } from './views.ts';

export type BoxContext = {
  /** Null: no key was sent. */
  readonly user: { readonly id: string; readonly name: string; readonly roles: readonly string[] } | null;
  /** The scheme and host of the request. */
  readonly baseUrl: string;
};

type Paged = { page: number; per_page: number; direction: 'ASC' | 'DESC'; sort: string };
type Criterion<T> = { value?: T | null; modifier: string };
type PerformerInput = Paged & {
  name?: string | null;
  names?: string | null;
  gender?: string | null;
  birth_year?: Criterion<number> | null;
  country?: Criterion<string> | null;
  disambiguation?: Criterion<string> | null;
  performed_with?: string | null;
  studio_id?: string | null;
};
type SceneInput = Paged & {
  title?: string | null;
  performers?: Criterion<string[]> | null;
  studios?: Criterion<string[]> | null;
};
type EditInput = Paged & {
  target_type?: string | null;
  operation?: string | null;
  applied?: boolean | null;
  target_id?: string | null;
  status?: string | null;
};

export function createBoxQueries(
  data: BoxData,
  version: BoxVersion,
  { phashDistance, writeDate }: { phashDistance: number; writeDate: WriteDate },
): Record<string, unknown> {
  const view = createViews(data, writeDate);

  /** Up to v0.6.17 a page has at most 100 rows, from v0.7.0 on as many as were asked for. */
  function pageOf<Row>(rows: readonly Row[], { page, per_page: perPage }: Paged): Row[] {
    const wanted = perPage > 0 ? perPage : 25;
    const size = minorOf(version) < 7 ? Math.min(wanted, 100) : wanted;
    const from = (Math.max(page, 1) - 1) * size;
    return rows.slice(from, from + size);
  }

  function performersOf(sceneFits: (scene: SceneRow) => boolean): Set<string> {
    return new Set(
      [...data.scenes.values()]
        .filter((scene) => !scene.deleted && sceneFits(scene))
        .flatMap((scene) => scene.performers.map(({ id }) => id)),
    );
  }

  function queryPerformers(input: PerformerInput, { baseUrl }: BoxContext): unknown {
    const { name, names, studio_id: studioId, performed_with: partner } = input;
    const ofStudio = studioId ? performersOf((scene) => scene.studioId === toId(studioId, 'input')) : null;
    const ofPartner = partner
      ? performersOf((scene) => scene.performers.some(({ id }) => id === toId(partner, 'input')))
      : null;
    const fits = (row: PerformerRow): boolean =>
      !row.deleted &&
      (!name || isLike(row.name, name)) &&
      (!names || isLike(row.name, names) || isLike(row.disambiguation ?? '', names)) &&
      (!input.gender || (row.gender ?? 'UNKNOWN') === input.gender) &&
      (!input.country || row.country === input.country.value) &&
      (!input.disambiguation || isLike(row.disambiguation ?? '', input.disambiguation.value ?? '')) &&
      (!input.birth_year || row.birth_date?.slice(0, 4) === String(input.birth_year.value)) &&
      (!ofStudio || ofStudio.has(row.id)) &&
      (!ofPartner || (ofPartner.has(row.id) && row.id !== partner));
    const found = sorted([...data.performers.values()].filter(fits), input, (row) =>
      sortValue(row, input.sort),
    );
    return {
      count: found.length,
      performers: pageOf(found, input).map((row) => view.performer(row, baseUrl)),
    };
  }

  function sortValue(row: PerformerRow, sort: string): string | number | null {
    if (sort === 'NAME') return row.name;
    if (sort === 'BIRTHDATE') return row.birth_date;
    if (sort === 'DEATHDATE') return row.death_date;
    if (sort === 'SCENE_COUNT') return view.sceneCount(row.id);
    return toMicros(sort === 'UPDATED_AT' ? row.updated : row.created);
  }

  /** Whole ids find deleted ones too; everything else is a stand-in for the full-text search. */
  function search(term: string): PerformerRow[] {
    const wanted = term.trim();
    if (wanted === '') return [];
    const all = [...data.performers.values()];
    const id = parseId(wanted);
    if (id !== null) return all.filter((row) => row.id === id);
    const isAddress = /^https?:\/\//.test(wanted);
    const words = wanted.toLowerCase().split(/\s+/);
    return all.filter((row) => {
      if (row.deleted) return false;
      if (isAddress) return row.urls.some(({ url }) => url.toLowerCase() === wanted.toLowerCase());
      const text = [row.name, row.disambiguation ?? '', ...row.aliases].join(' ').toLowerCase();
      return words.every((word) => text.includes(word));
    });
  }

  return {
    me: (_: unknown, { user }: BoxContext) => {
      if (!user) throw new Error('not authorized');
      return user;
    },
    version: needsRead(() => ({
      hash: 'f843ddd7',
      build_time: '2026-07-02',
      build_type: 'OFFICIAL',
      version,
    })),
    findPerformer: needsRead(({ id }: { id: string }, { baseUrl }) => {
      const row = data.performers.get(toId(id, 'id'));
      return row ? view.performer(row, baseUrl) : null;
    }),
    queryPerformers: needsRead(({ input }: { input: PerformerInput }, context) =>
      queryPerformers(input, context),
    ),
    searchPerformer: needsRead((args: SearchArgs, { baseUrl }) =>
      pageOfFound(search(args.term), { ...args, page: 1, per_page: null }).map((row) =>
        view.performer(row, baseUrl),
      ),
    ),
    searchPerformers: needsRead((args: SearchArgs, { baseUrl }) => {
      const found = search(args.term);
      return {
        count: found.length,
        performers: pageOfFound(found, args).map((row) => view.performer(row, baseUrl)),
      };
    }),
    findScene: needsRead(({ id }: { id: string }, { baseUrl }) => {
      const row = data.scenes.get(toId(id, 'id'));
      return row ? view.scene(row, baseUrl) : null;
    }),
    queryScenes: needsRead(({ input }: { input: SceneInput }, { baseUrl }) => {
      const fits = (row: SceneRow): boolean =>
        !row.deleted &&
        (!input.title || isLike(row.title ?? '', input.title)) &&
        hasAny(input.studios, [row.studioId ?? '']) &&
        hasAny(
          input.performers,
          row.performers.map(({ id }) => id),
        );
      const found = sorted([...data.scenes.values()].filter(fits), input, (row) =>
        input.sort === 'DATE'
          ? row.release_date
          : toMicros(input.sort === 'UPDATED_AT' ? row.updated : row.created),
      );
      return { count: found.length, scenes: pageOf(found, input).map((row) => view.scene(row, baseUrl)) };
    }),
    searchScene: needsRead((args: SearchArgs, { baseUrl }) =>
      pageOfFound(findScenesByText(data, args.term), { ...args, page: 1, per_page: null }).map((row) =>
        view.scene(row, baseUrl),
      ),
    ),
    searchScenes: needsRead((args: SearchArgs, { baseUrl }) => {
      const found = findScenesByText(data, args.term);
      return {
        count: found.length,
        scenes: pageOfFound(found, args).map((row) => view.scene(row, baseUrl)),
      };
    }),
    findScenesBySceneFingerprints: needsRead(
      ({ fingerprints }: { fingerprints: AskedFingerprint[][] }, { baseUrl }) =>
        findByFingerprints(data, fingerprints, { phashDistance, takesMd5: minorOf(version) < 8 }).map(
          (rows) => rows.map((row) => view.scene(row, baseUrl)),
        ),
    ),
    findStudio: needsRead(({ id, name }: { id?: string | null; name?: string | null }) => {
      const row = id
        ? data.studios.get(toId(id, 'id'))
        : [...data.studios.values()].find((one) => one.name.toLowerCase() === name?.toLowerCase());
      return row ? view.studio(row) : null;
    }),
    queryEdits: needsRead(({ input }: { input: EditInput }, { baseUrl }) => {
      if (input.target_id && !input.target_type)
        throw new Error('TargetType is required when TargetID filter is used');
      const targetId = input.target_id ? toId(input.target_id, 'input') : null;
      const fits = (row: EditRow): boolean =>
        (!input.target_type || row.targetType === input.target_type) &&
        (!input.operation || row.operation === input.operation) &&
        (input.applied === null || input.applied === undefined || row.applied === input.applied) &&
        (!input.status || row.status === input.status) &&
        (targetId === null || [row.targetId, ...row.mergeSourceIds].includes(targetId));
      const found = sorted([...data.edits.values()].filter(fits), input, (row) =>
        toMicros((input.sort === 'CLOSED_AT' ? row.closed : null) ?? row.created),
      );
      return { count: found.length, edits: pageOf(found, input).map((row) => view.edit(row, baseUrl)) };
    }),
  };
}

/** All need a role, and a missing one is an error in an answer of status 200. */
function needsRead<Args>(answer: (args: Args, context: BoxContext) => unknown) {
  return (args: Args, context: BoxContext): unknown => {
    if (!context.user || context.user.roles.length === 0) throw new Error('not authorized');
    return answer(args, context);
  };
}

function isLike(text: string, part: string): boolean {
  return text.toLowerCase().includes(part.toLowerCase());
}

function hasAny(criterion: Criterion<string[]> | null | undefined, ids: readonly string[]): boolean {
  if (!criterion) return true;
  const wanted = criterion.value ?? [];
  if (criterion.modifier === 'INCLUDES') return wanted.some((id) => ids.includes(id));
  if (criterion.modifier === 'INCLUDES_ALL') return wanted.every((id) => ids.includes(id));
  if (criterion.modifier === 'EXCLUDES') return !wanted.some((id) => ids.includes(id));
  throw new Error(`unsupported modifier ${criterion.modifier}`);
}

/** Nulls first where the largest come first, as PostgreSQL does. */
function sorted<Row>(
  rows: readonly Row[],
  { direction }: Paged,
  valueOf: (row: Row) => string | number | bigint | null,
): Row[] {
  const sign = direction === 'DESC' ? -1 : 1;
  return rows.toSorted((one, other) => {
    const [a, b] = [valueOf(one), valueOf(other)];
    if (a === b) return 0;
    if (a === null) return sign;
    if (b === null) return -sign;
    return (a < b ? -1 : 1) * sign;
  });
}

function toMicros(time: string): number {
  const digits = /\.(\d+)Z$/.exec(time)?.[1] ?? '';
  return Date.parse(time.replace(/\.\d+Z$/, 'Z')) * 1000 + Number(digits.padEnd(6, '0'));
}
