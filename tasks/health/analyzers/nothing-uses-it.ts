import { toldProposal } from '../../../core/health/told.ts';
import { message } from '../../../core/messages/message.ts';
import type { Proposal } from '../../../core/suggestions/suggestion.ts';
import type { WholeAnalyzer } from '../analyzer.ts';

/** Performers, studios and tags that nothing in Stash refers to. A favorite is kept by somebody, and not told of. */
export const nothingUsesIt: WholeAnalyzer<'nothing-uses-it'> = {
  id: 'nothing-uses-it',
  version: 1,
  kinds: ['nothing-uses-it'],
  looksAt: 'all',
  async find({ library }) {
    const proposals: Proposal[] = [];
    for (const kind of ['performer', 'studio', 'tag'] as const)
      for (const { id, name, favorite } of await library.catalogue.unused(kind)) {
        if (favorite) continue;
        const usage = await library.usage(kind, id);
        // Groups and markers count too; what has fields of the user's own is kept for these.
        if (usage === null || usage.isUsed || usage.hasExtras) continue;
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
    return { proposals };
  },
};
