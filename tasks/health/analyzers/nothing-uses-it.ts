import { toldProposal } from '../../../core/health/told.ts';
import { message } from '../../../core/messages/message.ts';
import type { Proposal } from '../../../core/suggestions/suggestion.ts';
import type { WholeAnalyzer } from '../analyzer.ts';

/** Of which it is asked at once what refers to them. */
const AT_ONCE = 10;

/** Performers, studios and tags that nothing in Stash refers to. A favorite is kept by somebody, and not told of. */
export const nothingUsesIt: WholeAnalyzer<'nothing-uses-it'> = {
  id: 'nothing-uses-it',
  version: 1,
  kinds: ['nothing-uses-it'],
  looksAt: 'all',
  async find({ library }) {
    const proposals: Proposal[] = [];
    for (const kind of ['performer', 'studio', 'tag'] as const) {
      const unused = (await library.catalogue.unused(kind)).filter(({ favorite }) => !favorite);
      const usages: Awaited<ReturnType<typeof library.usage>>[] = [];
      for (let at = 0; at < unused.length; at += AT_ONCE)
        usages.push(
          ...(await Promise.all(unused.slice(at, at + AT_ONCE).map(({ id }) => library.usage(kind, id)))),
        );
      for (const [n, { id, name }] of unused.entries()) {
        const usage = usages[n] ?? null;
        // Groups and markers count too; what has fields of the user's own is kept for these.
        if (usage === null || usage.isUsed || usage.hasCustomFields) continue;
        proposals.push(
          toldProposal(
            {
              kind: 'nothing-uses-it',
              entity: { kind, id },
              entityTitle: name,
              severity: 'info',
              found: [{ what: 'unused', said: [message('health.unused', { kind })] }],
            },
            nothingUsesIt,
          ),
        );
      }
    }
    return { proposals };
  },
};
