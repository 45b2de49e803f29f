/**
What the page says, in the language Stash is set to.

The formatter is our own: Stash's `IntlProvider` stays the one around its components, also around those that we embed, so
that none of its messages is hidden from them.
*/
import React from 'react';
import { createIntl, IntlContext } from 'react-intl';
import { CATALOGUES, english, wordMessage } from '../../core/messages/catalogue.ts';
import { message, type Message, type MessageId, type MessageValue } from '../../core/messages/message.ts';

type Intl = ReturnType<typeof createIntl>;

const DEFAULT_LOCALE = 'en-GB';
/** The formatter of the current language; null before first use. */
let current: Intl | null = null;

/** Provides the language to everything the plugin renders; renders anew when Stash's language changes. */
export function Localized({ children }: React.PropsWithChildren<object>): React.ReactElement {
  intlFor(React.useContext(IntlContext)?.locale ?? DEFAULT_LOCALE);
  return <>{children}</>;
}

/** @param locale as Stash names it; without a catalogue it is said in English */
function intlFor(locale: string): Intl {
  const spoken = CATALOGUES[locale] === undefined ? DEFAULT_LOCALE : locale;
  if (current?.locale !== spoken)
    current = createIntl({
      locale: spoken,
      // A message that the language lacks is an English sentence, with English plurals.
      defaultLocale: DEFAULT_LOCALE,
      messages: CATALOGUES[spoken] ?? {},
      // A mistake in a translation must not fill the console at every drawing.
      onError: () => {},
    });
  return current;
}

/** Stands as a value where an element comes into the sentence. */
export const SLOT = '\uE000';

/** @param text said with {@link SLOT} as one of its values: `element` takes its place */
export function around(text: string, element: React.ReactNode): React.ReactElement {
  const [before, after = ''] = text.split(SLOT);
  return (
    <>
      {before}
      {element}
      {after}
    </>
  );
}

/** The text of a message: one from the plugin, or an id of the catalogue with its values. */
export function say(said: Message | MessageId, values?: Readonly<Record<string, MessageValue>>): string {
  const intl = current ?? intlFor(DEFAULT_LOCALE);
  return wordMessage(
    typeof said === 'string' ? message(said, values) : said,
    CATALOGUES[intl.locale] ?? english,
    (id, template, filled) => intl.formatMessage({ id, defaultMessage: template }, filled),
  );
}
