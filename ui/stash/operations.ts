import type { Ask, OperationName, Output } from '../../core/contract/operations.ts';
import type { OperationFailure } from '../../core/contract/operation-failure.ts';
import { mutate } from './api.ts';
import { ASK } from './documents.ts';
import { say } from './intl.tsx';

type Code = OperationFailure['operationError']['code'];

/** Carries the code of what our own Node side could not do. */
export function operationError(message: string, code: Code): Error {
  return Object.assign(new Error(message), { code });
}

/** Whether our own Node side has answered with a sentence that says what it could not do. */
export function isOperationError(error: unknown): error is Error & { readonly code: unknown } {
  return error instanceof Error && 'code' in error;
}

/** Whether Stash no longer has what was asked about. */
export function isNotFound(error: unknown): boolean {
  return isOperationError(error) && error.code === ('not-found' satisfies Code);
}

/**
Asks our own Node side, which checks `input` and makes the answer: the cast is the contract.

@throws Error with one sentence for the user
*/
export async function ask<Name extends OperationName>(name: Name, input: Ask<Name>): Promise<Output<Name>> {
  const answer = await operationAnswer(name, input);
  const { operationError: failure } = (answer ?? {}) as Partial<OperationFailure>;
  if (failure !== undefined) throw operationError(say(failure.said), failure.code);
  // Text is what Stash hands on when the process did not print one JSON object.
  if (answer === null || typeof answer !== 'object')
    throw new Error(
      typeof answer === 'string' && answer !== ''
        ? say('stash.improperAnswer', { operation: name, answer: answer.slice(0, 120) })
        : say('stash.noAnswer', { operation: name }),
    );
  return answer as Output<Name>;
}

/**
What only asks. Everything else somebody has decided or started: Stash kills the process of a request whose page was left before
the answer came, so that the browser has to complete it.
*/
const QUESTIONS: ReadonlySet<string> = new Set<OperationName>([
  'status',
  'scene.faces',
  'entity.faces',
  'faces.elsewhere',
  'performer.face',
  'pictures.ask',
  'suggestions.list',
  'suggestions.views',
  'people.info',
  'people.references',
  'people.lookAlikes',
  'people.hidden',
  'journal.list',
  'journal.batch',
  'settings.get',
  'schedule.get',
  'schedule.preview',
  'runs.failures',
  'health.view',
  'runs.dryRun',
  'referencePacks.list',
  'referencePacks.pictures',
  'referencePacks.boxes',
  'referencePacks.estimate',
  'referencePacks.learnt',
  'referencePacks.doubtful',
  'packChannel.view',
  'packChannel.check',
  'stashBoxes.pictures',
  'fingerprints.view',
  'sceneBoxes.profile',
  'sceneBoxes.ofScene',
  'sceneBoxes.findOne',
  'stashIds.performers',
  'stashBoxes.profile',
  'stashIds.ofPerformer',
  'stashIds.findOne',
  'data.info',
  'diagnostics',
]);

export function outlivesPage(name: string): boolean {
  return !QUESTIONS.has(name);
}

async function operationAnswer(name: string, input: object): Promise<unknown> {
  try {
    const answered = await mutate(ASK, { args: { mode: name, input } }, { outlivesPage: outlivesPage(name) });
    return answered?.runPluginOperation;
  } catch (error) {
    throw new Error(explainFailure(error), { cause: error });
  }
}

/** What Stash and Apollo say when no answer came, as a sentence that says what to do. Our own messages stay as they are. */
export function explainFailure(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  // Stash looks the plugin up without asking whether it is there (pkg/plugin/plugins.go).
  if (/nil pointer dereference|^Internal system error/.test(message)) return say('stash.pluginNotLoaded');
  if (/plugin \S+ is disabled/.test(message)) return say('stash.pluginDisabled');
  if (/failed to fetch|networkerror|load failed/i.test(message)) return say('stash.doesNotAnswer');
  if (/status code 401/.test(message)) return say('stash.loggedOut');
  const [, code] = /status code (50[234])/.exec(message) ?? [];
  if (code !== undefined) return say('stash.gatewayGaveUp', { code });
  if (message.startsWith('signal: killed')) return say('stash.processKilled');
  if (/^exit status \d+/.test(message)) return say('stash.endedWithoutAnswer', { problem: message });
  return message;
}
