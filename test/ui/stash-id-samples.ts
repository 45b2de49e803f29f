/** What the server answers of a performer or a scene that may be one of a stash-box. */
import type { BoxView } from '../../core/contract/stash-box/box-view.ts';
import type { SuggestionViewOf } from '../../core/contract/suggestions.ts';
import { PIXEL } from './samples.ts';

type Linking = SuggestionViewOf<'performer-stash-id'>;

export const BOX = 'https://box.example/graphql';

/** One that can be asked, and was not yet. */
export function boxView(endpoint: string, name: string, more: Partial<BoxView> = {}): BoxView {
  const nothing = { hasKey: true, ids: [], lookedUpAt: null, trouble: null, suggestions: [] };
  return { endpoint, name, ...nothing, ...more };
}

export function linking(performerId: string, evidence: Partial<Linking['evidence']>): Linking {
  return {
    id: 's1',
    key: `performer-stash-id:performer:${performerId}:${BOX} known-1`,
    kind: 'performer-stash-id',
    entity: { kind: 'performer', id: performerId },
    entityTitle: 'Ada',
    target: null,
    targetName: '',
    severity: 'info',
    confidence: 0.98,
    state: 'open',
    payload: { stashId: { endpoint: BOX, stashId: 'known-1' } },
    evidence: {
      isStrong: true,
      name: 'Ada Lovelace',
      disambiguation: 'the first',
      birthDate: null,
      country: null,
      imageId: 'picture-1',
      signs: [],
      ...evidence,
    },
    analyzer: `stash-box ${BOX}`,
    analyzerVersion: 2,
    createdAt: 1,
    updatedAt: 1,
    href: `/performers/${performerId}`,
    view: { picture: { url: PIXEL } },
  };
}

/** Of a scene that may be one of the stash-box. */
export function sceneLinking(): SuggestionViewOf<'scene-stash-id'> {
  return {
    id: 's1',
    key: `scene-stash-id:scene:7:${BOX} known-1`,
    kind: 'scene-stash-id',
    entity: { kind: 'scene', id: '7' },
    entityTitle: 'Notes, my copy',
    target: null,
    targetName: '',
    severity: 'info',
    confidence: 0.97,
    state: 'open',
    payload: { stashId: { endpoint: BOX, stashId: 'known-1' }, contentIds: [] },
    evidence: {
      hits: [
        {
          algorithm: 'PHASH',
          mine: 'a116edcbfff90200',
          theirs: 'a116edcbfff90203',
          apart: 2,
          mySeconds: 1831,
          theirSeconds: 1830,
          submissions: 4,
          isOurs: true,
        },
      ],
      recut: {
        theirs: 'a116edcbfff90203',
        apart: 4,
        offset: -8.25,
        offsetBehind: 12,
        speed: 1,
        mySeconds: 1831,
        theirSeconds: 1830,
        submissions: 4,
      },
      isStrong: true,
      title: 'Notes on the Engine',
      date: '2021-03-04',
      studio: 'Archive Reels',
      seconds: 1830,
      cast: ['Ada Byron', 'Mark Twain'],
      imageId: 'picture-1',
      mine: { date: '2021-03-01', studio: null, seconds: 1831 },
    },
    analyzer: `stash-box-scene ${BOX}`,
    analyzerVersion: 1,
    createdAt: 1,
    updatedAt: 1,
    href: '/scenes/7',
    view: { picture: { url: PIXEL } },
  };
}

/** What the stash-box knows of that scene. */
export const SCENE_OFFERS = (
  [
    ['title', 'title', 'Notes, my copy', 'Notes on the Engine', false, false, null],
    ['studio', 'studio', null, 'Archive Reels (Archive Network)', false, true, null],
    ['date', 'date', null, '2021-03-04', true, false, null],
    ['details', 'details', 'Mine.', 'A long story about an engine.\n\nIn two parts.', false, false, null],
    ['performer:1', 'performers', null, 'Ada Byron', true, false, 'seen'],
    ['performer:2', 'performers', null, 'Mark Twain', false, false, 'notSeen'],
    ['tag:1', 'tags', null, 'Engine', true, false, null],
    ['tag:2', 'tags', null, 'Analytical', false, true, null],
  ] as const
).map(([key, field, mine, theirs, isProposed, isMade, face]) => ({
  key,
  field,
  mine,
  theirs,
  isProposed,
  isMade,
  face,
  revision: `r-${key}`,
}));
