/** What goes into a model and comes out of it: an array of numbers with its element type and its dims, row-major. */

/** By element type, the array that holds the numbers. */
type TensorData = {
  readonly float32: Float32Array;
  readonly int64: BigInt64Array;
  readonly uint8: Uint8Array;
  /** The 16 bits of each IEEE half: not every Node we run on has a `Float16Array`. */
  readonly float16: Uint16Array;
};

export const TENSOR_TYPES = [
  'float32',
  'int64',
  'uint8',
  'float16',
] as const satisfies readonly (keyof TensorData)[];
export type TensorType = (typeof TENSOR_TYPES)[number];

type TensorOf<Type extends TensorType> = {
  readonly type: Type;
  readonly data: TensorData[Type];
  readonly dims: readonly number[];
};
export type Tensor = { [Type in TensorType]: TensorOf<Type> }[TensorType];

/** By the name of the model's input or output. */
export type Tensors = Readonly<Record<string, Tensor>>;

/** What a model declares of an input or output; a dim of -1 is one the caller chooses. */
export type TensorInfo = { readonly name: string; readonly type: string; readonly dims: readonly number[] };

export function float32(data: Float32Array, dims: readonly number[]): Tensor {
  return { type: 'float32', data, dims };
}

/** The numbers of the float32 tensor of this name: the type of what a model answers was checked when it was opened. */
export function float32Of(tensors: Tensors, name: string): Float32Array {
  const tensor = tensors[name];
  if (tensor?.type !== 'float32')
    throw new RangeError(`“${name}” is ${tensor?.type ?? 'not there'} and not float32`);
  return tensor.data;
}

const ARRAYS = { float32: Float32Array, int64: BigInt64Array, uint8: Uint8Array, float16: Uint16Array };

/** A tensor over the whole of a buffer. */
export function fromBytes(type: TensorType, buffer: ArrayBuffer, dims: readonly number[]): Tensor {
  return { type, data: new ARRAYS[type](buffer), dims } as Tensor;
}

/** How many numbers a tensor of these dims has. */
export function elementCount(dims: readonly number[]): number {
  return dims.reduce((product, dim) => product * dim, 1);
}
