/**
What is gained by fetching a part, as `npm run bench` measured it. The numbers are ratios of one run on one machine with
nothing else to do: others will see others, so the machine is always named. sharp: a photograph of 540 x 720, 8 ms beside 90.
*/
import type { Artifact } from '../../core/setup/acceleration.ts';

const MEASURED_ON = 'measured on Linux x64 with 2 cores';

/** Beside the twins that need nothing fetched. */
const GAINS: Record<string, string> = {
  'onnxruntime-node': `scenes 1.3 times as fast as without (decoding video is most of it), finding faces 5 times, looking again at all that was seen 2.6 times (${MEASURED_ON})`,
  sharp: `reading a picture 11 times as fast as with ffmpeg, which shows when people are learned and images are scanned (${MEASURED_ON})`,
  usearch:
    'used with more than 50 000 reference pictures; up to there every one is compared, which misses nothing',
};

/** One phrase; null where nothing was measured. */
export function gainOf({ kind, provides }: Pick<Artifact, 'kind' | 'provides'>): string | null {
  if (kind === 'cuda')
    return 'for NVIDIA cards; how much faster they are was not measured, "Set up" finds out';
  return kind === 'runtime' ? (GAINS[provides] ?? null) : null;
}
