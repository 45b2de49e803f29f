import { createUltralightDetector } from './detect/ultralight-rfb.ts';
import { createArcfaceEmbedder } from './embed/arcface-112.ts';
import { createLandmarks68 } from './landmarks/landmarks-68.ts';
import type { Adapters } from './roles.ts';

export const ADAPTERS: Adapters = {
  detectors: { 'ultralight-rfb': createUltralightDetector },
  landmarks: { 'landmarks-68': createLandmarks68 },
  embedders: { 'arcface-112': createArcfaceEmbedder },
};
