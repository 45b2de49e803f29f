/** In which studios those are listed who may be a performer of the user, where it is not clear yet who it is. */
import type { StashBoxClient } from '../../../core/ports/stash-box.ts';
import { rateLinks } from '../../../core/stash-box/rate.ts';
import { compareStudios } from '../../../core/stash-box/scenes.ts';
import type { Unlinked } from '../performers.ts';
import { answered } from './casts.ts';
import { placesToAsk, type Compared } from './look-at.ts';

type ComparedFor = {
  readonly performer: Pick<Unlinked, 'studios'>;
  readonly compared: readonly Compared[];
};

/** Asks in one request about all of them; it is evidence beside other, so that an answer that fails counts as none. */
export async function compareByStudios(
  client: StashBoxClient,
  all: readonly ComparedFor[],
): Promise<Compared[][]> {
  const asked = all.map((one) => new Set(openOf(one)));
  const ids = [...new Set(asked.flatMap((some) => [...some]))];
  const studios = ids.length === 0 ? new Map<string, never>() : await answered(client.studiosOf(ids));
  return all.map(({ performer, compared }, n) =>
    compared.map((candidate) => {
      const { id } = candidate.performer;
      const sign = asked[n]?.has(id) ? compareStudios(performer.studios, studios.get(id) ?? []) : null;
      return sign === null ? candidate : { ...candidate, signs: [...candidate.signs, sign] };
    }),
  );
}

/** Nobody where it is clear already. */
function openOf({ performer: { studios }, compared }: ComparedFor): string[] {
  if (studios.length === 0) return [];
  if (rateLinks(compared.map(({ signs }) => signs)).some(({ isStrong }) => isStrong)) return [];
  return placesToAsk(compared).map((n) => compared[n]!.performer.id);
}
