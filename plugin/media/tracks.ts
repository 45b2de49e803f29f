/** Which video track of a file is the film. */
import { type Packet, type Stream, timeOf } from './probe-answer.ts';

/** Codecs of pictures: a track of one of them with one frame is a thumbnail, also where the file does not flag it. */
const PICTURE_CODECS = /^(mjpeg|png|apng|gif|bmp|webp|tiff|jpeg2000|jpegxl)$/;
/** A track with a smaller part of the largest track's pixels is a thumbnail track. */
const THUMBNAIL_PIXELS = 1 / 12;

/**
The tracks that can be the film, the first choice first. Stash takes the first default track, without one the first; so do
we, after those that hold one picture or thumbnails.
@param packets of all tracks, from the beginning of the file
*/
export function filmTracks(streams: readonly Stream[], packets: readonly Packet[]): Stream[] {
  const usable = streams.filter(hasSize);
  // A picture of a film is often far larger than the film.
  const largest = Math.max(...usable.filter((stream) => !isPicture(stream, packets)).map(pixels));
  const rank = (stream: Stream): number => {
    if (isPicture(stream, packets)) return 3;
    if (packets.length > 0 && !packets.some(({ stream_index }) => stream_index === stream.index)) return 2;
    if (pixels(stream) < largest * THUMBNAIL_PIXELS) return 2;
    return stream.disposition?.default === 1 ? 0 : 1;
  };
  return usable
    .map((stream) => ({ stream, rank: rank(stream) }))
    .toSorted((a, b) => a.rank - b.rank)
    .map(({ stream }) => stream);
}

/**
Whether ffmpeg finds the beginning of a file instead of the wanted time: it seeks by the key frames of the first track,
whichever track is decoded, and that track is a picture.
*/
export function seeksByPicture(
  film: Stream,
  streams: readonly Stream[],
  packets: readonly Packet[],
): boolean {
  const first = streams.find(hasSize);
  return first !== undefined && first.index !== film.index && isPicture(first, packets);
}

function isPicture(
  { index, codec_name: codec = '', nb_frames: frames }: Stream,
  packets: readonly Packet[],
): boolean {
  if (!PICTURE_CODECS.test(codec)) return false;
  // Where several stretches of a file are read, a packet can come more than once.
  const times = new Set(packets.filter(({ stream_index }) => stream_index === index).map(timeOf));
  return (frames ?? times.size) <= 1;
}

function hasSize({ width = 0, height = 0 }: Stream): boolean {
  return width > 0 && height > 0;
}

function pixels({ width = 0, height = 0 }: Stream): number {
  return width * height;
}
