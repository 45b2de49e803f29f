/** What the command line says, in the language of its environment. Logs stay English. */
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { saidOf } from '../../core/errors.ts';
import type { Catalogue } from '../../core/messages/catalogue.ts';
import { createWording, inEnglish } from '../../core/messages/english.ts';
import { jsonInScript, languageFor } from '../../core/messages/language.ts';
import { message, type Message, type MessageId, type MessageValue } from '../../core/messages/message.ts';

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
@param folder where the bundle lies, or a source of the command line
*/
export function speakAs(env: Readonly<Record<string, string | undefined>>, folder: string): void {
  const wanted = [env['LC_ALL'], env['LC_MESSAGES'], env['LANG']].find(
    (name) => name !== undefined && name !== '',
  );
  const catalogues = wanted === undefined ? new Map<string, string>() : cataloguesIn(folder);
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
    const text = readFileSync(file, 'utf8');
    return JSON.parse(file.endsWith('.json') ? text : jsonInScript(text)) as Catalogue;
  } catch {
    // The plugin is being replaced meanwhile.
    return {};
  }
}
