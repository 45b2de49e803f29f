import { toldProposal } from '../../../core/health/told.ts';
import { message } from '../../../core/messages/message.ts';
import type { Proposal } from '../../../core/suggestions/suggestion.ts';
import type { LookParts, WholeAnalyzer } from '../analyzer.ts';
import { once, pageOf } from '../page-of.ts';

/** Of which it is asked at once what refers to them. */
const AT_ONCE = 20;
const KINDS = ['performer', 'studio', 'tag'] as const;

/** Performers, studios and tags that nothing in Stash refers to. A favorite is kept by somebody, and not told of. */
export const nothingUsesIt: WholeAnalyzer<'nothing-uses-it'> = {
  id: 'nothing-uses-it',
  version: 1,
  kinds: ['nothing-uses-it'],
  looksAt: 'all',
  begin({ library }) {
    const unused = Object.fromEntries(
      KINDS.map((kind) => [
        kind,
        once(async () => (await library.catalogue.unused(kind)).filter(({ favorite }) => !favorite)),
      ]),
    ) as Record<(typeof KINDS)[number], () => Promise<Unused[]>>;
    return async (after) => {
      const [name, behind] = after?.split(' ') ?? [];
      const kind = KINDS.find((one) => one === name) ?? KINDS[0];
      const { page, looked, next } = pageOf(kind, await unused[kind](), behind ?? null, AT_ONCE);
      const usages = await Promise.all(page.map(({ id }) => library.usage(kind, id)));
      const proposals = page.flatMap((one, n) => {
        const usage = usages[n] ?? null;
        // Groups and markers count too; what has fields of the user's own is kept for these.
        if (usage === null || usage.isUsed || usage.hasCustomFields) return [];
        return toProposal(kind, one);
      });
      const following = KINDS[KINDS.indexOf(kind) + 1];
      const last = following === undefined ? null : `${following} 0`;
      return { proposals, looked, next: next === null ? last : `${kind} ${next}` };
    };
  },
};

type Unused = Awaited<ReturnType<LookParts['library']['catalogue']['unused']>>[number];

function toProposal(kind: (typeof KINDS)[number], { id, name }: Unused): Proposal {
  return toldProposal(
    {
      kind: 'nothing-uses-it',
      entity: { kind, id },
      entityTitle: name,
      severity: 'info',
      found: [{ what: 'unused', said: [message('health.unused', { kind })] }],
    },
    nothingUsesIt,
  );
}
