import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ListFilter } from '../performer-list.tsx';
import { hooked } from './filter-hook.ts';

function filterOf(studio: string | null): ListFilter {
  return {
    clone: () => filterOf(studio),
    makeFindFilter: () => ({ sort: 'name', direction: 'ASC' }),
    makeFilter: () => (studio === null ? {} : { studios: { value: [studio], modifier: 'INCLUDES' } }),
  };
}

test("on a studio's page the performers of the studio are sent, and the filter of the list is not changed", () => {
  const filter = filterOf(null);
  const made = hooked(filter, (copy) => {
    assert.notEqual(copy, filter);
    return filterOf('7');
  });
  assert.deepEqual(made.makeFilter(), { studios: { value: ['7'], modifier: 'INCLUDES' } });
  assert.equal(hooked(filter, undefined), filter);
});
