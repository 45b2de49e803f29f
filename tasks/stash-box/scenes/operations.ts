import type { Operations } from '../../runs/task.ts';
import { takeSceneFromBox, viewSceneProfile } from './panel/profile.ts';

export const sceneBoxOperations: Pick<Operations, 'sceneBoxes.profile' | 'sceneBoxes.take'> = {
  'sceneBoxes.profile': viewSceneProfile,
  'sceneBoxes.take': takeSceneFromBox,
};
