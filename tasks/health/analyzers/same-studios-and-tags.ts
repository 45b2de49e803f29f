import { samePairs } from '../../../core/health/same-named.ts';
import { toldProposal } from '../../../core/health/told.ts';
import { message } from '../../../core/messages/message.ts';
import type { Proposal } from '../../../core/suggestions/suggestion.ts';
import type { WholeAnalyzer } from '../analyzer.ts';

/** Two studios or two tags that are the same: by an id of a stash-box, or since one is called what the other is called too. */
export const sameStudiosAndTags: WholeAnalyzer<'same-studios-and-tags'> = {
  id: 'same-studios-and-tags',
  version: 2,
  kinds: ['same-thing'],
  looksAt: 'all',
  begin({ library }) {
    return async (after) => {
      const kind = after === 'tag' ? 'tag' : 'studio';
      const all = await library.named(kind);
      return {
        proposals: samePairs(all).map((pair) => toProposal(kind, pair)),
        looked: { kind, after: '0', upTo: null },
        next: kind === 'studio' ? 'tag' : null,
      };
    };
  },
};

function toProposal(kind: 'studio' | 'tag', { one, others }: ReturnType<typeof samePairs>[number]): Proposal {
  return toldProposal(
    {
      kind: 'same-thing',
      entity: { kind, id: one.id },
      entityTitle: one.name,
      severity: 'warning',
      found: others.map(({ id, name, by, what }) => ({
        what: `same ${id}`,
        said: [message('health.same', { by, name, what })],
      })),
      others: others.map(({ id, name }) => ({ ref: { kind, id }, name })),
    },
    sameStudiosAndTags,
  );
}
