/** Writes small ONNX models at run time, (onnx.proto3, IR version 8, opset 13). */

import type { TensorType } from '../../core/tensor.ts';
import { concat, field, fieldOfParts, integerField, text } from './protobuf.ts';

/** A tensor, float32 where no type is named, whose dims hold a `null` where the caller chooses. */
type Value = { name: string; type?: TensorType; dims: readonly (number | null)[] };
export type Initializer = { name: string; dims: readonly number[] } & (
  | { data: Float32Array | BigInt64Array | Int8Array | Uint8Array }
  /** Values in an external file: only a test needs it. */
  | { externalFile: string }
);
export type Node = {
  operator: string;
  /** Of an operator that is not ONNX's own. */
  domain?: string;
  inputs: readonly string[];
  outputs: readonly string[];
  /** Integers, or lists of them. */
  attributes?: Readonly<Record<string, number | readonly number[]>>;
};

export function writeOnnx(graph: {
  nodes: readonly Node[];
  initializers: readonly Initializer[];
  inputs: readonly Value[];
  outputs: readonly Value[];
}): Uint8Array {
  const body = [
    ...graph.nodes.map((node) => field(1, nodeBytes(node))),
    field(2, text('graph')),
    ...graph.initializers.flatMap((initializer) => fieldOfParts(5, tensorParts(initializer))),
    ...graph.inputs.map((input) => field(11, valueBytes(input))),
    ...graph.outputs.map((output) => field(12, valueBytes(output))),
  ];
  const domains = new Set(graph.nodes.flatMap(({ domain = [] }) => domain));
  return concat([
    integerField(1, 8),
    // The values of the initializers are most of it: copied once.
    ...fieldOfParts(7, body),
    field(8, concat([field(1, text('')), integerField(2, 13)])),
    ...[...domains].map((domain) => field(8, concat([field(1, text(domain)), integerField(2, 1)]))),
  ]);
}

/** TensorProto.DataType. */
export const DATA_TYPES = { float32: 1, uint8: 2, int64: 7, float16: 10 } as const satisfies Record<
  TensorType,
  number
>;
const INT8 = 3;
/** AttributeProto.AttributeType. */
const INT = 2;
const INTS = 7;
const EXTERNAL = 1;

/** A NodeProto. */
export function nodeBytes({ operator, domain, inputs, outputs, attributes = {} }: Node): Uint8Array {
  return concat([
    ...inputs.map((input) => field(1, text(input))),
    ...outputs.map((output) => field(2, text(output))),
    field(4, text(operator)),
    ...Object.entries(attributes).map(([name, value]) => field(5, attributeBytes(name, value))),
    ...(domain === undefined ? [] : [field(7, text(domain))]),
  ]);
}

function attributeBytes(name: string, value: number | readonly number[]): Uint8Array {
  return typeof value === 'number'
    ? concat([field(1, text(name)), integerField(3, value), integerField(20, INT)])
    : concat([field(1, text(name)), ...value.map((each) => integerField(8, each)), integerField(20, INTS)]);
}

/** A TensorProto. */
export function tensorBytes(initializer: Initializer): Uint8Array {
  return concat(tensorParts(initializer));
}

function tensorParts({ name, dims, ...rest }: Initializer): Uint8Array[] {
  const shape = dims.map((dim) => integerField(1, dim));
  if ('externalFile' in rest) {
    const location = field(13, concat([field(1, text('location')), field(2, text(rest.externalFile))]));
    return [
      ...shape,
      integerField(2, DATA_TYPES.float32),
      field(8, text(name)),
      location,
      integerField(14, EXTERNAL),
    ];
  }
  const { data } = rest;
  const bytes = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
  const type = integerField(2, typeOf(data));
  return [...shape, type, field(8, text(name)), ...fieldOfParts(9, [bytes])];
}

function typeOf(data: Float32Array | BigInt64Array | Int8Array | Uint8Array): number {
  if (data instanceof Float32Array) return DATA_TYPES.float32;
  if (data instanceof BigInt64Array) return DATA_TYPES.int64;
  return data instanceof Int8Array ? INT8 : DATA_TYPES.uint8;
}

function valueBytes({ name, type = 'float32', dims }: Value): Uint8Array {
  const shape = concat(
    dims.map((dim) => field(1, dim === null ? field(2, text('n')) : integerField(1, dim))),
  );
  const tensor = concat([integerField(1, DATA_TYPES[type]), field(2, shape)]);
  return concat([field(1, text(name)), field(2, field(1, tensor))]);
}
