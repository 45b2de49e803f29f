/** What can be fetched beyond the package, and what of it this machine runs on. */
import { z } from 'zod';

/** Builds of compiled things exist for these; everything else runs on the portable twins. */
export const PLATFORMS = [
  'linux-x64',
  'linux-arm64',
  'linuxmusl-x64',
  'linuxmusl-arm64',
  'win-x64',
  'darwin-arm64',
] as const;
export const Platform = z.enum(PLATFORMS);
export type Platform = z.infer<typeof Platform>;

/** The compiled packages, by their names on npm. */
export const NATIVE_MODULES = ['onnxruntime-node', 'sharp', 'usearch'] as const;
export type NativeModule = (typeof NATIVE_MODULES)[number];

export const ArtifactKind = z.enum(['runtime', 'cuda', 'node', 'model', 'pack']);

/**
One file of the channel. Of kind `runtime`, `cuda` and `node` its code runs on the user's machine, a `model` decides
what their faces mean: these are taken only as the plugin's own package describes them. A `pack` is data and may be newer than the plugin.
*/
export const Artifact = z.object({
  /** Also the name of the folder it is unpacked to. */
  id: z.string().regex(/^[a-z0-9][a-z0-9._-]{0,99}$/),
  kind: ArtifactKind,
  /** What it brings: an npm package (`sharp`), a model of the catalogue (`fr-detect`), a reference pack. */
  provides: z.string().min(1).max(100),
  version: z.string().min(1).max(60),
  platform: z.union([Platform, z.literal('any')]),
  /** The oldest glibc it loads on, `2.28`; absent where that does not matter. */
  minGlibc: z
    .string()
    .regex(/^\d+\.\d+$/)
    .optional(),
  /** Its file name: no folder, nothing a shell or a file system takes for something else. */
  name: z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,149}$/),
  size: z.int().min(1).max(8e9),
  /** Of all that is taken out of it; absent for what is no archive. */
  unpackedSize: z.int().min(1).max(32e9).optional(),
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
  licence: z.string().min(1).max(200),
  /** Relative to the channel's folder, or whole. */
  url: z.string().min(1).max(2000),
  /** Tried in this order when `url` fails. */
  mirrors: z.array(z.string().min(1).max(2000)).max(10).default([]),
});
export type Artifact = z.infer<typeof Artifact>;

/** What came of loading a compiled package in a process of its own. */
export const ModuleTrial = z.object({
  /** `missing`: there is none to load, which is ordinary. */
  state: z.enum(['works', 'missing', 'fails']),
  /** Why it does not work, to stand behind "because". */
  reason: z.string().max(1000),
  /** Of onnxruntime-node: what it can compute with, `cpu` always among them. */
  providers: z.array(z.string().max(50)).max(50),
});
export type ModuleTrial = z.infer<typeof ModuleTrial>;

/** What came of an engine in a process of its own. */
export const EngineAnswer = z.object({
  /** Null: it did not work. */
  framesPerSecond: z.number().positive().max(1e6).nullable(),
  /** Why it did not work. */
  reason: z.string().max(1000),
});
export type EngineAnswer = z.infer<typeof EngineAnswer>;

/** What one engine did on this machine. */
export const EngineTrial = z.object({
  engine: z.enum(['native', 'wasm']),
  /** `cpu`, `cuda`, `webgpu`, `dml`, `coreml`, `wasm`. */
  provider: z.string(),
  ok: z.boolean(),
  /** Pictures with one face a second, whole pack, one after another; null when it did not work. */
  framesPerSecond: z.number().nullable(),
  /** One sentence: what was seen, or why it is not used. */
  message: z.string(),
});
export type EngineTrial = z.infer<typeof EngineTrial>;

/** What "Set up" found out about this machine, kept in `runtime/choice.json`; each start reads it and tries nothing again. */
export const MachineProfile = z.object({
  /** Another machine, system or set of artifacts: what was found out no longer holds. */
  madeFor: z.string(),
  at: z.number(),
  engine: z.object({ engine: z.enum(['native', 'wasm']), provider: z.string() }),
  modules: z.record(z.enum(NATIVE_MODULES), z.object({ ok: z.boolean(), message: z.string() })),
  engines: z.array(EngineTrial),
});
export type MachineProfile = z.infer<typeof MachineProfile>;

/** What came of trying every compiled package and every engine. */
export type Tried = {
  /** Null: not one engine worked. */
  readonly choice: MachineProfile | null;
  readonly engines: readonly EngineTrial[];
  /** One sentence for each package that is there and does not work. */
  readonly failures: readonly string[];
};
