/** What the server answers of a performer who may be somebody of a stash-box. */
import type { SuggestionViewOf } from '../../core/contract/suggestions.ts';
import { PIXEL } from './samples.ts';

type Linking = SuggestionViewOf<'performer-stash-id'>;

export const BOX = 'https://box.example/graphql';

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
