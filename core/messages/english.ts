import { IntlMessageFormat } from 'intl-messageformat';
import { english, wordMessage, type Catalogue } from './catalogue.ts';
import { message, type Message, type MessageId, type MessageValue } from './message.ts';

/**
What words messages of a language where there is no page. What the catalogue lacks is said in English, with English plurals.

A value that is missing must not take the sentence with it: then its template is said as it is.
@param locale decides plurals and how numbers are written, such as `de-DE`
*/
export function createWording(locale: string, catalogue: Catalogue): (said: Message) => string {
  const formats = new Map<string, IntlMessageFormat>();
  const formatOf = (id: string, template: string): IntlMessageFormat => {
    const known = formats.get(id);
    if (known !== undefined) return known;
    const spoken = Object.hasOwn(catalogue, id) ? locale : 'en';
    const made = new IntlMessageFormat(template, spoken, undefined, { ignoreTag: true });
    formats.set(id, made);
    return made;
  };
  return (said) =>
    wordMessage(said, catalogue, (id, template, values) => {
      try {
        return String(formatOf(id, template).format(values));
      } catch {
        // intl-messageformat throws where a value is missing.
        return template;
      }
    });
}

/** Made at the first use, so that a bundle in which nobody uses it leaves it out. */
let wordEnglish: ReturnType<typeof createWording> | null = null;

/** The English text of a message: for logs, and whatever has no page and nobody before it. */
export function inEnglish(said: Message): string {
  wordEnglish ??= createWording('en', english);
  return wordEnglish(said);
}

/** {@link inEnglish} of a message made on the spot. */
export function say(id: MessageId, values?: Readonly<Record<string, MessageValue>>): string {
  return inEnglish(message(id, values));
}
