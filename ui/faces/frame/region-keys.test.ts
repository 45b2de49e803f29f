import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Region } from '../../../core/contract/faces.ts';
import { regionAfterKey } from './region-keys.ts';

function after(keys: readonly string[], shiftKey = false, from: Region | null = null): Region | null {
  return keys.reduce<Region | null>((region, key) => regionAfterKey(region, { key, shiftKey }), from);
}

function many(key: string): string[] {
  return Array.from({ length: 99 }, () => key);
}

test('the first arrow draws a rectangle, the others move it as far as the picture goes', () => {
  const first = after(['ArrowLeft'])!;
  const moved = after(['ArrowLeft', 'ArrowLeft', 'ArrowDown'])!;
  assert.ok(moved.x < first.x && moved.y > first.y && moved.width === first.width);
  const most = after(many('ArrowRight'))!;
  assert.ok(Math.abs(most.x + most.width - 1) < 1e-9 && most.width === first.width);
});

test('with Shift they size it, never to nothing and never out of the picture', () => {
  const first = after(['ArrowUp'])!;
  const largest = after([...many('ArrowRight'), ...many('ArrowDown')], true, first)!;
  assert.ok(Math.abs(largest.x + largest.width - 1) < 1e-9);
  assert.ok(Math.abs(largest.y + largest.height - 1) < 1e-9);
  const least = after([...many('ArrowLeft'), ...many('ArrowUp')], true, first)!;
  assert.ok(least.width > 0 && least.height > 0 && least.x === first.x);
});

test('another key is none of these', () => {
  assert.equal(regionAfterKey(null, { key: 'Enter', shiftKey: false }), null);
});
