/** In which studios those are listed who may be a performer of the user, where it is not clear yet who it is. */
import { hasCode } from '../../../core/errors.ts';
import type { StashBoxClient } from '../../../core/ports/stash-box.ts';
import { rateLinks } from '../../../core/stash-box/rate.ts';
import { compareStudios } from '../../../core/stash-box/scenes.ts';
import type { Unlinked } from '../performers.ts';
import type { Compared } from './look-at.ts';

/** Candidates of one performer who are asked about: the likeliest by all other signs. */
const MAX_ASKED = 3;
/** Less likely ones are no candidates. */
const ASKED_FROM = 0.01;

export type ComparedFor = {
  readonly performer: Pick<Unlinked, 'studios'>;
  readonly compared: readonly Compared[];
};

/** Asks in one request about all of them; it is evidence beside other, so that an answer that fails is as none. */
export async function compareByStudios(
  client: StashBoxClient,
  all: readonly ComparedFor[],
): Promise<Compared[][]> {
  const asked = all.map((one) => new Set(openOf(one)));
  const ids = [...new Set(asked.flatMap((some) => [...some]))];
  const studios = ids.length === 0 ? new Map<string, never>() : await answered(client, ids);
  return all.map(({ performer, compared }, n) =>
    compared.map((candidate) => {
      const { id } = candidate.performer;
      const sign = asked[n]?.has(id) ? compareStudios(performer.studios, studios.get(id) ?? []) : null;
      return sign === null ? candidate : { ...candidate, signs: [...candidate.signs, sign] };
    }),
  );
}

function openOf({ performer: { studios }, compared }: ComparedFor): string[] {
  if (studios.length === 0) return [];
  const rated = rateLinks(compared.map(({ signs }) => signs));
  if (rated.some(({ isStrong }) => isStrong)) return [];
  return compared
    .map(({ performer }, n) => ({ id: performer.id, confidence: rated[n]?.confidence ?? 0 }))
    .filter(({ confidence }) => confidence >= ASKED_FROM)
    .toSorted((a, b) => b.confidence - a.confidence)
    .slice(0, MAX_ASKED)
    .map(({ id }) => id);
}

async function answered(
  client: StashBoxClient,
  ids: readonly string[],
): Promise<ReadonlyMap<string, readonly string[]>> {
  return await client.studiosOf(ids).catch((error: unknown) => {
    if (hasCode(error, 'stash-box-failed')) return new Map<string, never>();
    throw error;
  });
}
