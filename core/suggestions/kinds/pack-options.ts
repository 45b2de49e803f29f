/** Who somebody can be, where a person of a reference pack is one of them. Free of packages: the page carries it. */
import type { SuggestionOption } from './define.ts';

type Likely<Who> = Who & { readonly name: string; readonly confidence: number };

/** The people of packs and the performers, most likely first. */
export function packOptions({
  people,
  performers,
}: {
  readonly people: readonly Likely<{ readonly personId: string }>[];
  readonly performers: readonly Likely<{ readonly performerId: string }>[];
}): SuggestionOption<{ personId?: string; performerId?: string }>[] {
  const options = [
    ...people.map(({ personId, name, confidence }) => ({
      confidence,
      option: { target: null, name, choices: { personId } },
    })),
    ...performers.map(({ performerId, name, confidence }) => ({
      confidence,
      option: { target: { kind: 'performer' as const, id: performerId }, name, choices: { performerId } },
    })),
  ];
  // oxlint-disable-next-line unicorn/no-array-sort -- of a new array; the types of the page have no toSorted
  return options.sort((a, b) => b.confidence - a.confidence).map(({ option }) => option);
}
