import { setImmediate as nextTurn } from 'node:timers/promises';
import type { RawSession } from './engine.ts';

/** What the sessions of onnxruntime-node and of onnxruntime-web have in common. */
type OrtSession<Tensor> = {
  readonly inputMetadata: readonly OrtMetadata[];
  readonly outputMetadata: readonly OrtMetadata[];
  run(feeds: Record<string, Tensor>): Promise<Readonly<Record<string, { readonly data: unknown }>>>;
  release(): Promise<void>;
};
type OrtMetadata =
  | { readonly name: string; readonly isTensor: false }
  | {
      readonly name: string;
      readonly isTensor: true;
      readonly type: string;
      readonly shape: readonly (number | string)[];
    };

/**
A session of either package behind the engine's own shape; its outputs are float32 tensors.

Each run begins in a new turn of the event loop: both packages compute on the calling thread, and without that a
series of runs would hold up timers until its end.
*/
export function toRawSession<Tensor>(
  tensor: new (type: 'float32', data: Float32Array, dims: readonly number[]) => Tensor,
  session: OrtSession<Tensor>,
): RawSession {
  return {
    inputs: session.inputMetadata.map(toTensorInfo),
    outputs: session.outputMetadata.map(toTensorInfo),
    async run(inputName, input, dims) {
      await nextTurn();
      const outputs = await session.run({ [inputName]: new tensor('float32', input, dims) });
      return Object.fromEntries(
        Object.entries(outputs).map(([name, { data }]) => [name, data as Float32Array]),
      );
    },
    close: () => session.release(),
  };
}

function toTensorInfo(metadata: OrtMetadata): RawSession['inputs'][number] {
  return metadata.isTensor
    ? {
        name: metadata.name,
        type: metadata.type,
        dims: metadata.shape.map((side) => (typeof side === 'number' ? side : -1)),
      }
    : { name: metadata.name, type: 'no tensor', dims: [] };
}
