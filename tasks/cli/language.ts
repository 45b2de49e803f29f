/** What the command line says, in the language of its environment. Logs stay English. */
import { existsSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { saidOf } from '../../core/errors.ts';
import type { Catalogue } from '../../core/messages/catalogue.ts';
import { createWording, inEnglish } from '../../core/messages/english.ts';
import { jsonInScript, languageFor } from '../../core/messages/language.ts';
import { message, type Message, type MessageId, type MessageValue } from '../../core/messages/message.ts';
import { readSmallFile } from '../../plugin/system/files/regular-file.ts';

/** A process speaks one language; English until {@link speakAs}. */
let word: (said: Message) => string = inEnglish;
/** Undefined: as the machine is set. */
let locale: string | undefined;

/** For dates and times that are no part of a message. */
export function spokenLocale(): string | undefined {
  return locale;
}

/** A sentence made on the spot. */
export function say(id: MessageId, values?: Readonly<Record<string, MessageValue>>): string {
  return word(message(id, values));
}

/** A sentence that somebody else made. */
export function worded(said: Message): string {
  return word(said);
}

/** Of a caught error. */
export function wordedError(error: unknown): string {
  return word(saidOf(error));
}

/**
From here on the process speaks as its environment says (`LC_ALL`, else `LC_MESSAGES`, else `LANG`).
@param bundleUrl of the bundle, beside which the page's scripts lie, or of a source in `tasks/`
*/
export function speakAs(env: Readonly<Record<string, string | undefined>>, bundleUrl: string): void {
  const wanted = [env['LC_ALL'], env['LC_MESSAGES'], env['LANG']].find(
    (name) => name !== undefined && name !== '',
  );
  const catalogues =
    wanted === undefined ? new Map<string, string>() : cataloguesIn(path.dirname(fileURLToPath(bundleUrl)));
  const spoken = languageFor(wanted ?? '', [...catalogues.keys()]);
  locale = spoken ?? undefined;
  word = spoken === null ? inEnglish : createWording(spoken, readCatalogue(catalogues.get(spoken)!));
}

/** The file of each language, by Stash's name of it: the page's scripts, else the sources in a checkout. */
function cataloguesIn(folder: string): Map<string, string> {
  for (const place of [path.join(folder, 'assets'), path.join(folder, '../core/messages')]) {
    const files = (existsSync(place) ? readdirSync(place) : []).filter((name) =>
      /^[a-z]{2,3}-[A-Z]{2}\.js(on)?$/.test(name),
    );
    if (files.length > 0)
      return new Map(files.map((name) => [path.parse(name).name, path.join(place, name)]));
  }
  return new Map();
}

/** English where it cannot be read. */
function readCatalogue(file: string): Catalogue {
  try {
    const text = readSmallFile(file, { links: 'follow' });
    return JSON.parse(file.endsWith('.json') ? text : jsonInScript(text)) as Catalogue;
  } catch {
    // The plugin is being replaced meanwhile.
    return {};
  }
}
