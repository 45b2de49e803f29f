import { z } from 'zod';
import { StashIdValue } from '../../changes/change.ts';
import { Id } from '../../contract/values.ts';
import { JoinEvidence } from '../../reference-packs/reference-pack.ts';
import { defineKind, refTo } from './define.ts';
import { packOptions } from './pack-options.ts';
import { chosenPerformer, OpenSeenEvidence, OpenSeenView, SeenCandidate, SeenClusters } from './seen.ts';

/** Of whom only a reference pack knows: no performer of the user's Stash. */
export const PackCandidate = z.object({
  /** `pack:<pack>/<person>` (core/reference-packs/reference-pack.ts). */
  personId: z.string(),
  name: z.string(),
  disambiguation: z.string(),
  stashIds: z.array(StashIdValue),
  /** Why the stash IDs of several boxes are of one person. Absent: there is one box, or nobody said why. */
  joins: z.array(JoinEvidence).optional(),
  confidence: z.number(),
  similarity: z.number(),
});
export type PackCandidate = z.infer<typeof PackCandidate>;

/** What the user can say of somebody of a pack. */
export const PackPersonChoices = z.strictObject({
  /** Which of several. */
  personId: z.string().max(300).optional(),
  /** It is this performer; without it one is made. */
  performerId: Id.optional(),
  /** The performer gets the stash ID of the person. */
  addStashId: z.boolean().optional(),
  /** With which a performer is made whose name is taken. */
  disambiguation: z.string().trim().max(200).optional(),
});
export type PackPersonChoices = z.infer<typeof PackPersonChoices>;

/**
A person of a reference pack, who is no performer of this Stash, was recognised in a scene, an image or a gallery; or it is open
who of several was, one of a pack among them.
*/
export const packPersonSeen = defineKind({
  kind: 'pack-person-seen',
  entity: refTo('scene', 'image', 'gallery'),
  target: z.null(),
  payload: z.object({
    seen: SeenClusters,
    /** Most likely first. */
    people: z.array(PackCandidate).min(1),
    /** Performers of this Stash who fit as well. Most likely first. */
    performers: z.array(SeenCandidate),
  }),
  evidence: OpenSeenEvidence,
  choices: PackPersonChoices,
  view: OpenSeenView,
  keyParts: ({ people, performers }) =>
    // oxlint-disable-next-line unicorn/no-array-sort -- of a new array; the types of the page have no toSorted
    [...people.map(({ personId }) => personId), ...performers.map(({ performerId }) => performerId)].sort(),
  finding: ({ entity }, written) => chosenPerformer(entity, written),
  contentIds: ({ seen }) => seen.map(({ contentId }) => contentId),
  options: packOptions,
});
