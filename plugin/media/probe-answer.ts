/** What ffprobe writes as JSON. */
import { z } from 'zod';
import type { StereoLayout } from '../../core/sampling/stereo.ts';

/** ffprobe writes numbers as text, and `N/A` for unknown ones. */
const Known = z.preprocess(
  (value) => (Number.isFinite(Number(value)) ? Number(value) : undefined),
  z.number().optional(),
);

const Packet = z.object({
  stream_index: z.number().default(0),
  pts_time: Known,
  dts_time: Known,
  duration_time: Known,
  /** Offset in the file, bytes. */
  pos: Known,
  flags: z.string().default(''),
});
export type Packet = z.output<typeof Packet>;

const Stream = z.object({
  index: z.number().default(0),
  codec_name: z.string().optional(),
  width: z.number().optional(),
  height: z.number().optional(),
  sample_aspect_ratio: z.string().optional(),
  avg_frame_rate: z.string().optional(),
  r_frame_rate: z.string().optional(),
  duration: Known,
  nb_frames: Known,
  disposition: z.object({ default: z.number().optional() }).optional(),
  tags: z.object({ rotate: Known, stereo_mode: z.string().optional() }).optional(),
  side_data_list: z.array(z.object({ rotation: Known, type: z.string().optional() })).optional(),
});
export type Stream = z.output<typeof Stream>;

export const ProbeAnswer = z.object({
  packets: z.array(Packet).default([]),
  streams: z.array(Stream).default([]),
  format: z
    .object({ format_name: z.string().optional(), duration: Known, start_time: Known })
    .default({ duration: undefined, start_time: undefined }),
});
export type ProbeAnswer = z.output<typeof ProbeAnswer>;

export function isKey({ flags }: Packet): boolean {
  return flags.startsWith('K');
}

/** Seconds by the clock of the container; `dts` where a packet says nothing else (AVI). */
export function timeOf({ pts_time, dts_time }: Packet): number | undefined {
  return pts_time ?? dts_time;
}

/** The layout that a stream says it has: Matroska's tag `stereo_mode`, or ffmpeg's side data "Stereo 3D". */
export function stereoLayoutOf({ tags, side_data_list: sideData = [] }: Stream): StereoLayout | null {
  const words = [tags?.stereo_mode ?? '', ...sideData.map(({ type }) => type ?? '')].join(' ').toLowerCase();
  if (/side.by.side|left_right|right_left/.test(words)) return 'side-by-side';
  return /top.and.bottom|bottom_top|top_bottom/.test(words) ? 'over-under' : null;
}
