import type { Landmarks } from '../../../core/faces/face.ts';
import type { PersonCrop } from '../../../core/faces/observation.ts';
import { createByteWriter, readBytes, type ByteReader } from './bytes.ts';

/** First byte: the version of the layout. */
const FORMAT = 1;
/** Steps per pixel of a landmark: range ±1023 px from the corner of the crop. */
const PIXEL_STEPS = 32;
const NO_TIME = 0xffffffff;

/** All crops of a set in one blob: one row per crop would leave a third of the file's pages empty. */
export function toCropBytes(crops: readonly PersonCrop[]): Uint8Array {
  const writer = createByteWriter();
  writer.u8(FORMAT);
  writer.u16(crops.length);
  for (const crop of crops) {
    writer.u16(crop.personKey);
    writer.u16(crop.rank);
    writer.u32(crop.timeMs === null ? NO_TIME : Math.min(crop.timeMs, NO_TIME - 1));
    writer.u16(crop.width);
    writer.u16(crop.height);
    for (const point of crop.landmarks) {
      writer.i16(point.x * PIXEL_STEPS);
      writer.i16(point.y * PIXEL_STEPS);
    }
    writer.u32(crop.jpeg.length);
    writer.bytes(crop.jpeg);
  }
  return writer.done();
}

/** @throws SyntaxError when `toCropBytes` did not write these bytes */
export function fromCropBytes(bytes: Uint8Array): PersonCrop[] {
  return readBytes(bytes, (reader) => {
    const format = reader.u8();
    if (format !== FORMAT) throw new RangeError(`crops are in layout ${format}, expected ${FORMAT}`);
    return Array.from({ length: reader.u16() }, () => readCrop(reader));
  });
}

function readCrop(reader: ByteReader): PersonCrop {
  const personKey = reader.u16();
  const rank = reader.u16();
  const time = reader.u32();
  const width = reader.u16();
  const height = reader.u16();
  const point = () => ({ x: reader.i16() / PIXEL_STEPS, y: reader.i16() / PIXEL_STEPS });
  const landmarks: Landmarks = [point(), point(), point(), point(), point()];
  const jpeg = reader.bytes(reader.u32());
  return { personKey, rank, timeMs: time === NO_TIME ? null : time, width, height, landmarks, jpeg };
}
