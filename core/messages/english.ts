import { IntlMessageFormat } from 'intl-messageformat';
import { english, wordMessage } from './catalogue.ts';
import { message, type Message, type MessageId, type MessageValue } from './message.ts';

const formats = new Map<string, IntlMessageFormat>();

/**
The English text of a message: for logs, the command line, and whatever has no page.

A value that is missing must not take the sentence with it: then its template is said as it is.
*/
export function inEnglish(said: Message): string {
  return wordMessage(said, english, (id, template, values) => {
    try {
      return String(formatOf(id, template).format(values));
    } catch {
      // intl-messageformat throws where a value is missing.
      return template;
    }
  });
}

/** {@link inEnglish} of a message made on the spot. */
export function say(id: MessageId, values?: Readonly<Record<string, MessageValue>>): string {
  return inEnglish(message(id, values));
}

function formatOf(id: string, template: string): IntlMessageFormat {
  const known = formats.get(id);
  if (known !== undefined) return known;
  const made = new IntlMessageFormat(template, 'en', undefined, { ignoreTag: true });
  formats.set(id, made);
  return made;
}
