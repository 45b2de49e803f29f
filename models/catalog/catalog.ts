import { z } from 'zod';
import { PackCalibration } from '../../core/faces/pack-calibration.ts';
import type { Fusion } from '../../core/packs/fusion.ts';
import { TENSOR_TYPES } from '../../core/tensor.ts';
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
  /** Where its publisher offers the file; absent: a package of Stash brings it. */
  download: z.url({ protocol: /^https$/ }).optional(),
  /** `real-inputs`: the file names inputs that are none (`withRealInputs`). */
  repair: z.literal('real-inputs').optional(),
  inputs: z.array(Tensor).min(1),
  outputs: z.array(Tensor).min(1),
  /** (v - mean) / scale of 8-bit values, planes in this order. */
  preprocessing: z.strictObject({
    channels: z.enum(['bgr', 'rgb', 'grey']),
    mean: z.number(),
    scale: z.number(),
  }),
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
  embedder: z.string(),
  /** Length of an embedding. */
  dimensions: z.int().positive(),
  calibration: PackCalibration,
});

/** A pack that sees faces as another one does, and embeds the best of them by further models. */
const FusedPackSpec = z.strictObject({
  id: z.string(),
  license: z.string(),
  /** The other pack: what was seen by it serves this one, with the kept crops, and the other way round. */
  seenBy: z.string(),
  /** Further embedders. `share` of the fused similarity; the rest is the share of the other pack's embedder. */
  adds: z.array(z.strictObject({ embedder: z.string(), share: z.number().gt(0).lt(1) })).min(1),
  /** What of the other pack's calibration holds for single embeddings and not for fused ones. */
  calibration: z.strictObject({
    clustering: PackCalibration.shape.clustering.pick({ samePerson: true }),
    references: PackCalibration.shape.references.pick({ onePerson: true }),
    matching: PackCalibration.shape.matching,
  }),
});
type FusedPackSpec = z.infer<typeof FusedPackSpec>;

const Catalog = z.strictObject({
  models: z.array(ModelSpec),
  packs: z.array(PackSpec).min(1),
  fusedPacks: z.array(FusedPackSpec).default([]),
});
export type Catalog = z.infer<typeof Catalog>;

/** A pack with the models it names. */
export type FacePack = Pick<
  z.infer<typeof PackSpec>,
  'id' | 'license' | 'package' | 'packageId' | 'dimensions' | 'calibration'
> & {
  readonly detector: ModelSpec;
  readonly landmarks: ModelSpec | null;
  /** Embeds each face. */
  readonly embedder: ModelSpec;
  /** Embed the kept crops. */
  readonly adds: readonly { readonly embedder: ModelSpec; readonly share: number }[];
  /** Under whose id its observations and references are kept, and whose numbers hold for single faces: another pack, or this one. */
  readonly seenBy: {
    readonly id: string;
    readonly dimensions: number;
    readonly calibration: PackCalibration;
  };
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
  const model = (modelId: string): ModelSpec =>
    catalogue.models.find((candidate) => candidate.id === modelId)!;
  const fused = catalogue.fusedPacks.find((candidate) => candidate.id === id);
  if (fused !== undefined) return fusedPack(packOf(catalogue, fused.seenBy), fused, model);
  const pack = catalogue.packs.find((candidate) => candidate.id === id);
  if (pack === undefined)
    throw new RangeError(`The catalogue has no pack ${id}, but ${packIds(catalogue).join(', ')}.`);
  return {
    ...pack,
    detector: model(pack.detector),
    landmarks: pack.landmarks === null ? null : model(pack.landmarks),
    embedder: model(pack.embedder),
    adds: [],
    seenBy: pack,
  };
}

function fusedPack(
  other: FacePack,
  { id, license, adds, calibration: { clustering, references, matching } }: FusedPackSpec,
  model: (id: string) => ModelSpec,
): FacePack {
  const { calibration } = other;
  const added = adds.map(({ embedder, share }) => ({ embedder: model(embedder), share }));
  return {
    ...other,
    id,
    license,
    adds: added,
    dimensions: added.reduce((sum, { embedder }) => sum + embeddingLength(embedder), other.dimensions),
    calibration: {
      ...calibration,
      clustering: { ...calibration.clustering, ...clustering },
      references: { ...calibration.references, ...references },
      matching,
    },
  };
}

