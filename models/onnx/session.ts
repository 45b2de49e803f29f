import { setImmediate as nextTurn } from 'node:timers/promises';
import { type Tensor, TENSOR_TYPES, type TensorInfo } from '../../core/tensor.ts';
import type { RawSession } from './engine.ts';

/**
Option of both packages: quantised weights become float32 when the session is made, and not anew in each run. SFace, native, one
thread: 20 ms a face in place of 61, and 0.2 s to open.
*/
export const UNPACKED_WEIGHTS = { disable_quant_qdq: '1' } as const;

/** The common interface of the sessions of onnxruntime-node and onnxruntime-web. */
type OrtSession<OrtTensor> = {
  readonly inputMetadata: readonly OrtMetadata[];
  readonly outputMetadata: readonly OrtMetadata[];
  run(feeds: Record<string, OrtTensor>): Promise<Readonly<Record<string, OrtOutput>>>;
  release(): Promise<void>;
};
type OrtOutput = { readonly type: string; readonly data: unknown; readonly dims: readonly number[] };
type OrtMetadata =
  | { readonly name: string; readonly isTensor: false }
  | {
      readonly name: string;
      readonly isTensor: true;
      readonly type: string;
      readonly shape: readonly (number | string)[];
    };

/**
A session of either package behind the engine's own shape. Nothing is copied: what is fed and what is answered are
views of the same memory.

Each run begins in a new turn of the event loop: both packages compute on the calling thread, and a series of runs would
otherwise block timers until its end.
*/
export function toRawSession<OrtTensor>(
  toOrt: (tensor: Tensor) => OrtTensor,
  session: OrtSession<OrtTensor>,
): RawSession {
  return {
    inputs: session.inputMetadata.map(toTensorInfo),
    outputs: session.outputMetadata.map(toTensorInfo),
    async run(inputs) {
      await nextTurn();
      const feeds = Object.entries(inputs).map(([name, tensor]) => [name, toOrt(tensor)] as const);
      const outputs = await session.run(Object.fromEntries(feeds));
      return Object.fromEntries(
        Object.entries(outputs).map(([name, output]) => [name, toTensor(name, output)]),
      );
    },
    close: () => session.release(),
  };
}

/** Where Node has a `Float16Array`, both packages answer float16 with one. */
function toTensor(name: string, { type, data, dims }: OrtOutput): Tensor {
  if (type === 'float16' && ArrayBuffer.isView(data))
    return { type, data: new Uint16Array(data.buffer, data.byteOffset, data.byteLength / 2), dims };
  if (!isTensorType(type)) throw new RangeError(`it answered “${name}” in ${type}, which is not supported`);
  return { type, data, dims } as Tensor;
}

function isTensorType(type: string): type is Tensor['type'] {
  return TENSOR_TYPES.some((supported) => supported === type);
}

function toTensorInfo(metadata: OrtMetadata): TensorInfo {
  return metadata.isTensor
    ? {
        name: metadata.name,
        type: metadata.type,
        dims: metadata.shape.map((side) => (typeof side === 'number' ? side : -1)),
      }
    : { name: metadata.name, type: 'no tensor', dims: [] };
}
