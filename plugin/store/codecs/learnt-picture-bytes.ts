import type { Embedding } from '../../../core/faces/face.ts';
import { REFERENCE_STATES } from '../../../core/ports/people.ts';
import type { FaceInPicture, LearntPicture } from '../../../core/people/learnt-picture.ts';
import { createByteWriter, readBytes, type ByteReader, type ByteWriter } from './bytes.ts';

/** First byte: the version of the layout. */
export const LEARNT_PICTURE_FORMAT = 1;

/** All numbers as they are, so that a second run answers as the first one did: 2 KB for a face of 512 dimensions. */
export function toLearntPictureBytes({ state, width, height, faces }: LearntPicture): Uint8Array {
  const writer = createByteWriter();
  writer.u8(LEARNT_PICTURE_FORMAT);
  writer.u8(REFERENCE_STATES.indexOf(state));
  writer.u32(width);
  writer.u32(height);
  writer.u16(faces.length);
  writer.u16(faces[0]?.embedding.length ?? 0);
  for (const face of faces) writeFace(writer, face);
  return writer.done();
}

/** @throws SyntaxError when `toLearntPictureBytes` did not write these bytes */
export function fromLearntPictureBytes(bytes: Uint8Array): LearntPicture {
  return readBytes(bytes, (reader) => {
    const format = reader.u8();
    if (format !== LEARNT_PICTURE_FORMAT) throw new RangeError(`a learnt picture is in layout ${format}`);
    const state = REFERENCE_STATES[reader.u8()];
    if (state === undefined) throw new RangeError('a learnt picture is in an unknown state');
    const width = reader.u32();
    const height = reader.u32();
    const count = reader.u16();
    const dimensions = reader.u16();
    return { state, width, height, faces: Array.from({ length: count }, () => readFace(reader, dimensions)) };
  });
}

function writeFace(writer: ByteWriter, { box, embedding, quality, sizePx }: FaceInPicture): void {
  const numbers = Float64Array.of(box.x, box.y, box.width, box.height, quality, sizePx);
  writer.bytes(new Uint8Array(numbers.buffer));
  writer.bytes(new Uint8Array(embedding.buffer, embedding.byteOffset, embedding.byteLength));
}

/** All platforms of Node are little-endian. */
function readFace(reader: ByteReader, dimensions: number): FaceInPicture {
  const [x = 0, y = 0, width = 0, height = 0, quality = 0, sizePx = 0] = new Float64Array(
    reader.bytes(6 * Float64Array.BYTES_PER_ELEMENT).buffer,
  );
  const embedding = new Float32Array(reader.bytes(dimensions * Float32Array.BYTES_PER_ELEMENT).buffer);
  return { box: { x, y, width, height }, embedding: embedding as Embedding, quality, sizePx };
}
