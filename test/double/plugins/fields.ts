/** The Query and Mutation fields about plugins, jobs and the log. */
import type { IncomingMessage } from 'node:http';
import { toGoText } from '../graphql/go-json.ts';
import type { Jobs } from '../jobs.ts';
import { toId } from '../library/queries.ts';
import type { PluginRun, ServerConnection } from './process.ts';
import { startPlugin } from './process.ts';
import type { Plugin, Plugins, PluginTask } from './plugins.ts';
import { requireMap } from './require-map.ts';
import type { StashLog } from '../stash-log.ts';
import type { Asking } from '../library/view-parts.ts';

type Args = Record<string, unknown>;
type RunTask = {
  plugin_id: string;
  task_name?: string | null;
  description?: string | null;
  args_map?: Args | null;
};

/** `client`: the HTTP request; when it is closed, its operation is killed. */
export type PluginAsking = Asking & { readonly client: IncomingMessage };

export function createPluginFields(parts: {
  plugins: Plugins;
  jobs: Jobs;
  log: StashLog;
  env: NodeJS.ProcessEnv;
  /** Called for each process: its own session cookie. */
  connection(): ServerConnection;
  /** Processes that run now. */
  running: Set<PluginRun>;
}): { query: Record<string, unknown>; mutation: Record<string, unknown> } {
  const { plugins, jobs, log, running } = parts;

  async function start(
    plugin: Plugin,
    task: PluginTask | null,
    args: Args,
    onProgress?: (fraction: number) => void,
  ): Promise<PluginRun> {
    const run = await startPlugin(plugin, task, args, parts.connection(), {
      log,
      env: parts.env,
      ...(onProgress ? { onProgress } : {}),
    });
    running.add(run);
    void run.ended.finally(() => running.delete(run));
    return run;
  }

  function runPluginTask({ plugin_id: id, task_name: name, description, args_map: args }: RunTask): string {
    return jobs.add(`Running plugin task: ${description ?? name ?? id}`, async (job, signal) => {
      const plugin = plugins.get(id);
      if (!plugin || plugins.disabled.has(id))
        throw new Error(
          `Error creating plugin task: ${plugin ? `plugin ${id} is disabled` : `no plugin with ID ${id}`}`,
        );
      const task = name ? plugin.manifest.tasks.find((candidate) => candidate.name === name) : null;
      if (task === undefined)
        throw new Error(
          `Error creating plugin task: no task with name ${name} in plugin ${plugin.manifest.name}`,
        );
      const run = await start(plugin, task, args ?? {}, (fraction) => {
        job.progress = fraction;
      }).catch((error: Error) => {
        throw new Error(`Error running plugin task: ${error.message}`, { cause: error });
      });
      signal.addEventListener('abort', run.kill);
      if (signal.aborted) run.kill();
      const { error, output, unread } = await run.ended;
      // Whatever it says, the job is FINISHED.
      if (error !== null) log.write('Error', `Plugin returned error: ${error}`);
      else if (output !== null)
        log.write('Debug', `Plugin returned: ${unread ? '0xc000012345' : toGoText(output)}`);
    });
  }

  async function runPluginOperation(
    { plugin_id: id, args }: { plugin_id: string; args?: unknown },
    { client }: PluginAsking,
  ): Promise<unknown> {
    if (plugins.disabled.has(id)) throw new Error(`plugin ${id} is disabled`);
    const given = requireMap(args ?? {}, 'args');
    const plugin = plugins.get(id);
    if (!plugin) {
      log.write('Error', 'runtime error: invalid memory address or nil pointer dereference');
      throw new Error(
        'Internal system error. Error <runtime error: invalid memory address or nil pointer dereference>',
      );
    }
    const run = await start(plugin, null, given);
    client.socket.once('close', run.kill);
    try {
      const { error, output } = await run.ended;
      if (error !== null) throw new Error(error);
      return output;
    } finally {
      client.socket.off('close', run.kill);
    }
  }

  const view = (plugin: Plugin): object => {
    const { id, manifest } = plugin;
    const tasks = manifest.tasks.map((task) => ({
      name: task.name,
      description: task.description,
      plugin: () => view(plugin),
    }));
    return {
      id,
      name: manifest.name,
      description: manifest.description ?? null,
      url: manifest.url ?? null,
      version: manifest.version ?? null,
      enabled: !plugins.disabled.has(id),
      requires: manifest.ui?.requires.length ? manifest.ui.requires : null,
      tasks: tasks.length > 0 ? tasks : null,
      hooks:
        manifest.hooks.length > 0
          ? manifest.hooks.map((hook) => ({ name: hook.name, hooks: hook.triggeredBy }))
          : null,
      settings: Object.entries(manifest.settings)
        .toSorted(([a], [b]) => (a < b ? -1 : 1))
        .map(([name, it]) => ({
          name,
          display_name: it.displayName,
          description: it.description,
          type: it.type,
        })),
      paths: (_: unknown, { baseUrl }: Asking) => ({
        javascript: manifest.ui?.javascript.length ? [`${baseUrl}/plugin/${id}/javascript`] : null,
        css: manifest.ui?.css.length ? [`${baseUrl}/plugin/${id}/css`] : null,
      }),
    };
  };

  return {
    query: {
      plugins: () => plugins.all().map(view),
      pluginTasks: () =>
        plugins
          .all()
          .filter((plugin) => !plugins.disabled.has(plugin.id))
          .flatMap((plugin) =>
            plugin.manifest.tasks.map((task) => ({
              name: task.name,
              description: task.description,
              plugin: () => view(plugin),
            })),
          ),
      jobQueue: () => jobs.queue()?.map((job) => ({ ...job, subTasks: null })) ?? null,
      findJob: ({ input }: { input: { id: string } }) => {
        const job = jobs.find(toId(input.id));
        return job && { ...job, subTasks: null };
      },
      logs: () => log.recent(),
    },
    mutation: {
      runPluginTask,
      runPluginOperation,
      stopJob: ({ job_id: id }: { job_id: string }) => {
        try {
          jobs.stop(toId(id));
        } catch (error) {
          throw new Error(`converting id: ${(error as Error).message}`, { cause: error });
        }
        return true;
      },
      stopAllJobs: () => {
        jobs.stopAll();
        return true;
      },
      reloadPlugins: () => {
        plugins.reload();
        return true;
      },
      setPluginsEnabled: ({ enabledMap }: { enabledMap: Record<string, boolean> }) => {
        for (const [id, enabled] of Object.entries(enabledMap))
          if (enabled) plugins.disabled.delete(id);
          else plugins.disabled.add(id);
        return true;
      },
    },
  };
}
