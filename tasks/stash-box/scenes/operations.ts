import type { Operations } from '../../runs/task.ts';
import { giveSome } from './fingerprints/give.ts';
import { setFingerprints, viewFingerprints } from './fingerprints/view.ts';
import { viewSceneBoxes } from './panel/boxes.ts';
import { findScene } from './panel/find.ts';
import { takeSceneFromBox, viewSceneProfile } from './panel/profile.ts';

type Names =
  | 'fingerprints.view'
  | 'fingerprints.set'
  | 'fingerprints.give'
  | 'sceneBoxes.ofScene'
  | 'sceneBoxes.findOne'
  | 'sceneBoxes.profile'
  | 'sceneBoxes.take';

export const sceneBoxOperations: Pick<Operations, Names> = {
  'fingerprints.view': viewFingerprints,
  'fingerprints.set': setFingerprints,
  'fingerprints.give': giveSome,
  'sceneBoxes.ofScene': viewSceneBoxes,
  'sceneBoxes.findOne': findScene,
  'sceneBoxes.profile': viewSceneProfile,
  'sceneBoxes.take': takeSceneFromBox,
};
