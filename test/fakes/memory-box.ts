/** A stash-box in memory behind the same port as the real client. A "picture" is a text, as in `vision.ts`. */
import { StashSenseError } from '../../core/errors.ts';
import { bitsApart } from '../../core/fingerprints/bits-apart.ts';
import { plain } from '../../core/messages/message.ts';
import type { BoxScene, BoxSceneProfile, BoxSceneState } from '../../core/ports/boxes/box-scenes.ts';
import type {
  BoxEdit,
  BoxImage,
  BoxPerformer,
  StashBoxClient,
  StashBoxes,
} from '../../core/ports/stash-box.ts';
import { appearancesIn, isFoundBy, isLike, stateOf, studiosOf } from './boxes/memory-box-answers.ts';

export const BOX = 'https://box.example/graphql';

export type MemoryBox = StashBoxes & {
  readonly performers: Map<string, BoxPerformer>;
  /** By id of the image. */
  readonly pictures: Map<string, Uint8Array>;
  /** By their fingerprints. */
  readonly scenes: BoxScene[];
  /** By their ids. */
  readonly sceneProfiles: Map<string, BoxSceneProfile>;
  /** By their ids, those that are not as `scenes` has them, such as deleted ones. */
  readonly sceneStates: Map<string, BoxSceneState>;
  /** Which was merged into which; null: the box does not tell. */
  sceneMerges: Map<string, string> | null;
  /** Bits in which perceptual hashes may differ. */
  phashDistance: number;
  /** Id of a scene → ids of its performers. */
  readonly casts: Map<string, readonly string[]>;
  /** Id of a studio → ids of its performers. */
  readonly studios: Map<string, readonly string[]>;
  /** Merges and deletions; null: the box does not tell. */
  edits: BoxEdit[] | null;
  /** Names of all calls, in order. */
  readonly calls: string[];
  /** Called before each call, which waits for it; may throw. */
  before(call: string): void | Promise<void>;
  /** Performer `n` with a picture for each of these texts. */
  add(n: number, pictures: readonly string[], overrides?: Partial<BoxPerformer>): BoxPerformer;
};

/** Id of performer `n`. */
export function boxId(n: number): string {
  return `00000000-0000-4000-8000-${String(n).padStart(12, '0')}`;
}

