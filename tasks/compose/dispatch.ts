import { z } from 'zod';
import { operations, type OperationName } from '../../core/contract/operations.ts';
import { inEnglish } from '../../core/messages/english.ts';
import { messageOf, StashSenseError } from '../../core/errors.ts';
import { logFault } from '../../core/log-fault.ts';
import { saidTask } from '../../core/runs/task-words.ts';
import type { TaskMode } from '../../core/runs/tasks.ts';
import type { SettingsContext, SettingsOperation } from '../settings/operations.ts';
import { handlers, settingsHandlers, tasks } from './registry.ts';
import type { SliceReport } from '../runs/run-slice.ts';
import type { Context, Task } from '../runs/task.ts';
import { message } from '../../core/messages/message.ts';

export function findTask(mode: unknown): Task | undefined {
  return typeof mode === 'string' && Object.hasOwn(tasks, mode) ? tasks[mode as TaskMode] : undefined;
}

/** @throws StashSenseError `bad-input` */
export async function runTask(
  context: Context,
  task: Task,
  given: Readonly<Record<string, unknown>>,
): Promise<SliceReport> {
  const [{ taskArgsSchema }, { runSlice }, { runBegins }] = await Promise.all([
    import('../../core/runs/task-args.ts'),
    import('../runs/run-slice.ts'),
    import('../schedule/due.ts'),
  ]);
  const { run, token, ...rest } = given;
  const args = parse(taskArgsSchema(task.mode), rest, { task: task.mode });
  const slice = parse(SliceArgs, { run, token }, { task: task.mode });
  await greet(context);
  await settleDataFolder(context);
  try {
    return await runSlice(
      context,
      task,
      args,
      {
        ...(slice.run === undefined ? {} : { run: slice.run }),
        ...(slice.token === undefined ? {} : { token: slice.token }),
      },
      async ({ id }) => await runBegins(context, task.mode, id, args),
    );
  } finally {
    await asksWhatIsDue(context).catch((error: unknown) => {
      context.log.warn(messageOf(error));
      logFault(context.log, error);
    });
  }
}

/** At the end of every run: starts what is due, and the scheduler where it is to run and does not. */
async function asksWhatIsDue(context: Context): Promise<void> {
  const [{ startDue }, { readPlan }, { keepScheduler }] = await Promise.all([
    import('../schedule/due.ts'),
    import('../schedule/plan.ts'),
    import('../schedule/background/keep.ts'),
  ]);
  await startDue(context);
  await keepScheduler(context, await readPlan(context));
}

/** Says once, at the first task, what somebody has to know who has just installed the plugin. */
async function greet({ store, log }: Pick<Context, 'store' | 'log'>): Promise<void> {
  const isFirst = await store.transaction(async () => {
    if ((await store.runs.recent(1)).length > 0 || (await store.state.get('first-task')) === true)
      return false;
    await store.state.set('first-task', true);
    return true;
  });
  if (isFirst) log.info(FIRST_RUN);
}

/** Notes the folder in use, so that the data in it are found when the setting is changed by hand. */
async function settleDataFolder({
  formerData,
  library,
  settings,
  log,
}: Pick<Context, 'formerData' | 'library' | 'settings' | 'log'>): Promise<void> {
  const former = formerData.find();
  if (former !== null) log.warn(inEnglish(message('former.found', { folder: former.folder })));
  const toSettle = formerData.toSettle();
  if (toSettle === null) return;
  await library.changeSettings(toSettle);
  formerData.remember(settings.dataFolder);
}

/** Stash's page reads the plugins once, when it is loaded: this log is what somebody sees who has just installed one. */
const FIRST_RUN =
  'This is the first task of Stash Sense here. If no Faces tab and no face symbol are to be seen in Stash, reload the page in the browser.';

const SliceArgs = z.object({ run: z.string().optional(), token: z.string().optional() });

export function isOperation(mode: unknown): mode is OperationName {
  return typeof mode === 'string' && Object.hasOwn(operations, mode);
}

export function isSettingsOperation(mode: unknown): mode is SettingsOperation {
  return typeof mode === 'string' && Object.hasOwn(settingsHandlers, mode);
}

/** As `runOperation`, for operations that need no store. @throws StashSenseError `bad-input` */
export async function runSettingsOperation(
  context: SettingsContext,
  name: SettingsOperation,
  input: unknown,
): Promise<unknown> {
  const parsed = parse(operations[name].input(), input ?? {}, { operation: name });
  const handler = settingsHandlers[name] as (context: SettingsContext, input: unknown) => Promise<unknown>;
  return await handler(context, parsed);
}

/** @throws StashSenseError `bad-input` */
export async function runOperation(context: Context, name: OperationName, input: unknown): Promise<unknown> {
  const parsed = parse(operations[name].input(), input ?? {}, { operation: name });
  // It says itself how many they are.
  if (name !== 'exclusions.apply') await forgetExcludedPerformers(context);
  // Safe by the contract: the handler of a name takes the output of the schema of the same name.
  const handler = handlers[name] as (context: Context, input: unknown) => Promise<unknown>;
  return await handler(context, parsed);
}

/** A performer may have got an excluded tag since the last run. Where Stash or an exclusion cannot be asked, what reads Stash says so. */
async function forgetExcludedPerformers({
  exclusions,
  log,
}: Pick<Context, 'exclusions' | 'log'>): Promise<void> {
  try {
    await exclusions.applyToPerformers();
  } catch (error) {
    log.debug(messageOf(error));
    logFault(log, error);
  }
}

function parse<Schema extends z.ZodType>(
  schema: Schema,
  value: unknown,
  asked: { task: string } | { operation: string },
): z.output<Schema> {
  const parsed = holdsPrototype(value) ? null : schema.safeParse(value);
  if (parsed?.success) return parsed.data;
  const issue = parsed?.error.issues[0];
  const place = parsed === null ? '__proto__' : (issue?.path.join('.') ?? '');
  const problem = [place, issue?.message ?? ''].filter((part) => part !== '').join(': ');
  const said =
    'task' in asked
      ? message('runs.taskInput', { name: saidTask(asked.task), problem })
      : message('runs.operationInput', { name: asked.operation, problem });
  throw new StashSenseError('bad-input', said, { cause: parsed?.error });
}

/** Whether a field is named `__proto__`: JSON allows it, and zod drops it without an error. */
function holdsPrototype(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false;
  return Object.hasOwn(value, '__proto__') || Object.values(value).some(holdsPrototype);
}
