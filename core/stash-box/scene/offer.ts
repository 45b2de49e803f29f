/** What is offered of a scene of a stash-box, and what was ticked of it. */
import { z } from 'zod';
import type { FieldValue, Scalar } from '../../changes/change.ts';
import type { BoxStudio, BoxTag } from '../../ports/boxes/box-scenes.ts';
import type { BoxPerformer } from '../../ports/stash-box.ts';
import type { Known } from './known-as.ts';

/** In the order of the page. */
export const OFFERED_SCENE_FIELDS = [
  'cover',
  'title',
  'studio',
  'date',
  'code',
  'director',
  'details',
  'urls',
  'performers',
  'tags',
] as const;
export type OfferedSceneField = (typeof OFFERED_SCENE_FIELDS)[number];

/** What the user ticked: by the key of an offer its revision, so that nothing is written that was not shown. */
export const SceneTaken = z
  .record(z.string().max(100), z.string().max(100))
  .refine((taken) => Object.keys(taken).length <= 1000);
export type SceneTaken = Readonly<z.infer<typeof SceneTaken>>;

/** Whether somebody of the cast is among the faces of the scene. Null: nobody can say. */
export type SeenFace = 'seen' | 'notSeen' | null;

/** Somebody of the cast. `known`: null: nobody here, so that they are to be made. */
export type CastMember = {
  readonly performer: BoxPerformer;
  readonly as: string;
  readonly known: Known | null;
  readonly face: SeenFace;
};

export type MadeStudio = BoxStudio & {
  /** `knownId`: it is in the user's Stash. Null: it has none, or none that could be made. */
  readonly parent: BoxStudio | { readonly knownId: string } | null;
};

/** The keys of offers of tags and of somebody of the cast, by their ids there. */
export function tagKey(id: string): string {
  return `tag:${id}`;
}

export function performerKey(id: string): string {
  return `performer:${id}`;
}

export type SceneOffer = {
  /** The field; of somebody of the cast and of a tag with the id that they have at the stash-box. */
  readonly key: string;
  readonly field: OfferedSceneField;
  /** For people, as `theirs`: a studio by its name. */
  readonly mine: FieldValue;
  readonly theirs: FieldValue;
  /** It takes no place of anything, needs nothing to be made, and nothing speaks against it. */
  readonly isProposed: boolean;
  /** It is not in the user's Stash yet. */
  readonly isMade: boolean;
  readonly face: SeenFace;
  /** Which one is meant, where only a name that others may have says so. */
  readonly meant: string | null;
  readonly take: Take;
};

export type Take =
  | { readonly op: 'cover'; readonly before: string | null; readonly imageId: string }
  | { readonly op: 'set'; readonly before: Scalar; readonly after: Scalar }
  | { readonly op: 'add'; readonly values: readonly string[] }
  | { readonly op: 'make'; readonly kind: 'studio'; readonly before: Scalar; readonly studio: MadeStudio }
  | { readonly op: 'make'; readonly kind: 'tag'; readonly tag: BoxTag }
  | { readonly op: 'make'; readonly kind: 'performer'; readonly performer: BoxPerformer };
