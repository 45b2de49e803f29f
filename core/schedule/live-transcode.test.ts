import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isLiveTranscode } from './live-transcode.ts';

for (const [what, args, expected] of [
  ['a transcode into a pipe', '-i a.avi -c:v libx264 -movflags frag_keyframe+empty_moov -f mp4 pipe:', true],
  ['a remuxed one', '-i a.mkv -c:v copy -c:a libopus -f matroska pipe:', true],
  ['HLS', '-i a.avi -c:v libx264 -f hls -hls_time 2 /cache/x_hls/manifest.m3u8', true],
  ['DASH', '-i a.avi -map 0:v:0 -f webm_chunk -header /cache/init_v.webm /cache/.1_v.webm', true],
  ['a generated preview', '-i a.mp4 -c:v libx264 -strict -2 /generated/preview.mp4', false],
  ['a generated screenshot', '-ss 10 -i a.mp4 -frames:v 1 -f rawvideo pipe:', false],
  ['frames of ours', '-i a.mp4 -f rawvideo -pix_fmt rgb24 pipe:1', false],
] as const)
  test(`${what} is ${expected ? 'somebody who watches' : 'nobody who watches'}`, () => {
    assert.equal(isLiveTranscode(args.split(' ')), expected);
  });
