import assert from 'node:assert/strict';
import { test } from 'node:test';
import { pageReport } from './page-report.ts';

test('a report of the page names versions and the trouble, and no home folder', () => {
  const report = pageReport({
    stashVersion: 'v0.30.1',
    browser: 'Firefox',
    why: "Stash Sense needs Node: run `mkdir -p '/home/jane/.stash/x'`, or look into C:\\Users\\Jane\\x.",
  });
  assert.match(report, /^Stash Sense \S.* \(the page\), Stash v0\.30\.1$/m);
  assert.match(report, /^Browser: Firefox$/m);
  assert.match(report, /mkdir -p '\/home\/…\/\.stash\/x'`, or look into C:\\Users\\…\\x\.$/m);
  assert.doesNotMatch(report, /jane/i);
});
