import { z } from 'zod';
import { PackCalibration } from '../../core/faces/pack-calibration.ts';
import { TENSOR_TYPES } from '../../core/ports/tensor.ts';
import catalogFile from './catalog.json' with { type: 'json' };

const Tensor = z.strictObject({
  name: z.string(),
  type: z.enum(TENSOR_TYPES),
  /**
  -1 stands for a dimension the caller chooses. In first place it is the batch: the rows of all such inputs belong together,
  and each row of the outputs comes from its own row alone, so that a batch may be run in pieces.
  */
  dims: z.array(z.int()),
});

const ModelSpec = z.strictObject({
  id: z.string(),
  /** Name in models/faces/adapters.ts. */
  adapter: z.string(),
  /** File name without folder. */
  file: z.string(),
  bytes: z.int(),
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
  license: z.string(),
  source: z.string(),
  inputs: z.array(Tensor).min(1),
  outputs: z.array(Tensor).min(1),
  /** (v - mean) / scale of 8-bit values, planes in this order. */
  preprocessing: z.strictObject({ channels: z.enum(['bgr', 'grey']), mean: z.number(), scale: z.number() }),
  /**
  What a float32 output answers to the pattern of "Set up"'s self-test (`tasks/setup/self-test.ts`), at places evenly over it:
  onnxruntime-node 1.30 and its WASM twin agree to 1e-5 (CPU, x64). Without it the model is not tested.
  */
  golden: z.strictObject({ output: z.string(), values: z.array(z.number()).min(1) }).optional(),
});
export type ModelSpec = z.infer<typeof ModelSpec>;

const PackSpec = z.strictObject({
  /** Stored with every embedding. A change of weights or code that changes embeddings needs another id. */
  id: z.string(),
  license: z.string(),
  /** Stash package that contains the weights, by name and id. */
  package: z.string(),
  packageId: z.string(),
  detector: z.string(),
  /** Null when the detector finds the landmarks. */
  landmarks: z.string().nullable(),
  /** Several are to be fused into one embedding, which is not implemented yet. */
  embedders: z.array(z.string()).min(1),
  /** Length of an embedding. */
  dimensions: z.int().positive(),
  calibration: PackCalibration,
});
type PackSpec = z.infer<typeof PackSpec>;

const Catalog = z.strictObject({ models: z.array(ModelSpec), packs: z.array(PackSpec).min(1) });
export type Catalog = z.infer<typeof Catalog>;

/** A pack with the models it names. */
export type FacePack = Omit<PackSpec, 'detector' | 'landmarks' | 'embedders'> & {
  readonly detector: ModelSpec;
  readonly landmarks: ModelSpec | null;
  readonly embedders: readonly ModelSpec[];
};

/** @throws RangeError that names the model or pack, the field, and what is wrong with it */
export function parseCatalog(file: unknown): Catalog {
  const parsed = Catalog.safeParse(file);
  const problems = parsed.success
    ? inconsistencies(parsed.data)
    : parsed.error.issues.map(({ path, message }) => `${placeOf(file, path)}: ${message}`);
  if (parsed.success && problems.length === 0) return parsed.data;
  throw new RangeError(`The catalogue of models cannot be used. ${problems.join('; ')}.`);
}

/** @throws RangeError when the catalogue has no such pack */
export function packOf(catalogue: Catalog, id: string): FacePack {
  const pack = catalogue.packs.find((candidate) => candidate.id === id);
  if (pack === undefined)
    throw new RangeError(
      `The catalogue has no pack ${id}, but ${catalogue.packs.map((candidate) => candidate.id).join(', ')}.`,
    );
  const model = (modelId: string): ModelSpec =>
    catalogue.models.find((candidate) => candidate.id === modelId)!;
  return {
    ...pack,
    detector: model(pack.detector),
    landmarks: pack.landmarks === null ? null : model(pack.landmarks),
    embedders: pack.embedders.map(model),
  };
}

export function modelsOf({ detector, landmarks, embedders }: FacePack): ModelSpec[] {
  return [detector, ...(landmarks === null ? [] : [landmarks]), ...embedders];
}

/** What the shape of each entry does not say. */
function inconsistencies({ models, packs }: Catalog): string[] {
  const problems: string[] = [];
  const ids = new Set(models.map(({ id }) => id));
  for (const { id, golden, outputs } of models)
    if (golden && !outputs.some(({ name, type }) => name === golden.output && type === 'float32'))
      problems.push(`model ${id}, golden.output: the model has no float32 output “${golden.output}”`);
  for (const { id, detector, landmarks, embedders, calibration } of packs) {
    for (const named of [detector, ...(landmarks === null ? [] : [landmarks]), ...embedders])
      if (!ids.has(named)) problems.push(`pack ${id}: there is no model ${named}`);
    for (const [field, numbers] of mustAscend(calibration))
      if (numbers.some((value, n) => n > 0 && value < numbers[n - 1]!))
        problems.push(`pack ${id}, calibration.${field}: must not fall (${numbers.join(', ')})`);
  }
  return problems;
}

/** Numbers of which each must be at least the one before. */
function mustAscend({ detection, face, reading, quality, clustering, matching }: PackCalibration) {
  return [
    ['detection, searchedScore to sureScore', [detection.searchedScore, detection.sureScore]],
    ['face, minNorm to clearNorm', [face.minNorm, face.clearNorm]],
    ['reading, grainyNorm to strongNorm', [reading.grainyNorm, reading.strongNorm]],
    ['reading, weakNorm to weakNormExhaustive', [reading.weakNorm, reading.weakNormExhaustive]],
    ['quality.similarities', quality.similarities],
    ['quality.turnedYaws', quality.turnedYaws],
    ['matching, askConfidence to matchConfidence', [matching.askConfidence, matching.matchConfidence]],
    ['clustering.nearDuplicates, from its end', clustering.nearDuplicates.toReversed()],
  ] as const;
}

/** `pack portable-1, calibration.clustering.samePerson`: entries by their id, where they have one. */
function placeOf(file: unknown, path: readonly PropertyKey[]): string {
  const [list, n, ...rest] = path;
  if ((list !== 'models' && list !== 'packs') || typeof n !== 'number') return path.join('.') || 'the file';
  const Entry = z.object({ [list]: z.array(z.unknown()) });
  const entry = Entry.safeParse(file).data?.[list]?.[n];
  const id = z.object({ id: z.string() }).safeParse(entry).data?.id ?? `${n + 1}`;
  return [`${list === 'models' ? 'model' : 'pack'} ${id}`, ...(rest.length > 0 ? [rest.join('.')] : [])].join(
    ', ',
  );
}

export const catalog = parseCatalog(catalogFile);
