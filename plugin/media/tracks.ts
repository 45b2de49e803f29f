/** Which video track of a file is the film. */
import type { Packet, Stream } from './probe-answer.ts';

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
  const usable = streams.filter(({ width, height }) => (width ?? 0) > 0 && (height ?? 0) > 0);
  const largest = Math.max(...usable.map(pixels));
  const rank = (stream: Stream): number => {
    const packetCount = packets.filter(({ stream_index }) => stream_index === stream.index).length;
    const isAPicture = (stream.nb_frames ?? packetCount) <= 1 && PICTURE_CODECS.test(stream.codec_name ?? '');
    if (isAPicture) return 3;
    if (packets.length > 0 && packetCount === 0) return 2;
    if (pixels(stream) < largest * THUMBNAIL_PIXELS) return 2;
    return stream.disposition?.default === 1 ? 0 : 1;
  };
  return usable
    .map((stream) => ({ stream, rank: rank(stream) }))
    .toSorted((a, b) => a.rank - b.rank)
    .map(({ stream }) => stream);
}

function pixels({ width = 0, height = 0 }: Stream): number {
  return width * height;
}
