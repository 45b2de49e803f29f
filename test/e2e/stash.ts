/** A Stash asked as its users ask it: over GraphQL, the real one and the double alike. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Ask, OperationName, Output } from '../../core/contract/operations.ts';
import type { OperationFailure } from '../../core/contract/operation-failure.ts';

export type Auth = { readonly apiKey?: string; readonly cookie?: string };
export type Job = {
  readonly id: string;
  readonly status: 'READY' | 'RUNNING' | 'STOPPING' | 'FINISHED' | 'CANCELLED' | 'FAILED';
  readonly description: string;
  readonly progress: number | null;
};
export type EndedJob = {
  readonly id: string;
  readonly status: string;
  readonly seconds: number;
  /** Each progress that was seen, in order, without repeats. */
  readonly progress: readonly number[];
};
export type LogLine = { readonly time: string; readonly level: string; readonly message: string };

export type Stash = ReturnType<typeof connectStash>;

/** `url` is where its page is, without a slash at the end. */
export function connectStash(url: string, auth: Auth = {}) {
  const headers = {
    ...(auth.apiKey !== undefined && { ApiKey: auth.apiKey }),
    ...(auth.cookie !== undefined && { Cookie: auth.cookie }),
  };

  async function ask<Data>(query: string, variables: object = {}): Promise<Data> {
    const response = await fetch(`${url}/graphql`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', ...headers },
      body: JSON.stringify({ query, variables }),
    });
    const text = await response.text();
    if (text === '') throw new Error(`Stash answered ${response.status} with nothing.`);
    const { data, errors } = JSON.parse(text) as { data?: Data; errors?: { message: string }[] };
    if (errors?.length) throw new Error(errors[0]!.message);
    return data as Data;
  }

  /** One of our operations, as our page asks it. */
  async function operation<Name extends OperationName>(name: Name, input: Ask<Name>): Promise<Output<Name>> {
    const { runPluginOperation } = await ask<{ runPluginOperation: unknown }>(
      'mutation($args: Map) { runPluginOperation(plugin_id: "stash-sense", args: $args) }',
      { args: { mode: name, input } },
    );
    if (runPluginOperation === null || typeof runPluginOperation !== 'object')
      throw new Error(`${name} answered no object but ${JSON.stringify(runPluginOperation)}`);
    const { operationError } = runPluginOperation as Partial<OperationFailure>;
    if (operationError !== undefined) throw new Error(operationError.text);
    return runPluginOperation as Output<Name>;
  }

  async function startTask(name: string, args?: Record<string, unknown>): Promise<string> {
    const { runPluginTask } = await ask<{ runPluginTask: string }>(
      'mutation($name: String, $args: Map) { runPluginTask(plugin_id: "stash-sense", task_name: $name, args_map: $args) }',
      { name, args },
    );
    return runPluginTask;
  }

  async function findJob(id: string): Promise<Job | null> {
    const { findJob: job } = await ask<{ findJob: Job | null }>(
      'query($id: ID!) { findJob(input: { id: $id }) { id status description progress } }',
      { id },
    );
    return job;
  }

  /** Until the job is over; a job that Stash has forgotten is over too. @param timeoutMs without any progress */
  async function waitForJob(
    id: string,
    { timeoutMs = 240_000, onProgress = (_fraction: number): void => {} } = {},
  ): Promise<EndedJob> {
    const began = Date.now();
    let advanced = began;
    const progress: number[] = [];
    for (;;) {
      const job = await findJob(id);
      if (job?.progress && job.progress !== progress.at(-1)) {
        progress.push(job.progress);
        advanced = Date.now();
        onProgress(job.progress);
      }
      if (job === null || ['FINISHED', 'CANCELLED', 'FAILED'].includes(job.status))
        return { id, status: job?.status ?? 'FORGOTTEN', seconds: (Date.now() - began) / 1000, progress };
      if (Date.now() - advanced > timeoutMs)
        throw new Error(
          `Job ${id} (${job.description}) is ${job.status} and did not advance for ${timeoutMs / 1000} s.`,
        );
      await sleep(100);
    }
  }

  /** A null queue is an empty one. */
  async function jobs(): Promise<Job[]> {
    const { jobQueue } = await ask<{ jobQueue: Job[] | null }>(
      '{ jobQueue { id status description progress } }',
    );
    return jobQueue ?? [];
  }

  /** @param timeoutMs without any progress */
  async function waitForIdle(timeoutMs = 240_000): Promise<void> {
    let seen = '';
    let advanced = Date.now();
    for (let waiting = await jobs(); waiting.length > 0; waiting = await jobs()) {
      const state = JSON.stringify(waiting);
      if (state !== seen) advanced = Date.now();
      seen = state;
      if (Date.now() - advanced > timeoutMs)
        throw new Error(`The queue did not advance for ${timeoutMs / 1000} s: ${state}`);
      await sleep(100);
    }
  }

  return {
    url,
    /** What a browser or a fetch must send along. */
    headers,
    ask,
    operation,
    startTask,
    waitForJob,
    jobs,
    waitForIdle,
    findJob,

    /** From the click to the end of the job. */
    async runTask(name: string, args?: Record<string, unknown>): Promise<EndedJob> {
      return waitForJob(await startTask(name, args));
    },

    async stopJob(id: string): Promise<void> {
      await ask('mutation($id: ID!) { stopJob(job_id: $id) }', { id });
    },

    /** At most the last 30 lines, newest first. */
    async logs(): Promise<LogLine[]> {
      return (await ask<{ logs: LogLine[] }>('{ logs { time level message } }')).logs;
    },

    /** Names of a scene's performers. */
    async performersOf(sceneId: string): Promise<string[]> {
      const { findScene } = await ask<{ findScene: { performers: { name: string }[] } }>(
        'query($id: ID!) { findScene(id: $id) { performers { name } } }',
        { id: sceneId },
      );
      return findScene.performers.map(({ name }) => name).toSorted();
    },

    async tagsOf(sceneId: string): Promise<string[]> {
      const { findScene } = await ask<{ findScene: { tags: { name: string }[] } }>(
        'query($id: ID!) { findScene(id: $id) { tags { name } } }',
        { id: sceneId },
      );
      return findScene.tags.map(({ name }) => name).toSorted();
    },

    /** As a form, a scrape or another plugin does; what is not named stays. */
    async updateScene(id: string, change: Record<string, unknown>): Promise<void> {
      await ask('mutation($input: SceneUpdateInput!) { sceneUpdate(input: $input) { id } }', {
        input: { id, ...change },
      });
    },

    /** Replaces all of our settings, as Stash's settings page does. */
    async configure(settings: Record<string, unknown>): Promise<void> {
      await ask('mutation($input: Map!) { configurePlugin(plugin_id: "stash-sense", input: $input) }', {
        input: settings,
      });
    },
  };
}

/** What is not named stays. */
export async function configureGeneral(stash: Stash, input: Record<string, unknown>): Promise<void> {
  await stash.ask(
    'mutation($input: ConfigGeneralInput!) { configureGeneral(input: $input) { databasePath } }',
    { input },
  );
}
