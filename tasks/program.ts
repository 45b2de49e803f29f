/** What every process of ours does: Stash starts it with `--stash`, people without. main.ts loads it. */
// oxlint-disable-next-line import/no-unassigned-import -- being imported first is all it does
import './zod-config.ts';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { messageOf, toMachineError, StashSenseError } from '../core/errors.ts';
import { logFault } from '../core/log-fault.ts';
import { INSTALL_NODE } from '../core/runs/tasks.ts';
import { inEnglish } from '../core/messages/english.ts';
import { operationFailure, sentenceOf } from '../core/contract/operation-failure.ts';
import { prepareCompileCache, saveCode, type LoadedCode } from '../plugin/host/compile-cache.ts';
import { inputFromStash, readPluginInput } from '../plugin/host/input.ts';
import { noteRunning, rememberNode } from '../plugin/host/known-node.ts';
import { createStashLog } from '../plugin/host/log.ts';
import { keepStdoutForResult, writeResult, type PluginResult } from '../plugin/host/output.ts';
import { dataFolderOf } from '../plugin/system/data-place.ts';
import { createSecrets } from '../plugin/system/redactor.ts';
import { readSettings } from '../plugin/host/settings.ts';
import { openStash } from '../plugin/stash/client.ts';
import {
  findTask,
  isOperation,
  isSettingsOperation,
  runOperation,
  runSettingsOperation,
  runTask,
} from './compose/dispatch.ts';
import { deleteFailureOf, saveFailure } from './runs/last-failure.ts';
import { openContext } from './compose/context.ts';
import { message } from '../core/messages/message.ts';

/** A worker of the inference engine may keep the process alive; by then the result is out and the store closed. */
const LINGER_MS = 1500;

/** Absent where no launcher started us. */
const launcher = process.env['STASH_SENSE_LAUNCHER'];
/** Absent where the launcher knows this Node already. */
const nodeMark = process.env['STASH_SENSE_NODE_MARK'] ?? '';

/** @param bundleUrl of main.mjs, which loaded this */
export async function begin(bundleUrl: string, code: LoadedCode): Promise<void> {
  // What we or a library of ours write, and what we start, is for Stash's user only.
  process.umask(0o077);
  if (launcher !== undefined) noteRunning(path.dirname(fileURLToPath(bundleUrl)));
  // They are for this process alone.
  for (const name of ['STASH_SENSE_LAUNCHER', 'STASH_SENSE_NODE_MARK', 'STASH_SENSE_COMPILE_CACHE'])
    delete process.env[name];
  // Stash stops the process it started. That is a launcher which could not become us where `node` starts another one (Volta)
  // and on Windows; what we start ourselves has other parents.
  if (launcher !== undefined && launcher !== String(process.pid)) {
    const { dieWithParent } = await import('../plugin/system/exit-with-parent.ts');
    dieWithParent();
  }
  if (process.argv[2] === '--stash') await runAsPlugin(bundleUrl, code);
  else if (process.argv[2] === '--scheduler') {
    const { runScheduler } = await import('./compose/scheduler-process.ts');
    await runScheduler(bundleUrl);
  } else if (process.argv[2] === '--try-native') {
    const { runTrial } = await import('./compose/trial-process.ts');
    await runTrial(process.argv[3]);
  } else {
    const { runCommandLine } = await import('./cli/cli.ts');
    process.exitCode = await runCommandLine(process.argv.slice(2), bundleUrl);
  }
  setTimeout(() => process.exit(), LINGER_MS).unref();
}

