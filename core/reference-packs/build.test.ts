import assert from 'node:assert/strict';
import { test } from 'node:test';
import { inEnglish } from '../messages/english.ts';
import { estimateText } from './build.ts';

const MEASURED = {
  packId: 'box-example',
  endpoint: 'https://box.example/graphql',
  scope: 'box',
  at: 1,
} as const;

for (const [bytes, hours, said] of [
  [0, 0, '1 MB to fetch, 1 minute on this machine'],
  [2_600_000, 0.02, '3 MB to fetch, 1 minute on this machine'],
  [999_400_000, 1.4, '999 MB to fetch, 84 minutes on this machine'],
  [999_600_000, 1.5, '1 GB to fetch, 1.5 hours on this machine'],
  [41_260_000_000, 31.04, '41.3 GB to fetch, 31 hours on this machine'],
] as const)
  test(`an estimate of ${bytes} bytes and ${hours} hours says "${said}"`, () => {
    const text = estimateText({ ...MEASURED, people: 20, pictures: 32, bytes, hours, sampled: 9 }, 'The box');
    assert.equal(inEnglish(text), `About 20 people with 32 pictures: ${said} (measured on 9 of them).`);
  });
