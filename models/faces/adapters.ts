import { createUltralightDetector } from './detect/ultralight-rfb.ts';
import { createArcfaceEmbedder } from './embed/arcface-112.ts';
import { createLandmarks68 } from './landmarks/landmarks-68.ts';
import type { ModelSpec } from '../catalog/catalog.ts';
import type { Adapters } from './roles.ts';

export const ADAPTERS: Adapters = {
  detectors: { 'ultralight-rfb': createUltralightDetector },
  landmarks: { 'landmarks-68': createLandmarks68 },
  embedders: { 'arcface-112': createArcfaceEmbedder },
};

/** @throws RangeError when there is no such adapter */
export function adapterOf<Role>(
  adapters: Readonly<Record<string, Role>>,
  { id, adapter }: Pick<ModelSpec, 'id' | 'adapter'>,
): Role {
  const found = adapters[adapter];
  if (found === undefined)
    throw new RangeError(
      `The catalogue's model ${id} names the adapter ${adapter}; there are ${Object.keys(adapters).join(', ')}.`,
    );
  return found;
}
