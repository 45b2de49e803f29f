/** Who is in scenes of a stash-box, and of which studios the scenes of a performer are. */
import { z } from 'zod';
import type { BoxAppearance, StashBoxClient } from '../../../core/ports/stash-box.ts';
import { toBoxId } from '../../../core/stash-box/box-id.ts';
import type { Endpoint } from '../endpoint.ts';
import { LONGEST_NAME, text, toPerformer } from '../performer.ts';
import { appearancesDocument, castDocument, studiosDocument } from '../questions/documents.ts';
import { STUDIOS, type Features } from '../questions/features.ts';

export type Parts = {
  readonly endpoint: Endpoint;
  readonly features: () => Promise<Features>;
  /** Asks for these ids, as the box writes ids, in few requests; undefined is answered for one that the box could not answer. */
  readonly eachOf: (
    ids: readonly string[],
    document: (features: Features, count: number) => string,
    take: (id: string, answered: unknown) => void,
    atOnce?: number,
  ) => Promise<void>;
};

export function createScenes({
  endpoint,
  features,
  eachOf,
}: Parts): Pick<StashBoxClient, 'castOf' | 'appearancesIn' | 'studiosOf'> {
  /** Of each of these what it lists, by the ids of that. */
  async function listedIn(
    ids: readonly string[],
    document: (count: number) => string,
    schema: z.ZodType<Listing>,
  ): Promise<ReadonlyMap<string, readonly string[]>> {
    const found = new Map<string, readonly string[]>();
    await eachOf(
      validIds(ids),
      (_, count) => document(count),
      (id, answered) => {
        const one = schema.safeParse(answered);
        if (!one.success || toBoxId(one.data.id) !== id) return;
        found.set(id, validIds(one.data.listed));
      },
    );
    return byIdAsAsked(ids, found);
  }

  return {
    castOf: async (sceneIds) => await listedIn(sceneIds, castDocument, Cast),

    async studiosOf(performerIds) {
      const { performer } = await features();
      return performer.has(STUDIOS)
        ? await listedIn(performerIds, studiosDocument, Studios)
        : new Map<string, readonly string[]>();
    },

    async appearancesIn(sceneIds) {
      const found = new Map<string, readonly BoxAppearance[] | null>();
      await eachOf(validIds(sceneIds), appearancesDocument, (id, answered) => {
        if (answered === null) found.set(id, null);
        const scene = Appearances.safeParse(answered);
        if (!scene.success || toBoxId(scene.data.id) !== id) return;
        found.set(
          id,
          scene.data.performers.map(({ performer, as }) => ({
            performer: toPerformer(performer, endpoint),
            as: as ?? '',
          })),
        );
      });
      const none = sceneIds.filter((id) => toBoxId(id) === null).map((id) => [id, null] as const);
      return new Map([...none, ...byIdAsAsked(sceneIds, found)]);
    },
  };
}

export function validIds(ids: readonly string[]): string[] {
  return [...new Set(ids.flatMap((id) => toBoxId(id) ?? []))];
}

/** By the ids as the caller writes them; what is no id the box does not have. */
export function byIdAsAsked<T>(ids: readonly string[], found: ReadonlyMap<string, T>): Map<string, T> {
  return new Map(
    ids.flatMap((id) => {
      const boxId = toBoxId(id);
      const one = boxId === null ? undefined : found.get(boxId);
      return one === undefined ? [] : [[id, one] as const];
    }),
  );
}

type Listing = { readonly id: string; readonly listed: readonly string[] };

const WithId = z.object({ id: z.string() });
const Cast = z
  .object({ id: z.string(), performers: z.array(z.object({ performer: WithId })) })
  .transform(({ id, performers }): Listing => ({ id, listed: performers.map((one) => one.performer.id) }));
const Studios = z
  .object({ id: z.string(), studios: z.array(z.object({ studio: WithId })) })
  .transform(({ id, studios }): Listing => ({ id, listed: studios.map((one) => one.studio.id) }));
const Appearances = z.object({
  id: z.string(),
  performers: z.array(z.object({ performer: z.unknown(), as: text(LONGEST_NAME) })),
});
