import { toldProposal } from '../../../core/health/told.ts';
import { message } from '../../../core/messages/message.ts';
import { shownName } from '../../../core/people/shown-name.ts';
import type { LookAlike } from '../../../core/ports/people.ts';
import type { Proposal } from '../../../core/suggestions/suggestion.ts';
import type { WholeAnalyzer } from '../analyzer.ts';
import { once, pageOf } from '../page-of.ts';

const PAGE = 200;
/** Pairs that are told of, beginning with the most alike. */
const MOST_PAIRS = 5000;

/** Two performers whose references are those of one person, as *Update people* has compared them. Nothing is merged. */
export const performersLookAlike: WholeAnalyzer<'performers-look-alike'> = {
  id: 'performers-look-alike',
  version: 1,
  kinds: ['performers-look-alike'],
  looksAt: 'all',
  begin({ store }) {
    const rows = once(async () => {
      const { items } = await store.lookAlikes.list('open', MOST_PAIRS, 0);
      const byFirst = new Map<string, LookAlike[]>();
      for (const pair of items) {
        const { id } = pair.performers[0];
        byFirst.set(id, [...(byFirst.get(id) ?? []), pair]);
      }
      return [...byFirst].map(([id, own]) => ({ id, own }));
    });
    return async (after) => {
      const { page, looked, next } = pageOf('performer', await rows(), after, PAGE);
      return { proposals: page.flatMap(({ own }) => own.map(toProposal)), looked, next };
    };
  },
};

/** One of each pair, so that each is decided for itself. */
function toProposal({ performers: [one, other], similarity }: LookAlike): Proposal {
  return toldProposal(
    {
      kind: 'performers-look-alike',
      entity: { kind: 'performer', id: one.id },
      entityTitle: one.name,
      severity: 'warning',
      found: [
        {
          what: `looks ${other.id}`,
          said: [message('health.looksAlike', { name: other.name, percent: Math.round(100 * similarity) })],
        },
      ],
      others: [{ ref: { kind: 'performer', id: other.id }, name: shownName(other) }],
    },
    performersLookAlike,
  );
}
