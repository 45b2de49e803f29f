import assert from 'node:assert/strict';
import { test } from 'node:test';
import { versionNote } from './capabilities.ts';
import { inEnglish } from '../../core/messages/english.ts';
import { plain } from '../../core/messages/message.ts';

for (const version of ['v0.28.1', 'v0.29.3', 'v0.30.0', 'v0.30.1', '0.30.1', 'v0.30.1-19-gcf3489efd'])
  test(`Stash ${version} needs no word`, () => assert.equal(versionNote(version), null));

for (const version of ['v0.31.0', 'v0.30.2', 'v0.30.1-121-gb8bd8953', 'v1.0.0'])
  test(`Stash ${version} is newer than what was tried, and that is said`, () =>
    assert.match(inEnglish(versionNote(version) ?? plain('')), /untested/));

test('an old Stash is told to update, and an odd name is said to be one', () => {
  assert.match(inEnglish(versionNote('v0.27.2') ?? plain('')), /update Stash/);
  assert.match(inEnglish(versionNote('fork-7') ?? plain('')), /"fork-7"/);
});
