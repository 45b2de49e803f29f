import assert from 'node:assert/strict';
import { test } from 'node:test';
import React from 'react';
import { renderToStaticMarkup } from 'react-dom/server';
import { WorkBar } from './work-bar.tsx';

test('what is known of the progress is announced, and where nothing is known no number', () => {
  assert.match(renderToStaticMarkup(<WorkBar fraction={0.4} message="Looking" />), /aria-valuenow="40"/);
  const unknown = renderToStaticMarkup(<WorkBar fraction={null} message="Looking" />);
  assert.match(unknown, /role="progressbar"/);
  assert.doesNotMatch(unknown, /aria-valuenow|100 %/);
});
