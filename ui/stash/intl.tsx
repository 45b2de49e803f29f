/**
What the page says, in the language Stash is set to.

The formatter is our own: Stash's `IntlProvider` stays the one around its components, also around those that we embed, so
that none of its messages is hidden from them.
*/
import React, { useEffect, useState } from 'react';
import { createIntl, IntlContext } from 'react-intl';
import { english, wordMessage } from '../../core/messages/catalogue.ts';
import { ENGLISH } from '../../core/messages/language.ts';
import { message, type Message, type MessageId, type MessageValue } from '../../core/messages/message.ts';
import { catalogueOf, loadCatalogue, spokenFor } from './languages/loaded.ts';

type Intl = ReturnType<typeof createIntl>;

/** The formatter of the current language; null before first use. */
let current: Intl | null = null;

/**
Provides the language to everything the plugin renders, and renders it anew when Stash's language changes. While the words
of a language are loaded nothing is drawn, rather than a moment of English.
*/
export function Localized({ children }: React.PropsWithChildren<object>): React.ReactElement | null {
  const locale = spokenFor(React.useContext(IntlContext)?.locale ?? ENGLISH) ?? ENGLISH;
  const isWaiting = locale !== ENGLISH && catalogueOf(locale) === undefined;
  const [, setLoaded] = useState('');
  useEffect(() => {
    let isHere = true;
    if (isWaiting) void loadCatalogue(locale).then(() => isHere && setLoaded(locale));
    return () => {
      isHere = false;
    };
  }, [locale, isWaiting]);
  if (isWaiting) return null;
  const { locale: spoken } = intlFor(locale);
  return <React.Fragment key={spoken}>{children}</React.Fragment>;
}

/** @param locale a language of ours */
function intlFor(locale: string): Intl {
  const catalogue = catalogueOf(locale) ?? english;
  const spoken = catalogue === english ? ENGLISH : locale;
  if (current?.locale !== spoken)
    current = createIntl({
      locale: spoken,
      // A message that the language lacks is an English sentence, with English plurals.
      defaultLocale: ENGLISH,
      messages: catalogue,
      // A mistake in a translation must not fill the console at every drawing.
      onError: () => {},
    });
  return current;
}

/** For dates, times and numbers that are no part of a message. */
export function spokenLocale(): string {
  return current?.locale ?? ENGLISH;
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
  const intl = current ?? intlFor(ENGLISH);
  return wordMessage(
    typeof said === 'string' ? message(said, values) : said,
    catalogueOf(intl.locale) ?? english,
    (id, template, filled) => intl.formatMessage({ id, defaultMessage: template }, filled),
  );
}
