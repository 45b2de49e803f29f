import { concat, field, readFields, readText, type WireField } from './protobuf.ts';

/** Numbers of the fields in onnx.proto3. */
const MODEL = { graph: 7 } as const;
const GRAPH = { node: 1, initializer: 5, input: 11 } as const;
const NODE = { input: 1, output: 2 } as const;
const TENSOR = { name: 8 } as const;
const VALUE = { name: 1 } as const;

/**
The model without inputs that are none: before IR version 4 a graph had to list its initialisers among its inputs, and a
conversion can leave inputs that no node reads. onnxruntime takes such weights for values of the caller, and refuses to run.
Everything else stays byte for byte.
@throws RangeError when the bytes are no ONNX model
*/
export function withRealInputs(model: Uint8Array): Uint8Array {
  const parts = [...readFields(model)];
  const graph = parts.find(({ number }) => number === MODEL.graph);
  if (graph === undefined) throw new RangeError('it holds no graph');
  const real = withoutFalseInputs(partsOf(graph.value));
  return concat(parts.map((part) => (part === graph ? field(MODEL.graph, real) : part.whole)));
}

function withoutFalseInputs(graph: readonly WireField[]): Uint8Array {
  const textsIn = (kind: number, wanted: number): string[] =>
    graph.flatMap((part) => (part.number === kind ? textsOf(partsOf(part.value), wanted) : []));
  const read = new Set(textsIn(GRAPH.node, NODE.input));
  const given = new Set([...textsIn(GRAPH.initializer, TENSOR.name), ...textsIn(GRAPH.node, NODE.output)]);
  const isReal = (input: WireField): boolean =>
    textsOf(partsOf(input.value), VALUE.name).every((name) => read.has(name) && !given.has(name));
  return concat(
    graph.filter((part) => part.number !== GRAPH.input || isReal(part)).map(({ whole }) => whole),
  );
}

function textsOf(parts: readonly WireField[], wanted: number): string[] {
  return parts.flatMap(({ number, value }) => (number === wanted ? [readText(value)] : []));
}

function partsOf(value: WireField['value']): WireField[] {
  return typeof value === 'number' ? [] : [...readFields(value)];
}