/** Stash's raw protocol: its JSON on stdin, one JSON of ours on stdout. */
async function runAsPlugin(bundleUrl: string, code: LoadedCode): Promise<void> {
  keepStdoutForResult();
  const secrets = createSecrets();
  const log = createStashLog(secrets);
  const pluginDir = path.dirname(fileURLToPath(bundleUrl));
  let result: PluginResult;
  /** What is at work, and where its end is to be noted should the store not know of it. */
  let working: { readonly task: string; readonly folder: string } | null = null;
  const note = (error: unknown): void => {
    if (working)
      saveFailure(working.folder, {
        at: Date.now(),
        task: working.task,
        message: secrets.redactAll(sentenceOf(error)),
      });
  };
  let operation = '';
  /** An operation's failure is an answer, which the page words; a task's is the protocol's error, which Stash writes to its log. */
  let isOfOperation = false;
  process.on('uncaughtException', (error) => {
    note(error);
    // Node itself would write it to stderr as it is.
    logFault(log, error);
    process.exit(1);
  });
  try {
    result = { output: await answer() };
  } catch (caught) {
    const error = toMachineError(message('machine.whatWasAsked'), caught);
    note(error);
    logFault(log, error);
    if (isOfOperation && error instanceof StashSenseError) log.warn(messageOf(error));
    result = isOfOperation
      ? { output: operationFailure(error, (text) => secrets.redact(text)) }
      : { error: inEnglish(sentenceOf(error)) };
  }
  // Whatever the answer is: a server may have echoed what it was given.
  await writeResult(secrets.redactAll(result));
  if (isOfOperation) saveCode(code, operation);
  // What Node itself would do until its end takes longer than some answers. A task may have left an engine at work.
  if (isOfOperation && process.stderr.writableLength === 0) process.exit();

  async function answer(): Promise<unknown> {
    const input = await readPluginInput(launcher === undefined ? process.stdin : inputFromStash());
    const { mode } = input.args;
    // Done by the launcher where there is none; with one it comes to us.
    if (mode === INSTALL_NODE.mode)
      return `Node ${process.version} is there already (${process.execPath}): nothing was fetched.`;
    const task = findTask(mode);
    isOfOperation = isOperation(mode);
    if (isOperation(mode)) operation = mode;
    if (task === undefined && !isOperation(mode)) throw unknownMode(mode);
    if (task) working = { task: task.mode, folder: dataFolderOf(input.configDir) };
    const stash = openStash({
      baseUrl: input.baseUrl,
      // It ties the connection to this machine (plugin/stash/http.ts).
      cookie: input.cookie,
      configDir: input.configDir,
      secrets,
      log,
    });
    if (isSettingsOperation(mode)) {
      try {
        return await runSettingsOperation(
          { library: stash.library, readSettings, now: Date.now, log },
          mode,
          input.args['input'],
        );
      } finally {
        stash.close();
      }
    }
    // Longer than the hour a session lives.
    if (task) await stash.useApiKey();
    const { context, close } = await openContext({
      stash,
      log,
      secrets,
      bundleUrl,
      configDir: input.configDir,
      slices: true,
      programs: { of: 'stash' },
      async startScheduler(dataFolder) {
        const { startSchedulerProcess } = await import('../plugin/host/start-scheduler.ts');
        const { baseUrl, cookie, configDir } = input;
        await startSchedulerProcess(fileURLToPath(bundleUrl), { baseUrl, cookie, configDir, dataFolder });
      },
    });
    // The launcher alone uses it.
    if (launcher !== undefined) prepareCompileCache(context.dataFolder, pluginDir);
    if (nodeMark !== '') rememberNode(nodeMark, pluginDir);
    try {
      if (task) {
        working = { task: task.mode, folder: context.dataFolder };
        const { mode: _, ...args } = input.args;
        const report = await runTask(context, task, args);
        deleteFailureOf(context.dataFolder, task.mode);
        const ending = inEnglish(report.message);
        log.info(ending);
        return ending;
      }
      return isOperation(mode) ? await runOperation(context, mode, input.args['input']) : null;
    } finally {
      await close();
    }
  }
}

function unknownMode(mode: unknown): StashSenseError {
  return new StashSenseError('bad-input', message('runs.unknownMode', { mode: String(mode) }));
}
