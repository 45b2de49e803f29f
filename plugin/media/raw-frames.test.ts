import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, test } from 'node:test';
import { type RawFrame, readRawFrames } from './raw-frames.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'stash-sense-raw-'));
after(() => rmSync(folder, { recursive: true }));

/** A program that says this on stderr, gives frames of one pixel, and then does as told. */
function standIn(name: string, said: readonly string[], frames: number, then = 'exit 0'): string {
  const file = path.join(folder, name);
  const lines = said.map((it) => `echo '[Parsed_showinfo_1 @ 0x1] ${it}' >&2`);
  writeFileSync(file, ['#!/bin/sh', ...lines, `printf '%0${3 * frames}d' 0`, then].join('\n'), {
    mode: 0o755,
  });
  return file;
}

async function secondsOf(ffmpeg: string, stallMs?: number): Promise<number[]> {
  const pass = {
    input: [],
    filters: [],
    maxFrames: null,
    track: 0,
    width: 1,
    height: 1,
    ...(stallMs && { stallMs }),
  };
  const found: RawFrame[] = [];
  for await (const frame of readRawFrames(ffmpeg, pass, [])) found.push(frame);
  return found.map((it) => it.seconds);
}

test('a frame without a time is left out, and those behind it keep theirs', async () => {
  const ffmpeg = standIn(
    'no-time',
    [
      'config in time_base: 1/10, frame_rate: 5/1',
      'config out time_base: 0/0, frame_rate: 0/0',
      'n:   0 pts:      5 pts_time:0.5     pos:   48 fmt:rgb24',
      'n:   1 pts:  NOPTS pts_time:NOPTS   pos:   -1 fmt:rgb24',
      'n:   2 pts:      9 pts_time:0.9     pos:   48 fmt:rgb24',
    ],
    3,
  );
  assert.deepEqual(await secondsOf(ffmpeg), [0.5, 0.9]);
});

test('the time is counted in ticks, for ffmpeg writes its seconds with six digits', async () => {
  const said = [
    'config in time_base: 1/1000, frame_rate: 5/1',
    'n:   0 pts:1234567890 pts_time:1.23457e+06 fmt:rgb24',
  ];
  assert.deepEqual(await secondsOf(standIn('late', said, 1)), [1234567.89]);
  assert.deepEqual(await secondsOf(standIn('late-without-base', said.slice(1), 1)), [1234570]);
});

test(
  'a program that gives a frame and never says its time is ended as one that hangs',
  { timeout: 20_000 },
  async () => {
    assert.deepEqual(await secondsOf(standIn('silent', [], 1, 'exec sleep 60'), 300), []);
  },
);
