import type { Operations } from '../../runs/task.ts';
import { viewSceneBoxes } from './panel/boxes.ts';
import { findScene } from './panel/find.ts';
import { takeSceneFromBox, viewSceneProfile } from './panel/profile.ts';

type Names = 'sceneBoxes.ofScene' | 'sceneBoxes.findOne' | 'sceneBoxes.profile' | 'sceneBoxes.take';

export const sceneBoxOperations: Pick<Operations, Names> = {
  'sceneBoxes.ofScene': viewSceneBoxes,
  'sceneBoxes.findOne': findScene,
  'sceneBoxes.profile': viewSceneProfile,
  'sceneBoxes.take': takeSceneFromBox,
};
