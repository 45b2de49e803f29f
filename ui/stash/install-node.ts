import { stash } from './api.ts';
import { explainFailure } from './operations.ts';

/** Installing Node is the launcher's own work: where there is none, none of our operations can answer. */
export async function startInstallNode(): Promise<void> {
  const { libraries, utils } = stash();
  try {
    await utils.StashService.getClient().mutate({
      // By its mode: its name in the menu says how much there is to fetch.
      mutation: libraries.Apollo.gql`
        mutation StashSenseInstallNode($description: String, $args: Map) {
          runPluginTask(plugin_id: "stash-sense", description: $description, args_map: $args)
        }
      `,
      variables: { description: 'Install Node', args: { mode: 'install-node' } },
      fetchPolicy: 'no-cache',
    });
  } catch (error) {
    throw new Error(explainFailure(error), { cause: error });
  }
}
