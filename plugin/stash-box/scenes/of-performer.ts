/** Scenes of a stash-box by who is in them. */
import { z } from 'zod';
import { hasCode } from '../../../core/errors.ts';
import { MOST_OF_PERFORMER, type BoxScene, type BoxScenes } from '../../../core/ports/boxes/box-scenes.ts';
import { toBoxId } from '../../../core/stash-box/box-id.ts';
import type { GraphqlAnswer } from '../../system/http/graphql-request.ts';
import type { Asking } from '../asking.ts';
import type { Endpoint } from '../endpoint.ts';
import { PER_PAGE, scenesOfDocument, scenesOfVariables } from '../questions/documents.ts';
import { SCENES, type Features } from '../questions/features.ts';
import { toScene } from './by-fingerprint.ts';

type Parts = {
  readonly endpoint: Endpoint;
  readonly ask: Asking['ask'];
  readonly features: () => Promise<Features>;
  readonly dataOf: <T>(schema: z.ZodType<T>, answer: GraphqlAnswer) => T;
};

export function createScenesOf({ endpoint, ask, features, dataOf }: Parts): Pick<BoxScenes, 'scenesOf'> {
  const pageOf = (id: string, page: number): Promise<z.infer<typeof Found>['found']> =>
    ask((known) => ({
      document: scenesOfDocument(known),
      variables: scenesOfVariables(id, page),
      read: (answer) => dataOf(Found, answer).found,
    }));

  return {
    async scenesOf(performerId) {
      const id = toBoxId(performerId);
      if (id === null || !(await features()).query.has(SCENES)) return [];
      const scenes = new Map<string, BoxScene>();
      try {
        for (let page = 1; page <= MOST_OF_PERFORMER / PER_PAGE; page++) {
          const { count, scenes: rows } = await pageOf(id, page);
          // One that was added meanwhile moves others to the next page.
          for (const one of rows.flatMap((row) => toScene(row, endpoint) ?? [])) scenes.set(one.id, one);
          if (page * PER_PAGE >= count || rows.length === 0) break;
        }
      } catch (error) {
        if (!hasCode(error, 'stash-box-failed')) throw error;
        return null;
      }
      return [...scenes.values()];
    },
  };
}

const Found = z.object({
  found: z.object({ count: z.int().nonnegative(), scenes: z.array(z.unknown()) }),
});
