import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Status } from '../../core/contract/status.ts';
import { run, status } from '../../test/ui/samples.ts';
import { nextStep } from './next-step.ts';
import { plain } from '../../core/messages/message.ts';

const none = { pending: 0, done: 0, skipped: 0, failed: 0 };
const nobody = { performers: 9, withReference: 0, references: {} };

for (const [what, change, words, label] of [
  [
    'the weights are missing',
    {
      checks: [{ id: 'weights', ok: false, message: plain('The weights are missing.') }],
      people: nobody,
      scan: none,
    },
    /^The weights are missing\.$/,
    'Open Status',
  ],
  ['nobody is known', { people: nobody }, /Nobody can be recognised yet/, 'Update people'],
  ['all is new', { people: nobody, scan: none }, /learns your performers/, 'Scan library'],
  ['a scan runs', { runs: [run()] }, /Scan library is under way/, 'See how far it is'],
  [
    'people are learned',
    { runs: [run({ task: 'people' })], people: nobody },
    /under way/,
    'See how far it is',
  ],
  ['nothing was ever scanned', { scan: none }, /has not been scanned yet/, 'Scan library'],
  ['a scan was not finished', {}, /^375 scenes and pictures/, 'Scan library'],
  ['all was scanned', { scan: { ...none, done: 500 } }, /in what is new/, 'Scan library'],
] as [string, Partial<Status>, RegExp, string][])
  test(`with nothing to decide, what comes next is said when ${what}`, () => {
    const step = nextStep(status(change));
    assert.match(step.words, words);
    assert.equal(step.action.label, label);
  });
