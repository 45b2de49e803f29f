/** Kinds that tell of something in Stash that a person looks at there: accepting one writes nothing and says that it is done. */
import { z } from 'zod';
import { TOLD_ABOUT, TOLD_KIND_NAMES, type ToldKind } from '../../health/analyzers.ts';
import { isContentId } from '../../content-id.ts';
import { CropView, Picture } from '../../contract/values.ts';
import { Message } from '../../messages/schema.ts';
import { StashRef, type StashKind } from '../../stash-ref.ts';
import { defineKind, refTo } from './define.ts';
import { SeenCluster } from './seen.ts';

export const ToldPayload = z.object({
  /**
  What was found, each in a word, in the order of the alphabet: they are the key, and a "no" holds for each of them, so that
  only something else is told of again.
  */
  found: z.array(z.string()).min(1),
  /** Of the files of a scene: a "no" holds for them wherever they come back. Empty: it holds for the object. */
  contentIds: z.array(z.string().refine(isContentId)),
});

export const ToldEvidence = z.object({
  /** Of each thing that was found, in the order of `ToldPayload.found`, what a person reads. */
  said: z.array(z.array(Message)),
  /** Faces to be looked at, at most `MAX_FACES`. */
  faces: z.array(SeenCluster),
  /** Other things of Stash that it is about, with their names. */
  others: z.array(z.object({ ref: StashRef, name: z.string() })),
});
export type ToldEvidence = z.infer<typeof ToldEvidence>;

/** Of one suggestion. */
export const MAX_FACES = 8;

function told<const Kind extends string, const Entity extends StashKind>(
  kind: Kind,
  entities: readonly [Entity, ...Entity[]],
) {
  return defineKind({
    kind,
    entity: refTo(...entities),
    target: z.null(),
    payload: ToldPayload,
    evidence: ToldEvidence,
    choices: z.strictObject({}),
    view: z.object({
      /** What Stash shows of it; null: nothing. */
      picture: Picture.nullable(),
      faces: z.array(CropView),
    }),
    keyParts: ({ found }) => found,
    // It may still be so: the person has looked.
    finding: () => [],
    contentIds: () => [],
    isTold: true,
  });
}

export const TOLD_KINDS = Object.fromEntries(
  TOLD_KIND_NAMES.map((kind) => [kind, told(kind, TOLD_ABOUT[kind])]),
) as unknown as {
  readonly [Kind in ToldKind]: ReturnType<typeof told<Kind, (typeof TOLD_ABOUT)[Kind][number]>>;
};
