/** What the page asks about a scene on the stash-boxes of Stash's settings. */
import { z } from 'zod';
import { StashIdValue } from '../../changes/change.ts';
import { Message } from '../../messages/schema.ts';
import { OFFERED_SCENE_FIELDS, SceneTaken } from '../../stash-box/scene/offer.ts';
import { FieldValue, Id } from '../values.ts';
import { BoxView } from './box-view.ts';

/** One thing that the stash-box has of the scene and Stash does not. */
export const SceneOfferView = z.object({
  /** The field; of somebody of the cast and of a tag with their id there: each is taken over on its own. */
  key: z.string(),
  field: z.enum(OFFERED_SCENE_FIELDS),
  mine: FieldValue,
  theirs: FieldValue,
  isProposed: z.boolean(),
  /** It is not in Stash yet, and would be made. */
  isMade: z.boolean(),
  /** Of somebody of the cast: whether their face is among those of the scene; null: nobody can say. */
  face: z.enum(['seen', 'notSeen']).nullable(),
  /** Of both sides: sent back, it takes over what was shown and nothing else. */
  revision: z.string(),
});
export type SceneOfferView = z.infer<typeof SceneOfferView>;

/** A scene of the user, and which one it is at a stash-box. */
const AtBox = z.object({
  sceneId: Id,
  stashId: StashIdValue.extend({ endpoint: z.string().max(2000), stashId: z.string().min(1).max(200) }),
});

/**
What became of looking one up. `unanswered`: the stash-box could not say, or the scene was linked or decided about meanwhile.
`unhashed`: Stash has no fingerprint of its files, and none could be computed. `right`: it has an id there, which is right.
*/
export const SCENE_FIND_OUTCOMES = ['found', 'nothing', 'unanswered', 'unhashed', 'right'] as const;

export const sceneBoxOperations = {
  /** The stash IDs of a scene, by the stash-boxes of Stash's settings, and of others whose ids the scene has. */
  'sceneBoxes.ofScene': {
    input: () => z.object({ sceneId: Id }),
    output: () => z.object({ title: z.string(), boxes: z.array(BoxView) }),
  },
  /**
  Checks the ids that a scene has at one stash-box; where it has none, looks it up by the fingerprints of its files; where those that Stash has find nothing,
  by the perceptual hashes that it lacks, which are computed then.
  */
  'sceneBoxes.findOne': {
    input: () => z.object({ sceneId: Id, endpoint: z.string().max(2000) }),
    /** `problem`: why hashes could not be computed. */
    output: () => z.object({ outcome: z.enum(SCENE_FIND_OUTCOMES), problem: Message.nullable() }),
  },
  /** What a stash-box knows of a scene that is or may be one of the user, beside what Stash has. */
  'sceneBoxes.profile': {
    input: () => AtBox,
    output: () =>
      z.object({
        /** Its title there; empty: it has none. */
        title: z.string(),
        offers: z.array(SceneOfferView),
        /** Names of the cast that could be several performers here. */
        undecided: z.array(z.string()),
        /** Names of studio, cast and tags that can neither be taken nor be made: another one here is called so. */
        nameTaken: z.array(z.string()),
        /** Names of performers who were seen in the scene and whom the stash-box does not list. */
        notListed: z.array(z.string()),
      }),
  },
  /** Takes over what was ticked of it, of a scene that has this stash ID, as one batch. Null in a dry run, or where there was nothing to write. */
  'sceneBoxes.take': {
    input: () => AtBox.extend({ taken: SceneTaken }),
    output: () => z.object({ batchId: z.string().nullable(), dryRun: z.boolean(), note: Message.nullable() }),
  },
} as const;
