/** What ffprobe writes as JSON. */
import { z } from 'zod';

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
  tags: z.object({ rotate: Known }).optional(),
  side_data_list: z.array(z.object({ rotation: Known })).optional(),
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