/** Of what the embeddings of a pack are made; null: of one embedder's. */
export function fusionOf({ seenBy, adds }: Pick<FacePack, 'seenBy' | 'adds'>): Fusion | null {
  if (adds.length === 0) return null;
  return {
    seenBy: seenBy.id,
    adds: adds.map(({ embedder, share }) => ({
      embedder: embedder.id,
      dimensions: embeddingLength(embedder),
      share,
    })),
  };
}

export function packIds({ packs, fusedPacks }: Catalog): string[] {
  return [...packs, ...fusedPacks].map(({ id }) => id);
}

/** How long the vector of an embedder is: the last dimension of its output. */
export function embeddingLength({ outputs }: ModelSpec): number {
  return outputs[0]!.dims.at(-1) ?? 0;
}

export function modelsOf({ detector, landmarks, embedder, adds }: FacePack): ModelSpec[] {
  return [detector, ...(landmarks === null ? [] : [landmarks]), embedder, ...adds.map((it) => it.embedder)];
}

/** The models whose files the package of weights brings; the publishers of the others offer theirs. */
export function packagedModels({ models }: Catalog): ModelSpec[] {
  return models.filter(({ download }) => download === undefined);
}

/** What the shape of each entry does not say. */
function inconsistencies({ models, packs, fusedPacks }: Catalog): string[] {
  const problems: string[] = [];
  const ids = new Set(models.map(({ id }) => id));
  for (const { id, golden, outputs } of models)
    if (golden && !outputs.some(({ name, type }) => name === golden.output && type === 'float32'))
      problems.push(`model ${id}, golden.output: the model has no float32 output “${golden.output}”`);
  for (const { id, detector, landmarks, embedder, calibration } of packs) {
    for (const named of [detector, ...(landmarks === null ? [] : [landmarks]), embedder])
      if (!ids.has(named)) problems.push(`pack ${id}: there is no model ${named}`);
    for (const [field, numbers] of mustAscend(calibration))
      if (numbers.some((value, n) => n > 0 && value < numbers[n - 1]!))
        problems.push(`pack ${id}, calibration.${field}: must not fall (${numbers.join(', ')})`);
  }
  for (const { id, seenBy, adds, calibration } of fusedPacks) {
    if (!packs.some((pack) => pack.id === seenBy)) problems.push(`pack ${id}: there is no pack ${seenBy}`);
    for (const { embedder } of adds)
      if (!ids.has(embedder)) problems.push(`pack ${id}: there is no model ${embedder}`);
    const { askConfidence, matchConfidence } = calibration.matching;
    if (askConfidence > matchConfidence)
      problems.push(`pack ${id}, calibration.matching: askConfidence is above matchConfidence`);
    if (adds.reduce((sum, { share }) => sum + share, 0) >= 1)
      problems.push(`pack ${id}, adds: the shares leave none for the embedder of ${seenBy}`);
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
    ['matching.likelihood.curve, similarities', matching.likelihood.curve.map(([at]) => at)],
    ['matching.likelihood.curve, ratios', matching.likelihood.curve.map(([, ratio]) => ratio)],
    ['matching, askConfidence to matchConfidence', [matching.askConfidence, matching.matchConfidence]],
    ['clustering.nearDuplicates, from its end', clustering.nearDuplicates.toReversed()],
  ] as const;
}

/** `pack portable-1, calibration.clustering.samePerson`: entries by their id, where they have one. */
function placeOf(file: unknown, path: readonly PropertyKey[]): string {
  const [list, n, ...rest] = path;
  if ((list !== 'models' && list !== 'packs' && list !== 'fusedPacks') || typeof n !== 'number')
    return path.join('.') || 'the file';
  const Entry = z.object({ [list]: z.array(z.unknown()) });
  const entry = Entry.safeParse(file).data?.[list]?.[n];
  const id = z.object({ id: z.string() }).safeParse(entry).data?.id ?? `${n + 1}`;
  return [`${list === 'models' ? 'model' : 'pack'} ${id}`, ...(rest.length > 0 ? [rest.join('.')] : [])].join(
    ', ',
  );
}

declare const STASH_SENSE_CATALOG: Catalog | undefined;
/** What is installed has it as it was read when the bundle was made (tools/esbuild/node.ts): each click would read it anew. */
export const catalog =
  typeof STASH_SENSE_CATALOG === 'undefined' ? parseCatalog(catalogFile) : STASH_SENSE_CATALOG;