export function memoryBox(endpoint = BOX, boxName = 'Box'): MemoryBox {
  const box: MemoryBox = {
    performers: new Map(),
    pictures: new Map(),
    scenes: [],
    sceneProfiles: new Map(),
    sceneStates: new Map(),
    sceneMerges: new Map(),
    phashDistance: 0,
    casts: new Map(),
    studios: new Map(),
    edits: [],
    calls: [],
    before: () => undefined,
    add(n, pictures, overrides = {}) {
      const images = pictures.map((shows, at): BoxImage => {
        const id = `10000000-0000-4000-8000-${String(n).padStart(6, '0')}${String(at).padStart(6, '0')}`;
        box.pictures.set(id, Buffer.from(shows));
        return { id, url: `${new URL(endpoint).origin}/images/${id}`, width: 800, height: 1200 };
      });
      const performer = { ...aBoxPerformer(n), images, ...overrides };
      box.performers.set(performer.id, performer);
      return performer;
    },
    trouble: () => Promise.resolve(null),
    list: () => Promise.resolve([{ endpoint, name: boxName, hasKey: true, maxRequestsPerMinute: 240 }]),
    open: (asked) =>
      asked === endpoint
        ? Promise.resolve(client)
        : Promise.reject(new StashSenseError('not-found', plain(`There is no ${asked}.`))),
    close: () => undefined,
  };
  const call = async <T>(name: string, answer: () => T): Promise<T> => {
    box.calls.push(name);
    await box.before(name);
    return await Promise.resolve(answer());
  };
  const alive = (): BoxPerformer[] => [...box.performers.values()].filter(({ deleted }) => !deleted);
  const lastChangedFirst = (): BoxPerformer[] => alive().toSorted((a, b) => b.updatedAt - a.updatedAt);
  const client: StashBoxClient = {
    endpoint,
    lacks: () => Promise.resolve(new Set()),
    me: () => call('me', () => ({ name: 'somebody' })),
    performer: (id) => call(`performer ${id}`, () => box.performers.get(id) ?? null),
    performers: (ids) =>
      call(`performers ${ids.length}`, () => new Map(ids.map((id) => [id, box.performers.get(id) ?? null]))),
    performersPage: (page, order, filter = {}) =>
      call(
        `page ${page}${order === 'updated' ? ' by change' : ''}${filter.studioId === undefined ? '' : ` of ${filter.studioId}`}`,
        () => {
          const of = filter.studioId === undefined ? null : (box.studios.get(filter.studioId) ?? []);
          const listed = order === 'created' ? alive() : lastChangedFirst();
          const fitting = listed.filter(({ id }) => of === null || of.includes(id));
          return {
            count: fitting.length,
            performers: fitting.slice((page - 1) * 100, page * 100),
            skipped: 0,
          };
        },
      ),
    changedSince: (since, from) =>
      call(`changed ${from?.page ?? 1}`, () => {
        const page = from?.page ?? 1;
        const changed = lastChangedFirst().filter(({ updatedAt }) => updatedAt >= since);
        return {
          performers: changed.slice((page - 1) * 100, page * 100),
          next: page * 100 < changed.length ? { page: page + 1, count: changed.length, timesBack: 0 } : null,
        };
      }),
    performerEdits: (since) =>
      call('edits', () => box.edits && box.edits.filter(({ closedAt }) => closedAt >= since)),
    search: (terms) =>
      call(
        `search ${terms.length}`,
        () => new Map(terms.map((term) => [term, alive().filter((performer) => isFoundBy(performer, term))])),
      ),
    castOf: (ids) =>
      call(`cast ${ids.length}`, () => {
        const known = ids.filter((id) => box.casts.has(id));
        return new Map(known.map((id) => [id, box.casts.get(id) ?? []]));
      }),
    appearancesIn: (ids) =>
      call(
        `appearances ${ids.length}`,
        () => new Map(ids.map((id) => [id, box.casts.has(id) ? appearancesIn(box, id) : null])),
      ),
    studiosOf: (ids) =>
      call(`studios ${ids.length}`, () => new Map(ids.map((id) => [id, studiosOf(box, id)]))),
    sceneProfiles: (ids) =>
      call(`scenes ${ids.length}`, () => new Map(ids.map((id) => [id, box.sceneProfiles.get(id) ?? null]))),
    sceneStates: (ids) =>
      call(`states ${ids.length}`, () => new Map(ids.map((id) => [id, stateOf(box, id)]))),
    sceneMerges: (ids) =>
      call(`merges ${ids.length}`, () => {
        const { sceneMerges: merges } = box;
        return new Map(merges === null ? [] : ids.map((id) => [id, merges.get(id) ?? null]));
      }),
    scenesOf: (id) =>
      call(`scenes of ${id}`, () => box.scenes.filter(({ cast }) => cast.some((one) => one.id === id))),
    scenesByText: (texts) =>
      call(
        `texts ${texts.length}`,
        () => new Map(texts.map((text) => [text, box.scenes.filter(({ title }) => isLike(text, title))])),
      ),
    scenesByFingerprints: (lists) =>
      call(`fingerprints ${lists.length}`, () =>
        lists.map((list) =>
          box.scenes.filter(({ fingerprints }) =>
            fingerprints.some((theirs) =>
              list.some(
                ({ algorithm, hash }) =>
                  hash === theirs.hash ||
                  (algorithm === 'PHASH' &&
                    theirs.algorithm === 'PHASH' &&
                    bitsApart(hash, theirs.hash) <= box.phashDistance),
              ),
            ),
          ),
        ),
      ),
    picture: ({ id }) => call(`picture ${id}`, () => box.pictures.get(id) ?? null),
  };
  return box;
}

/** Several boxes as the one port. */
export function severalBoxes(boxes: readonly MemoryBox[]): StashBoxes {
  return {
    list: async () => (await Promise.all(boxes.map((box) => box.list()))).flat(),
    trouble: () => Promise.resolve(null),
    async open(endpoint, options) {
      for (const box of boxes)
        if ((await box.list()).some((it) => it.endpoint === endpoint))
          return await box.open(endpoint, options);
      throw new StashSenseError('not-found', plain(`There is no ${endpoint}.`));
    },
    close: () => undefined,
  };
}

/** Scene `n` with these fingerprints of a file of a minute. */
export function aBoxScene(
  n: number,
  fingerprints: readonly (Pick<BoxScene['fingerprints'][number], 'algorithm' | 'hash'> &
    Partial<BoxScene['fingerprints'][number]>)[],
  overrides: Partial<BoxScene> = {},
): BoxScene {
  return {
    id: boxId(n),
    title: `Their scene ${n}`,
    code: null,
    date: '2020-02-03',
    seconds: 60,
    studio: null,
    cast: [],
    images: [],
    fingerprints: fingerprints.map((one) => ({ seconds: 60, submissions: 3, reports: 0, ...one })),
    ...overrides,
  };
}

export function aBoxPerformer(n: number): BoxPerformer {
  return {
    id: boxId(n),
    name: `Person ${n}`,
    disambiguation: '',
    aliases: [],
    gender: 'FEMALE',
    birthDate: '1990-02',
    deathDate: null,
    ethnicity: null,
    country: 'FR',
    eyeColor: null,
    hairColor: null,
    heightCm: null,
    bandSize: null,
    cupSize: null,
    waistSize: null,
    hipSize: null,
    breastType: null,
    careerStartYear: null,
    careerEndYear: null,
    tattoos: [],
    piercings: [],
    urls: [],
    images: [],
    deleted: false,
    mergedIntoId: null,
    mergedIds: [],
    updatedAt: 1_700_000_000_000,
  };
}
