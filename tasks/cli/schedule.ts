/** `stash-sense schedule`: keeps time in the foreground, for a service manager or a container of its own. */
import { saidOf } from '../../core/errors.ts';
import { message, type Message } from '../../core/messages/message.ts';
import { createTerminalLog } from '../../plugin/host/log.ts';
import { openStash } from '../../plugin/stash/client.ts';
import { parseBaseUrl } from '../../plugin/stash/http.ts';
import { createSecrets } from '../../plugin/system/redactor.ts';
import { runForegroundScheduler } from '../compose/scheduler-process.ts';
import { say, worded, wordedError } from './language.ts';
import { parseOptions } from './options.ts';

/** Until it is stopped by a signal, or Stash refuses it. @returns the exit code, or a sentence about what was asked wrongly */
export async function runScheduleCommand(
  argv: readonly string[],
  removeApiKey: () => string | null,
): Promise<number | Message> {
  const options = optionsIn(argv);
  if ('id' in options) return options;
  const secrets = createSecrets();
  const log = createTerminalLog(secrets, { verbose: options.verbose });
  const stash = openStash({
    baseUrl: options.url,
    apiKey: removeApiKey(),
    secrets,
    log,
    acceptAnyCertificate: options.acceptAnyCertificate,
  });
  const end = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => end.abort());
  log.info(say('cli.schedulerKeepsTime', { address: options.url }));
  try {
    const why = await runForegroundScheduler(stash, log, end.signal);
    if (why !== null) log.error(worded(why));
    return why === null ? 0 : 1;
  } catch (error) {
    log.error(wordedError(error));
    return 1;
  } finally {
    stash.close();
  }
}

function optionsIn(
  argv: readonly string[],
): { readonly url: string; readonly verbose: boolean; readonly acceptAnyCertificate: boolean } | Message {
  try {
    const { values, positionals } = parseOptions('schedule', argv, {
      'stash-url': { type: 'string' },
      'accept-any-certificate': { type: 'boolean' },
      verbose: { type: 'boolean' },
    });
    if (positionals.length > 0)
      return message('cli.takesNone', { command: 'schedule', operands: positionals.join(' ') });
    const url = values['stash-url'];
    if (url === undefined) return message('cli.needsUrl', { command: 'schedule' });
    parseBaseUrl(url);
    return {
      url,
      verbose: values.verbose === true,
      acceptAnyCertificate: values['accept-any-certificate'] === true,
    };
  } catch (error) {
    return saidOf(error);
  }
}
