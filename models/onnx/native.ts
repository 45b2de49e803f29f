/** The only module that loads onnxruntime-node. */
import type * as Ort from 'onnxruntime-node';
import { elementCount, type Tensor, type TensorInfo } from '../../core/tensor.ts';
import type { Message } from '../../core/messages/message.ts';
import { loadNative } from '../native/packages.ts';
import type { Backend } from './engine.ts';
import { toRawSession, UNPACKED_WEIGHTS } from './session.ts';
import { splitPRelu } from './split-prelu.ts';

/** A model that reads fewer values is faster with one thread: landmarks 0.35 ms in place of 0.44 of two cores. */
const MIN_SHARED_VALUES = 10_000;

export type OnnxNative = {
  /** The execution providers of this build, `cpu` always included. */
  readonly providers: readonly string[];
  backend(provider: string): Backend;
};

export function loadOnnxNative(
  folders: readonly string[],
  threads: number,
): { onnx: OnnxNative | null; reason: Message | null } {
  const { module: ort, reason } = loadNative<typeof Ort>('onnxruntime-node', folders);
  if (!ort) return { onnx: null, reason };
  // onnxruntime prints to stderr, which Stash reads as this plugin's log; failures are thrown anyway.
  ort.env.logLevel = 'fatal';
  return {
    onnx: {
      providers: ort.listSupportedBackends().map((backend) => backend.name),
      backend: (provider) => ({
        engine: 'native',
        provider,
        create: async (bytes, inputs, oneThread = false) =>
          toRawSession(
            (tensor) => toOrtTensor(ort, tensor),
            await ort.InferenceSession.create(provider === 'cpu' ? splitPRelu(bytes) : bytes, {
              executionProviders: [provider],
              intraOpNumThreads: oneThread || isSmall(inputs) ? 1 : threads,
              interOpNumThreads: 1,
              graphOptimizationLevel: 'all',
              logSeverityLevel: 4,
              // Spinning thread pools slow one another down: three alternating sessions are 3 times slower with spinning.
              extra: {
                session: {
                  ...UNPACKED_WEIGHTS,
                  intra_op: { allow_spinning: '0' },
                  inter_op: { allow_spinning: '0' },
                },
              },
            }),
          ),
      }),
    },
    reason: null,
  };
}

/** A batch, -1, is not known. */
function isSmall(inputs: readonly TensorInfo[] | undefined): boolean {
  return (
    inputs?.every(({ dims }) => dims.every((side) => side > 0) && elementCount(dims) < MIN_SHARED_VALUES) ??
    false
  );
}

function toOrtTensor(ort: typeof Ort, { type, data, dims }: Tensor): Ort.Tensor {
  const tensor = new ort.Tensor(type, data, dims);
  // Where Node has a `Float16Array` the package makes one of the data, and then takes its length for 0.
  if (type === 'float16') Object.defineProperty(tensor, 'data', { value: data });
  return tensor;
}
