import assert from 'node:assert/strict';
import { test } from 'node:test';
import React from 'react';
import { renderToStaticMarkup } from 'react-dom/server';
import { IntlProvider } from 'react-intl';
import { MemoryRouter } from 'react-router-dom';
import { addCatalogue } from './stash/languages/loaded.ts';

const FRENCH = { 'page.tab.history': 'Historique', 'page.loading': 'Un moment' };

test('what the script of the page exports is said in the language of Stash, whatever was drawn before', async (t) => {
  t.after(addCatalogue('fr-FR', FRENCH));
  const { StashSensePage, BoxesPanel } = await import('./page.tsx');
  // What is drawn of Stash. Not before the import: React would take this for a browser, and keep the process.
  Object.assign(globalThis, {
    window: { PluginApi: { components: { Icon: () => null }, hooks: { useToast: () => ({}) } } },
  });
  t.after(() => Reflect.deleteProperty(globalThis, 'window'));
  for (const part of [<StashSensePage key="page" />, <BoxesPanel key="panel" performerId="1" />]) {
    const english = drawn('en-GB', part);
    assert.notEqual(drawn('fr-FR', part), english);
    assert.equal(drawn('en-GB', part), english);
  }
});

function drawn(locale: string, part: React.ReactElement): string {
  return renderToStaticMarkup(
    <MemoryRouter>
      <IntlProvider locale={locale} onError={() => {}}>
        {part}
      </IntlProvider>
    </MemoryRouter>,
  );
}
