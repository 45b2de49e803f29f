import type { SuggestionKind } from '../../../core/suggestions/kinds/index.ts';
import type { Suggestion } from '../../../core/suggestions/suggestion.ts';
import { packPersonSeenPlanner } from './pack-person-seen.ts';
import { performerAmbiguousPlanner } from './performer-ambiguous.ts';
import { performerPicturePlanner } from './performer-picture.ts';
import { performerSeenPlanner } from './performer-seen.ts';
import { performerStashIdPlanner } from './performer-stash-id.ts';
import { performersLookAlikePlanner } from './performers-look-alike.ts';
import { sceneIdRepairPlanner } from './scene-id-repair.ts';
import { sceneStashIdPlanner } from './scene-stash-id.ts';
import { stashIdRepairPlanner } from './stash-id-repair.ts';
import { toldPlanners } from './told.ts';
import type { Planner } from './planner.ts';

const PLANNERS = {
  'performer-seen': performerSeenPlanner,
  'performer-ambiguous': performerAmbiguousPlanner,
  'pack-person-seen': packPersonSeenPlanner,
  'performer-stash-id': performerStashIdPlanner,
  'stash-id-repair': stashIdRepairPlanner,
  'scene-stash-id': sceneStashIdPlanner,
  'scene-id-repair': sceneIdRepairPlanner,
  'performer-picture': performerPicturePlanner,
  ...toldPlanners,
  'performers-look-alike': performersLookAlikePlanner,
} satisfies { readonly [Kind in SuggestionKind]: Planner<Kind> };

export function plannerOf({ kind }: Pick<Suggestion, 'kind'>): Planner<SuggestionKind> {
  return PLANNERS[kind];
}
