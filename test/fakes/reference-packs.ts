/** Reference packs and stash-boxes in memory. */
import { StashSenseError } from '../../core/errors.ts';
import { plain } from '../../core/messages/message.ts';
import { NO_OPT_OUTS } from '../../core/reference-packs/left-out/opt-outs.ts';
import type { InstalledPack, ReferencePacks } from '../../core/ports/reference-packs.ts';
import type { BoxPerformer, StashBoxes } from '../../core/ports/stash-box.ts';
import {
  packPersonId,
  parsePackPersonId,
  type PackPerson,
} from '../../core/reference-packs/reference-pack.ts';

export const BOX = 'https://box.example/graphql';
export const PACK_ID = 'sample';

export type MemoryPacks = ReferencePacks & {
  /** By id within the pack. */
  readonly people: Map<string, PackPerson>;
  installed: InstalledPack[];
};

export function memoryPacks(people: readonly PackPerson[] = []): MemoryPacks {
  const packs: MemoryPacks = {
    people: new Map(people.map((person) => [person.id, person])),
    installed: [],
    list: () => Promise.resolve(packs.installed),
    offered: () => Promise.resolve([]),
    describe: () => Promise.resolve(packs.installed),
    write: () => Promise.reject(new Error('nothing is written here')),
    readReferences: () => Promise.resolve([]),
    openPeopleFolder: () => Promise.reject(new StashSenseError('bad-input', plain('That is no folder.'))),
    install: () => Promise.reject(new StashSenseError('bad-input', plain('That is no reference pack.'))),
    before: () => Promise.resolve(null),
    goBack: () => Promise.resolve(null),
    copyOut: () => Promise.resolve(null),
    remove: (packId) => {
      packs.installed = packs.installed.filter(({ id }) => id !== packId);
      return Promise.resolve();
    },
    person: (packId, personId) =>
      Promise.resolve(packId === PACK_ID ? (packs.people.get(personId) ?? null) : null),
    revision: () => Promise.resolve(String(packs.people.size)),
    stamp: () => Promise.resolve(packs.installed.map(({ id }) => id).join()),
    peopleCount: () => Promise.resolve(packs.people.size),
    open: () => Promise.resolve([]),
    optOuts: () => Promise.resolve(NO_OPT_OUTS),
  };
  return packs;
}

/** Person `n` of the pack, whom the box knows as `box-n`. */
export function aPackPerson(n: number, overrides: Partial<PackPerson> = {}): PackPerson {
  return {
    id: `p${n}`,
    name: `Known ${n}`,
    disambiguation: '',
    aliases: [],
    stashIds: [{ endpoint: BOX, stashId: `box-${n}` }],
    birthYear: 1990,
    gender: 'FEMALE',
    country: 'US',
    picture: { endpoint: BOX, imageId: `picture-${n}` },
    ...overrides,
  };
}

export function idOf({ id }: PackPerson): string {
  return packPersonId(PACK_ID, id);
}

export function isOfPack(personId: string): boolean {
  return parsePackPersonId(personId) !== null;
}

export type MemoryBoxes = StashBoxes & {
  readonly performers: Map<string, BoxPerformer>;
  /** By the id of the picture. */
  readonly pictures: Map<string, Uint8Array>;
  /** What was asked for. */
  readonly asked: string[];
  hasKey: boolean;
  problem: StashSenseError | null;
};

export function memoryBoxes(performers: readonly BoxPerformer[] = []): MemoryBoxes {
  const answer = <T>(asked: string, value: () => T): Promise<T> => {
    boxes.asked.push(asked);
    return boxes.problem === null ? Promise.resolve(value()) : Promise.reject(boxes.problem);
  };
  const boxes: MemoryBoxes = {
    performers: new Map(performers.map((performer) => [performer.id, performer])),
    pictures: new Map(),
    asked: [],
    hasKey: true,
    problem: null,
    trouble: () => Promise.resolve(null),
    list: () =>
      Promise.resolve([{ endpoint: BOX, name: 'The Box', hasKey: boxes.hasKey, maxRequestsPerMinute: 240 }]),
    open: (endpoint) =>
      endpoint === BOX && boxes.hasKey
        ? Promise.resolve({
            endpoint,
            lacks: () => Promise.resolve(new Set()),
            me: () => answer('me', () => ({ name: 'me' })),
            performer: (id) => answer(`performer ${id}`, () => boxes.performers.get(id) ?? null),
            performers: (ids) =>
              answer('performers', () => new Map(ids.map((id) => [id, boxes.performers.get(id) ?? null]))),
            performersPage: () => answer('page', () => ({ count: 0, performers: [], skipped: 0 })),
            changedSince: () => answer('changed', () => ({ performers: [], next: null })),
            performerEdits: () => answer('edits', () => []),
            search: () => answer('search', () => new Map()),
            castOf: () => answer('cast', () => new Map()),
            appearancesIn: () => answer('appearances', () => new Map()),
            studiosOf: () => answer('studios', () => new Map()),
            sceneStates: () => Promise.resolve(new Map()),
            sceneMerges: () => Promise.resolve(new Map()),
            sceneProfiles: (ids) => answer('scenes', () => new Map(ids.map((id) => [id, null]))),
            scenesOf: () => answer('scenes of', () => []),
            scenesByText: () => answer('texts', () => new Map()),
            scenesByFingerprints: (lists) => answer('fingerprints', () => lists.map(() => [])),
            picture: ({ id }, size) => answer(`picture ${id} ${size}`, () => boxes.pictures.get(id) ?? null),
          })
        : Promise.reject(new StashSenseError('not-found', plain(`No key for ${endpoint}.`))),
    close: () => undefined,
  };
  return boxes;
}

export function aBoxPerformer(n: number, overrides: Partial<BoxPerformer> = {}): BoxPerformer {
  return {
    id: `box-${n}`,
    name: `Known ${n}`,
    disambiguation: '',
    aliases: ['Known as', 'known AS', `known ${n}`],
    gender: 'FEMALE',
    birthDate: '1990-05',
    deathDate: null,
    ethnicity: 'MIDDLE_EASTERN',
    country: 'US',
    eyeColor: 'BLUE',
    hairColor: 'BROWN',
    heightCm: 170,
    bandSize: 34,
    cupSize: 'B',
    waistSize: 24,
    hipSize: 35,
    breastType: 'NATURAL',
    careerStartYear: 2010,
    careerEndYear: null,
    tattoos: [
      { location: 'left arm', description: 'a rose' },
      { location: 'back', description: null },
    ],
    piercings: [],
    urls: ['https://example.com/known', 'https://example.com/known'],
    images: [
      { id: 'other', url: 'https://box.example/images/other', width: 800, height: 1200 },
      { id: `picture-${n}`, url: `https://box.example/images/picture-${n}`, width: 800, height: 1200 },
    ],
    deleted: false,
    mergedIntoId: null,
    mergedIds: [],
    updatedAt: 1_700_000_000_000,
    ...overrides,
  };
}
