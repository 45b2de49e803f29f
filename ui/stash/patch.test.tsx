import assert from 'node:assert/strict';
import { test } from 'node:test';
import React from 'react';
import { renderToStaticMarkup } from 'react-dom/server';
import { createPatches } from '../../test/double-page/patch.ts';
import type { StashUi } from './api.ts';
import { applyPatch, applyPropsPatch } from './patch.tsx';

type Props = React.PropsWithChildren<{ id?: string }>;

test('what is added inside comes behind the children, and later patches still see all props', () => {
  const { stash, Container } = container();
  applyPatch<Props>(stash, { component: 'X', place: 'inside', draw: ({ id }) => <b>{id}</b> });
  applyPatch<Props>(stash, { component: 'X', place: 'inside', draw: ({ id }) => <u>{id}</u> });
  assert.equal(renderToStaticMarkup(<Container id="7">old</Container>), 'old<b>7</b><u>7</u>');
});

test('what is added after comes behind what was drawn', () => {
  const { stash, Container } = container();
  applyPatch<Props>(stash, { component: 'X', place: 'after', draw: ({ id }) => <b>{id}</b> });
  assert.equal(renderToStaticMarkup(<Container id="7">old</Container>), 'old<b>7</b>');
});

test('props that another plugin took away are simply not there', () => {
  const { stash, Container } = container();
  stash.patch.before('X', (props) => [{ children: (props as Props).children }]);
  applyPatch<Props>(stash, { component: 'X', place: 'inside', draw: ({ id }) => <b>{String(id)}</b> });
  assert.equal(renderToStaticMarkup(<Container id="7">old</Container>), 'old<b>undefined</b>');
});

test('a patch that throws leaves the page as it was', (t) => {
  t.mock.method(console, 'error', () => undefined);
  for (const place of ['inside', 'after'] as const) {
    const { stash, Container } = container();
    applyPatch<Props>(stash, { component: 'X', place, draw: thrown });
    assert.equal(renderToStaticMarkup(<Container>old</Container>), 'old');
  }
});

test('props are changed one patch after the other, and a change that throws leaves them as they were', (t) => {
  t.mock.method(console, 'error', () => undefined);
  const { stash, Container } = container();
  applyPropsPatch<Props>(stash, { component: 'X', change: ({ id }) => ({ children: `${id} first` }) });
  applyPropsPatch<Props>(stash, { component: 'X', change: thrown });
  applyPropsPatch<Props>(stash, {
    component: 'X',
    change: ({ children }) => ({ children: <b>{children}</b> }),
  });
  assert.equal(renderToStaticMarkup(<Container id="7">old</Container>), '<b>7 first</b>');
});

function thrown(): never {
  throw new Error('no');
}

function Drawn({ children }: Props): React.ReactElement {
  return <>{children}</>;
}

function container(): { stash: Pick<StashUi, 'patch'>; Container: (props: Props) => React.ReactElement } {
  const { patched, ...patch } = createPatches();
  return {
    stash: { patch: patch },
    Container: patched('X', Drawn as (...args: unknown[]) => unknown) as typeof Drawn,
  };
}
