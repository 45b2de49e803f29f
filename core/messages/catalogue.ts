import en from './en.json' with { type: 'json' };
import type { Message, MessageId, MessageValue } from './message.ts';

/** The words of one language. It may have fewer messages than English: what it lacks is said in English. */
export type Catalogue = Readonly<Partial<Record<MessageId, string>>>;

export const english: Readonly<Record<MessageId, string>> = en;

/** Fills one template; how depends on where it is said (react-intl in the page, intl-messageformat elsewhere). */
export type FillTemplate = (id: string, template: string, values: Record<string, string | number>) => string;

/**
The text of a message. One that this version has no words for (from a store or a page of another version) gives the
values it came with rather than nothing.
*/
export function wordMessage(said: Message, catalogue: Catalogue, fill: FillTemplate): string {
  const { id, values = {} } = said;
  const template = catalogue[id] ?? (Object.hasOwn(english, id) ? english[id] : undefined);
  const worded = Object.fromEntries(
    Object.entries(values).map(([name, value]) => [name, wordValue(value, catalogue, fill)]),
  );
  if (template === undefined) return [id, ...Object.values(worded)].join(' ');
  if (id === 'plain') return String(worded['text'] ?? '');
  return fill(id, template, worded);
}

function wordValue(value: MessageValue, catalogue: Catalogue, fill: FillTemplate): string | number {
  return typeof value === 'object' ? wordMessage(value, catalogue, fill) : value;
}
