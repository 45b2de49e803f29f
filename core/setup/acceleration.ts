/** Artifacts that can be fetched, and the measured performance of this machine. */
import { z } from 'zod';
import { Message, MessageOrText } from '../messages/schema.ts';

/** Platforms with native builds; all others use the portable twins. */
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

/** The native packages, by their npm names. */
export const NATIVE_MODULES = ['onnxruntime-node', 'sharp', 'usearch'] as const;
export type NativeModule = (typeof NATIVE_MODULES)[number];

export const ArtifactKind = z.enum(['runtime', 'cuda', 'node', 'model', 'pack']);

/**
One file of the channel. `runtime`, `cuda` and `node` are code that runs on the user's machine, and a `model` determines
the embeddings: these are accepted only with the hashes in the plugin's own package. A `pack` is data and may be newer
than the plugin.
*/
export const Artifact = z.object({
  /** Also the name of the folder the artifact is unpacked to. */
  id: z.string().regex(/^[a-z0-9][a-z0-9._-]{0,99}$/),
  kind: ArtifactKind,
  /** What the artifact contains: an npm package (`sharp`), a model of the catalogue (`fr-detect`), a reference pack. */
  provides: z.string().min(1).max(100),
  version: z.string().min(1).max(60),
  platform: z.union([Platform, z.literal('any')]),
  /** The oldest supported glibc, `2.28`; absent: no requirement. */
  minGlibc: z
    .string()
    .regex(/^\d+\.\d+$/)
    .optional(),
  /** File name: no folder, no character that is special to a shell or a file system. */
  name: z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,149}$/),
  size: z.int().min(1).max(8e9),
  /** Total bytes after unpacking; absent when it is no archive. */
  unpackedSize: z.int().min(1).max(32e9).optional(),
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
  licence: z.string().min(1).max(200),
  /** Relative to the channel's folder, or absolute. */
  url: z.string().min(1).max(2000),
  /** Tried in this order when `url` fails. */
  mirrors: z.array(z.string().min(1).max(2000)).max(10).default([]),
});
export type Artifact = z.infer<typeof Artifact>;

/** Result of loading a native package in a separate process. */
export const ModuleTrial = z.object({
  /** `missing`: not installed, which is no failure. */
  state: z.enum(['works', 'missing', 'fails']),
  /** Why it does not work, worded to follow "because"; null: it works. */
  reason: Message.nullable(),
  /** Execution providers of onnxruntime-node, `cpu` always included. */
  providers: z.array(z.string().max(50)).max(50),
});
export type ModuleTrial = z.infer<typeof ModuleTrial>;

/** Result of running an engine in a separate process. */
export const EngineAnswer = z.object({
  /** Null: it did not work. */
  framesPerSecond: z.number().positive().max(1e6).nullable(),
  /** Why it did not work, to stand behind a colon; null: it did. */
  reason: Message.nullable(),
});
export type EngineAnswer = z.infer<typeof EngineAnswer>;

/** Benchmark of one engine on this machine. */
export const EngineTrial = z.object({
  engine: z.enum(['native', 'wasm']),
  /** `cpu`, `cuda`, `webgpu`, `dml`, `coreml`, `wasm`. */
  provider: z.string(),
  ok: z.boolean(),
  /** Pictures with one face per second through the whole face pack, one after another; null when the engine did not work. */
  framesPerSecond: z.number().nullable(),
  /** The measured speed, or why the engine is not used. */
  message: MessageOrText,
});
export type EngineTrial = z.infer<typeof EngineTrial>;

/** Result of the benchmarks of "Set up", stored in `runtime/choice.json`. Each start reads it instead of testing. */
export const MachineProfile = z.object({
  /** Fingerprint of machine, system and artifacts: the profile is invalid for another one. */
  madeFor: z.string(),
  at: z.number(),
  engine: z.object({ engine: z.enum(['native', 'wasm']), provider: z.string() }),
  modules: z.record(z.enum(NATIVE_MODULES), z.object({ ok: z.boolean(), message: MessageOrText })),
  engines: z.array(EngineTrial),
});
export type MachineProfile = z.infer<typeof MachineProfile>;

/** Result of testing all native packages and engines. */
export type Tried = {
  /** Null: no engine worked. */
  readonly choice: MachineProfile | null;
  readonly engines: readonly EngineTrial[];
  /** One message per installed package that does not work. */
  readonly failures: readonly Message[];
};
