import type { Ask, OperationName, Output } from '../../core/contract/operations.ts';
import type { OperationFailure } from '../../core/contract/operation-failure.ts';
import { stash } from './api.ts';
import { say } from './intl.tsx';

/**
Asks our own Node side, which checks `input` and makes the answer: the cast is the contract.

@throws Error with one sentence for the user
*/
export async function ask<Name extends OperationName>(name: Name, input: Ask<Name>): Promise<Output<Name>> {
  const answer = await operationAnswer(name, input);
  const failure = failureIn(answer);
  if (failure !== null) throw new Error(failure);
  // Text is what Stash hands on when the process did not print one JSON object.
  if (answer === null || typeof answer !== 'object')
    throw new Error(
      `Stash Sense gave no proper answer to "${name}"${typeof answer === 'string' && answer !== '' ? ` but "${answer.slice(0, 120)}"` : ''}: Settings > Logs says why.`,
    );
  return answer as Output<Name>;
}

/** Why our own side could not answer, in the page's language; null: it could. */
function failureIn(answer: unknown): string | null {
  const { operationError } = (answer ?? {}) as Partial<OperationFailure>;
  return operationError === undefined ? null : say(operationError.said);
}

async function operationAnswer(name: string, input: object): Promise<unknown> {
  const { libraries, utils } = stash();
  try {
    const { data } = await utils.StashService.getClient().mutate({
      // Stash's page has no document of its own for this mutation.
      mutation: libraries.Apollo.gql`
        mutation StashSenseAsk($args: Map) {
          runPluginOperation(plugin_id: "stash-sense", args: $args)
        }
      `,
      variables: { args: { mode: name, input } },
      fetchPolicy: 'no-cache',
    });
    return (data as { runPluginOperation?: unknown } | null | undefined)?.runPluginOperation;
  } catch (error) {
    throw new Error(explainFailure(error), { cause: error });
  }
}

/** What Stash and Apollo say when no answer came, as a sentence that says what to do. Our own messages stay as they are. */
export function explainFailure(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  // Stash looks the plugin up without asking whether it is there (pkg/plugin/plugins.go).
  if (/nil pointer dereference|^Internal system error/.test(message))
    return 'Stash has not loaded the plugin Stash Sense: look at Settings > Plugins and press "Reload plugins"; Settings > Logs says what is wrong with it.';
  if (/plugin \S+ is disabled/.test(message))
    return 'The plugin Stash Sense is switched off: switch it on in Settings > Plugins.';
  if (/failed to fetch|networkerror|load failed/i.test(message))
    return 'Stash does not answer: see whether it still runs, then try again.';
  if (/status code 401/.test(message)) return 'Stash has logged you out: reload the page and log in again.';
  const [, code] = /status code (50[234])/.exec(message) ?? [];
  if (code !== undefined)
    return `What stands between this page and Stash, a proxy, gave up waiting for an answer (${code}), or Stash is down. What was done so far is kept: press the button again to go on.`;
  if (message.startsWith('signal: killed'))
    return 'The work was ended before it was done (stopped, or out of memory): try again; Settings > Logs may say more.';
  if (/^exit status \d+/.test(message))
    return `Stash Sense ended without an answer (${message}): Settings > Logs says why.`;
  return message;
}
