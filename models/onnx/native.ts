/** The only door of onnxruntime-node. */
import type * as Ort from 'onnxruntime-node';
import { loadNative } from '../native/packages.ts';
import type { Backend } from './engine.ts';
import { toRawSession } from './session.ts';

export type OnnxNative = {
  /** The providers this build knows, `cpu` always among them. */
  readonly providers: readonly string[];
  backend(provider: string): Backend;
};

export function loadOnnxNative(
  folders: readonly string[],
  threads: number,
): { onnx: OnnxNative | null; reason: string | null } {
  const { module: ort, reason } = loadNative<typeof Ort>('onnxruntime-node', folders);
  if (!ort) return { onnx: null, reason };
  // It prints to stderr, which Stash takes for our log; what fails is thrown anyway.
  ort.env.logLevel = 'fatal';
  return {
    onnx: {
      providers: ort.listSupportedBackends().map((backend) => backend.name),
      backend: (provider) => ({
        engine: 'native',
        provider,
        create: async (bytes) =>
          toRawSession(
            ort.Tensor,
            await ort.InferenceSession.create(bytes, {
              executionProviders: [provider],
              intraOpNumThreads: threads,
              interOpNumThreads: 1,
              graphOptimizationLevel: 'all',
              logSeverityLevel: 4,
              // Pools that spin slow one another down: three sessions in turns are 3 times slower with it on.
              extra: { session: { intra_op: { allow_spinning: '0' }, inter_op: { allow_spinning: '0' } } },
            }),
          ),
      }),
    },
    reason: null,
  };
}
