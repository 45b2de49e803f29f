/** Scenes of a stash-box by who is in them, and by a text. */
import { z } from 'zod';
import { hasCode } from '../../../core/errors.ts';
import {
  MOST_OF_PERFORMER,
  TEXTS_AT_ONCE,
  type BoxScene,
  type BoxScenes,
} from '../../../core/ports/boxes/box-scenes.ts';
import { toBoxId } from '../../../core/stash-box/box-id.ts';
import type { GraphqlAnswer } from '../../system/http/graphql-request.ts';
import type { Asking } from '../asking.ts';
import type { Endpoint } from '../endpoint.ts';
import {
  PER_PAGE,
  scenesOfDocument,
  scenesOfVariables,
  searchScenesDocument,
} from '../questions/documents.ts';
import { NEW_SCENE_SEARCH, SCENE_SEARCH, SCENES, type Features } from '../questions/features.ts';
import { toScene } from './by-fingerprint.ts';
import type { Parts as EachOf } from './casts.ts';

type Parts = {
  readonly endpoint: Endpoint;
  readonly ask: Asking['ask'];
  readonly features: () => Promise<Features>;
  readonly dataOf: <T>(schema: z.ZodType<T>, answer: GraphqlAnswer) => T;
  readonly eachOf: EachOf['eachOf'];
};

/** Of each text; those of the older search come so many without being asked. */
const MOST_FOUND = 10;

export function createScenesOf({
  endpoint,
  ask,
  features,
  dataOf,
  eachOf,
}: Parts): Pick<BoxScenes, 'scenesOf' | 'scenesByText'> {
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

    async scenesByText(texts) {
      const { query } = await features();
      if (!query.has(SCENE_SEARCH) && !query.has(NEW_SCENE_SEARCH))
        return new Map(texts.map((text) => [text, []]));
      const found = new Map<string, readonly BoxScene[]>();
      await eachOf(
        [...new Set(texts)],
        (known, count) => searchScenesDocument(known, count, MOST_FOUND),
        (text, answered) => {
          const rows = ByText.safeParse(answered).data;
          if (rows !== undefined)
            found.set(text, rows.flatMap((row) => toScene(row, endpoint) ?? []).slice(0, MOST_FOUND));
        },
        TEXTS_AT_ONCE,
      );
      return found;
    },
  };
}

const Found = z.object({
  found: z.object({ count: z.int().nonnegative(), scenes: z.array(z.unknown()) }),
});
const ByText = z.union([
  z.array(z.unknown()),
  z.object({ scenes: z.array(z.unknown()) }).transform(({ scenes }) => scenes),
]);
