/** Who is in scenes of a stash-box, and of which studios the scenes of a performer are. */
import { z } from 'zod';
import type { BoxAppearance, StashBoxClient } from '../../../core/ports/stash-box.ts';
import { toBoxId } from '../../../core/stash-box/box-id.ts';
import type { Endpoint } from '../endpoint.ts';
import { LONGEST_NAME, text, toPerformer } from '../performer.ts';
import { appearancesDocument, castDocument, NOTHING, studiosDocument } from '../questions/documents.ts';
import type { Features } from '../questions/features.ts';

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
  features: readFeatures,
  eachOf,
}: Parts): Pick<StashBoxClient, 'castOf' | 'appearancesIn' | 'studiosOf'> {
  return {
    async studiosOf(performerIds) {
      const found = new Map<string, readonly string[]>();
      if (studiosDocument(await readFeatures(), 1) === null) return found;
      await eachOf(
        validIds(performerIds),
        // A box that has lost the question since is asked nothing.
        (features, count) => studiosDocument(features, count) ?? NOTHING,
        (id, answered) => {
          const one = OfStudios.safeParse(answered);
          if (!one.success || toBoxId(one.data.id) !== id) return;
          const ids = one.data.studios.flatMap(({ studio }) => toBoxId(studio.id) ?? []);
          found.set(id, [...new Set(ids)]);
        },
      );
      return byIdAsAsked(performerIds, found);
    },

    async castOf(sceneIds) {
      const cast = new Map<string, readonly string[]>();
      await eachOf(
        validIds(sceneIds),
        (_, count) => castDocument(count),
        (id, answered) => {
          const scene = Cast.safeParse(answered);
          if (!scene.success || toBoxId(scene.data.id) !== id) return;
          const ids = scene.data.performers.flatMap(({ performer }) => toBoxId(performer.id) ?? []);
          cast.set(id, [...new Set(ids)]);
        },
      );
      return byIdAsAsked(sceneIds, cast);
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

const Cast = z.object({
  id: z.string(),
  performers: z.array(z.object({ performer: z.object({ id: z.string() }) })),
});
const OfStudios = z.object({
  id: z.string(),
  studios: z.array(z.object({ studio: z.object({ id: z.string() }) })),
});
const Appearances = z.object({
  id: z.string(),
  performers: z.array(z.object({ performer: z.unknown(), as: text(LONGEST_NAME) })),
});
