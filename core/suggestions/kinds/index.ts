import type { KindDefinition } from './define.ts';
import { packPersonSeen } from './pack-person-seen.ts';
import { performerAmbiguous } from './performer-ambiguous.ts';
import { performerPicture } from './performer-picture.ts';
import { performerSeen } from './performer-seen.ts';
import { performerStashId } from './performer-stash-id.ts';
import { sceneIdRepair } from './scene-id-repair.ts';
import { sceneStashId } from './scene-stash-id.ts';
import { TOLD_KINDS } from './told.ts';
import { stashIdRepair } from './stash-id-repair.ts';

/** Every kind of suggestion. A stored one of another kind was made by a newer version: it is kept and not shown. */
export const KINDS = {
  [performerSeen.kind]: performerSeen,
  [performerAmbiguous.kind]: performerAmbiguous,
  [packPersonSeen.kind]: packPersonSeen,
  [performerStashId.kind]: performerStashId,
  [stashIdRepair.kind]: stashIdRepair,
  [sceneStashId.kind]: sceneStashId,
  [sceneIdRepair.kind]: sceneIdRepair,
  [performerPicture.kind]: performerPicture,
  ...TOLD_KINDS,
} as const;

export type SuggestionKind = keyof typeof KINDS;

export const SUGGESTION_KINDS = Object.keys(KINDS) as SuggestionKind[];

export function kindOf(kind: SuggestionKind): KindDefinition {
  return KINDS[kind];
}

/** Kinds that the user has to choose something for, or is asked about one by one. */
export const KINDS_TO_CHOOSE = SUGGESTION_KINDS.filter(
  (kind) => kindOf(kind).options !== undefined || kindOf(kind).isTold === true,
);
