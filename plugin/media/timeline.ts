/** How long a track is, measured on its packets: what a container says of it is only a hint. */
import { isKey, type Packet, timeOf } from './probe-answer.ts';

export type Timeline = {
  /** From the first frame to the end of the last one; undefined: the packets do not tell. */
  readonly seconds: number | undefined;
  /** Mean interval of key frames, seconds; 0: fewer than two were found. */
  readonly keyFrameGap: number;
  /** Number of frames; undefined: not all packets were read. */
  readonly frames: number | undefined;
};

/** A clock that goes back by more than this, seconds, has started anew: frames are reordered by less. */
const RESTART_SECONDS = 2;

/**
@param packets all packets of one track in the order of the file
@param frameRate frames a second, for packets without a time (bare streams)
*/
export function timelineOf(packets: readonly Packet[], frameRate: number | undefined): Timeline {
  const frames = packets.length;
  const keys = packets.filter(isKey).length;
  const seconds = secondsOf(packets) ?? (frameRate ? frames / frameRate : undefined);
  return {
    seconds,
    keyFrameGap: seconds !== undefined && keys > 1 ? seconds / keys : 0,
    frames,
  };
}

/** The lengths of the stretches between restarts of the clock, added up; undefined where packets have no time. */
function secondsOf(packets: readonly Packet[]): number | undefined {
  let total = 0;
  let first: number | undefined;
  let last = -Infinity;
  let duration = 0;
  for (const packet of packets) {
    const time = timeOf(packet);
    if (time === undefined) continue;
    if (first !== undefined && time < last - RESTART_SECONDS) {
      total += last + duration - first;
      first = undefined;
      last = -Infinity;
    }
    first = first === undefined ? time : Math.min(first, time);
    if (time >= last) {
      last = time;
      duration = packet.duration_time ?? duration;
    }
  }
  return first === undefined ? undefined : total + last + duration - first;
}

/** The same of a large bare stream, whose packets have no times, by the bytes of its first packets. */
export function timelineByBytes(
  packets: readonly Packet[],
  frameRate: number | undefined,
  sizeBytes: number,
): Timeline {
  const first = packets[0]?.pos;
  const last = packets.at(-1)?.pos;
  if (first === undefined || last === undefined || last <= first || frameRate === undefined)
    return { seconds: undefined, keyFrameGap: 0, frames: undefined };
  const frames = Math.round((sizeBytes * (packets.length - 1)) / (last - first));
  const keys = packets.filter(isKey).length;
  return {
    seconds: frames / frameRate,
    keyFrameGap: keys > 1 ? packets.length / keys / frameRate : 0,
    frames,
  };
}

/**
The same of a large file, of which only packets at the beginning and behind a seek to the end were read.
@param startSeconds time of the first frame by the clock of the container
*/
export function timelineOfEnds(
  beginning: readonly Packet[],
  end: readonly Packet[],
  startSeconds: number,
): Timeline {
  const keys = beginning.filter(isKey).flatMap((packet) => timeOf(packet) ?? []);
  const keyFrameGap = keys.length > 1 ? ((keys.at(-1) ?? 0) - (keys[0] ?? 0)) / (keys.length - 1) : 0;
  const newest = end
    .map((packet) => ({ at: timeOf(packet), duration: packet.duration_time ?? 0 }))
    .reduce((latest, { at, duration }) => Math.max(latest, at === undefined ? 0 : at + duration), 0);
  const seconds = newest - startSeconds;
  return { seconds: end.length > 0 && seconds > 0 ? seconds : undefined, keyFrameGap, frames: undefined };
}
