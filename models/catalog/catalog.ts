import { z } from 'zod';
import { TENSOR_TYPES } from '../../core/ports/tensor.ts';
import catalogFile from './catalog.json' with { type: 'json' };

const Tensor = z.object({
  name: z.string(),
  type: z.enum(TENSOR_TYPES),
  /**
  -1 stands for a dimension the caller chooses. In first place it is the batch: the rows of all such inputs belong together,
  and each row of the outputs comes from its own row alone, so that a batch may be run in pieces.
  */
  dims: z.array(z.int()),
});

const ModelSpec = z.object({
  id: z.string(),
  /** File name without folder. */
  file: z.string(),
  bytes: z.int(),
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
  license: z.string(),
  source: z.string(),
  inputs: z.array(Tensor).min(1),
  outputs: z.array(Tensor),
  /** (v - mean) / scale of 8-bit values, planes in this order. */
  preprocessing: z.object({ channels: z.enum(['bgr', 'grey']), mean: z.number(), scale: z.number() }),
  /**
  What a float32 output answers to the pattern of "Set up"'s self-test (`tasks/setup/self-test.ts`), at places evenly over it:
  onnxruntime-node 1.30 and its WASM twin agree to 1e-5 (CPU, x64). Without it the model is not tested.
  */
  golden: z.object({ output: z.string(), values: z.array(z.number()).min(1) }).optional(),
});
export type ModelSpec = z.infer<typeof ModelSpec>;

const PackSpec = z.object({
  /** Stored with every embedding. A change of weights or code that changes embeddings needs another id. */
  id: z.string(),
  license: z.string(),
  /** Stash package that contains the weights, by id and name. */
  package: z.string(),
  packageId: z.string(),
  detector: z.string(),
  landmark: z.string(),
  embedder: z.string(),
  dimensions: z.int(),
});
export type PackSpec = z.infer<typeof PackSpec>;

const Catalog = z.object({ models: z.array(ModelSpec), packs: z.array(PackSpec).min(1) });

export const catalog = Catalog.parse(catalogFile);

/** The default face pack. */
export const portablePack = catalog.packs[0]!;

export function modelSpec(id: string): ModelSpec {
  const spec = catalog.models.find((model) => model.id === id);
  if (!spec) throw new RangeError(`the catalogue names no model ${id}`);
  return spec;
}
