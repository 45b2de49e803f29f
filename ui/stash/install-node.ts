import { stash } from './api.ts';
import { explainFailure } from './operations.ts';
import { say } from './intl.tsx';

/**
Installing Node is the launcher's own work: where there is none, none of our operations can answer.

@returns the id of Stash's job
*/
export async function startInstallNode(): Promise<string> {
  const { libraries, utils } = stash();
  try {
    const { data } = await utils.StashService.getClient().mutate({
      // By its mode: its name in the menu says how much there is to fetch.
      mutation: libraries.Apollo.gql`
        mutation StashSenseInstallNode($description: String, $args: Map) {
          runPluginTask(plugin_id: "stash-sense", description: $description, args_map: $args)
        }
      `,
      variables: { description: say('setup.installNode'), args: { mode: 'install-node' } },
      fetchPolicy: 'no-cache',
    });
    return String((data as { runPluginTask: unknown }).runPluginTask);
  } catch (error) {
    throw new Error(explainFailure(error), { cause: error });
  }
}

const OVER: ReadonlySet<string> = new Set(['FINISHED', 'CANCELLED', 'FAILED']);

/** Null: Stash has no such job, or has it no more. `progress` 0…1; null: not known. */
export async function findJob(id: string): Promise<{ isOver: boolean; progress: number | null } | null> {
  const { libraries, utils } = stash();
  const { data } = await utils.StashService.getClient().query({
    query: libraries.Apollo.gql`
      query StashSenseJob($id: ID!) {
        findJob(input: { id: $id }) {
          status
          progress
        }
      }
    `,
    variables: { id },
    fetchPolicy: 'no-cache',
  });
  const { findJob: job } = data as { findJob: { status: string; progress: number | null } | null };
  return job && { isOver: OVER.has(job.status), progress: job.progress };
}
