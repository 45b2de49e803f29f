import type { ObservedFace, FaceCluster } from '../../../core/faces/observation.ts';
import { createByteWriter, readBytes, type ByteReader, type ByteWriter } from './bytes.ts';

/** First byte: the version of the layout. */
const FORMAT = 1;
/** Steps per frame side: range -4…4, since boxes can extend outside the frame; a step is a quarter pixel of a frame 1920 wide. */
const BOX_STEPS = 8191;
const SHARE_STEPS = 0xffff;
const DEGREE_STEPS = 100;
/** Steps per pixel: range up to 32 767 px. */
const PIXEL_STEPS = 2;
const NO_TIME = 0xffffffff;
/** No time either: a face of the cover. */
const COVER = 0xfffffffe;
/** Added to the time of a face that a person pointed at: from here on, 24 days, no film has times of its own. */
const POINTED_AT = 0x80000000;

/**
The clusters of one observation in one blob, so that one read is enough: 24 bytes per face, two per vector component.
Precision: times 1 ms, boxes 1/8191 of the frame, quality and score 1/65535, angles 0.01°, sizes half a pixel.
*/
export function toPersonBytes(persons: readonly FaceCluster[]): Uint8Array {
  const writer = createByteWriter();
  writer.u8(FORMAT);
  writer.u16(persons[0]?.template.length ?? 0);
  writer.u16(persons.length);
  for (const person of persons) {
    writer.u16(person.key);
    writer.u16(person.quality * SHARE_STEPS);
    writer.u16(person.apartFrom.length);
    for (const key of person.apartFrom) writer.u16(key);
    writer.vector(person.template);
    writer.u8(person.exemplars.length);
    for (const exemplar of person.exemplars) writer.vector(exemplar);
    writer.u32(person.faces.length);
    for (const face of person.faces) writeFace(writer, face);
  }
  return writer.done();
}

/** @throws SyntaxError when `toPersonBytes` did not write these bytes */
export function fromPersonBytes(bytes: Uint8Array): FaceCluster[] {
  return readBytes(bytes, (reader) => {
    const format = reader.u8();
    if (format !== FORMAT) throw new RangeError(`persons are in layout ${format}, expected ${FORMAT}`);
    const dimensions = reader.u16();
    return Array.from({ length: reader.u16() }, () => readPerson(reader, dimensions));
  });
}

function readPerson(reader: ByteReader, dimensions: number): FaceCluster {
  const key = reader.u16();
  const quality = reader.u16() / SHARE_STEPS;
  const apartFrom = Array.from({ length: reader.u16() }, () => reader.u16());
  const template = reader.vector(dimensions);
  const exemplars = Array.from({ length: reader.u8() }, () => reader.vector(dimensions));
  const faceCount = reader.u32();
  const faces: ObservedFace[] = [];
  for (let i = 0; i < faceCount; i++) faces.push(readFace(reader));
  return { key, template, exemplars, faces, quality, apartFrom };
}

function writeFace(writer: ByteWriter, { timeMs, fromCover, pointedAt, box, quality }: ObservedFace): void {
  if (fromCover) writer.u32(COVER);
  else if (timeMs === null) writer.u32(NO_TIME);
  else if (pointedAt) writer.u32(POINTED_AT + Math.min(timeMs, COVER - POINTED_AT - 1));
  else writer.u32(Math.min(timeMs, POINTED_AT - 1));
  for (const fraction of [box.x, box.y, box.width, box.height]) writer.i16(fraction * BOX_STEPS);
  for (const fraction of [quality.overall, quality.sharpness, quality.detector])
    writer.u16(fraction * SHARE_STEPS);
  for (const degrees of [quality.yaw, quality.roll]) writer.i16(degrees * DEGREE_STEPS);
  writer.u16(quality.sizePx * PIXEL_STEPS);
}

function readFace(reader: ByteReader): ObservedFace {
  const time = reader.u32();
  const box = {
    x: reader.i16() / BOX_STEPS,
    y: reader.i16() / BOX_STEPS,
    width: reader.i16() / BOX_STEPS,
    height: reader.i16() / BOX_STEPS,
  };
  const overall = reader.u16() / SHARE_STEPS;
  const sharpness = reader.u16() / SHARE_STEPS;
  const detector = reader.u16() / SHARE_STEPS;
  const yaw = reader.i16() / DEGREE_STEPS;
  const roll = reader.i16() / DEGREE_STEPS;
  const sizePx = reader.u16() / PIXEL_STEPS;
  return {
    timeMs: time >= COVER ? null : time % POINTED_AT,
    ...(time === COVER && { fromCover: true }),
    ...(time >= POINTED_AT && time < COVER && { pointedAt: true }),
    box,
    quality: { overall, sizePx, sharpness, yaw, roll, detector },
  };
}
