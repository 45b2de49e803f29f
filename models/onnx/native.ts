/** The only module that loads onnxruntime-node. */
import type * as Ort from 'onnxruntime-node';
import type { Tensor } from '../../core/tensor.ts';
import type { Message } from '../../core/messages/message.ts';
import { loadNative } from '../native/packages.ts';
import type { Backend } from './engine.ts';
import { toRawSession, UNPACKED_WEIGHTS } from './session.ts';
import { splitPRelu } from './split-prelu.ts';

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
        create: async (bytes) =>
          toRawSession(
            (tensor) => toOrtTensor(ort, tensor),
            await ort.InferenceSession.create(provider === 'cpu' ? splitPRelu(bytes) : bytes, {
              executionProviders: [provider],
              intraOpNumThreads: threads,
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

function toOrtTensor(ort: typeof Ort, { type, data, dims }: Tensor): Ort.Tensor {
  const tensor = new ort.Tensor(type, data, dims);
  // Where Node has a `Float16Array` the package makes one of the data, and then takes its length for 0.
  if (type === 'float16') Object.defineProperty(tensor, 'data', { value: data });
  return tensor;
}
