import type { Embedding, RgbImage } from '../core/faces/face.ts';
import { firstLineOf } from '../core/message-of.ts';
import { message, plain, type Message } from '../core/messages/message.ts';
import type { ModuleTrial, NativeModule } from '../core/setup/acceleration.ts';
import { drawFace } from './faces/drawn-face.ts';
import { loadSharpCodec } from './images/codec-sharp.ts';
import { toMatrix } from './index/matrix.ts';
import { type CompareAll, loadUsearch } from './index/usearch.ts';
import { NOT_INSTALLED } from './native/packages.ts';
import { probe } from './onnx/probe.ts';
import { loadOnnxNative } from './onnx/native.ts';

/**
Loads a native package and checks a small computation with a known result. The package can crash the process or hang, so
this runs in a separate process.
*/
export async function tryNative(name: NativeModule, folders: readonly string[]): Promise<ModuleTrial> {
  try {
    const { reason, providers } = await TRIALS[name](folders);
    if (reason === null) return { state: 'works', reason, providers };
    return { state: reason === NOT_INSTALLED ? 'missing' : 'fails', reason, providers };
  } catch (error) {
    return { state: 'fails', reason: plain(firstLineOf(error)), providers: [] };
  }
}

/** `reason`: why the package does not load, or that its result is wrong; null: it works. */
const TRIALS: Record<NativeModule, (folders: readonly string[]) => Promise<Outcome>> = {
  async 'onnxruntime-node'(folders) {
    const { onnx, reason } = loadOnnxNative(folders, 1);
    if (!onnx) return { reason, providers: [] };
    const session = await onnx.backend('cpu').create(probe.bytes);
    const { y } = await session.run(probe.inputs);
    await session.close();
    const isRight = probe.output.every((value, n) => Math.abs(Number(y?.data[n] ?? NaN) - value) < 0.01);
    return outcomeOf(isRight, onnx.providers);
  },

  async sharp(folders) {
    const { codec, reason } = loadSharpCodec(folders, 1, null);
    if (!codec) return { reason, providers: [] };
    const image = drawFace({ width: 160, height: 120 });
    const read = await codec.decode(await codec.encodeJpeg(image, 90), 160);
    // The JPEG error of such a picture is 1 or 2 of 255.
    return outcomeOf(
      read.width === image.width && read.height === image.height && difference(read, image) < 6,
    );
  },

  async usearch(folders) {
    const { create, compareAll, reason } = loadUsearch(folders, 1);
    if (!create || !compareAll) return { reason, providers: [] };
    const vectors = Array.from({ length: 64 }, (_, n) => unitVector(n));
    const index = create(vectors[0]!.length);
    await index.add(vectors);
    const found = await index.search(vectors, 1);
    const isRight = found.every(([best], n) => best?.row === n && Math.abs(best.similarity - 1) < 0.01);
    return outcomeOf(isRight && comparesRight(compareAll, vectors));
  },
};

type Outcome = { readonly reason: Message | null; readonly providers: string[] };

function outcomeOf(isRight: boolean, providers: readonly string[] = []): Outcome {
  return isRight
    ? { reason: null, providers: [...providers] }
    : { reason: message('setup.trial.reason.wrongAnswer'), providers: [] };
}

function difference(a: RgbImage, b: RgbImage): number {
  return a.data.reduce((sum, value, n) => sum + Math.abs(value - b.data[n]!), 0) / a.data.length;
}

function comparesRight(compareAll: CompareAll, vectors: readonly Embedding[]): boolean {
  const dimensions = vectors[0]!.length;
  const rows = Int8Array.from(toMatrix(vectors, dimensions), (component) => Math.round(component * 127));
  return compareAll(rows, rows.slice(), dimensions, 1).every(
    (best, n) => best.rows[0] === n && Math.abs(best.similarities[0]! - 1) < 0.01,
  );
}

/** Dissimilar to all others. */
function unitVector(n: number): Embedding {
  const vector = Float32Array.from({ length: 32 }, (_, i) => Math.sin((n + 1) * (i + 1) * 0.7 + n * n));
  const length = Math.hypot(...vector);
  return vector.map((value) => value / length) as Embedding;
}
