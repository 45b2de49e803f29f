/** What the scheduler asks of Stash: our own operation that starts what is due, and whether there are new scenes. */
import { z } from 'zod';
import type * as types from '../documents.generated.ts';
import type { Graphql } from '../graphql.ts';
import { operation } from '../operation.ts';

export const askOwnOperation = operation<types.AskOwnMutation, types.AskOwnMutationVariables>()({
  document:
    'mutation AskOwn($args: Map!) { answer: runPluginOperation(plugin_id: "stash-sense", args: $args) }',
  answer: z.object({ answer: z.unknown() }).transform(({ answer }) => answer),
});

export const newestSceneQuery = operation<types.NewestSceneQuery, types.NewestSceneQueryVariables>()({
  document:
    'query NewestScene { found: findScenes(filter: { per_page: 1, sort: "id", direction: DESC }) { scenes { id } } jobQueue { id } }',
  answer: z
    .object({
      found: z.object({ scenes: z.array(z.object({ id: z.string() })) }),
      jobQueue: z.array(z.object({ id: z.string() })).nullable(),
    })
    .transform(({ found, jobQueue }) => ({
      highest: Number(found.scenes[0]?.id ?? 0),
      isIdle: (jobQueue ?? []).length === 0,
    })),
});

export type SchedulerLink = {
  /** @returns what the operation answers. @throws StashSenseError `stash-unreachable`, `stash-refused` */
  ask(mode: string, input: Readonly<Record<string, unknown>>): Promise<unknown>;
  /** The highest id of a scene (0: there is none), and whether Stash's queue is empty. Takes Stash two milliseconds. */
  newestScene(): Promise<{ readonly highest: number; readonly isIdle: boolean }>;
};

export function createSchedulerLink(graphql: Graphql): SchedulerLink {
  return {
    ask: (mode, input) => graphql.mutate(askOwnOperation, { args: { mode, input } }),
    newestScene: () => graphql.query(newestSceneQuery),
  };
}
