/** Saying who a face is, and where else the same person was seen. */
import { z } from 'zod';
import { Message } from '../../messages/schema.ts';
import { NameTakenView } from '../suggestions.ts';
import { EntityRefInput, Id, Picture } from '../values.ts';

/** A person of an entity, by the key of the Faces tab. */
export const FaceAt = z.object({ entity: EntityRefInput, personKey: z.int() });
export type FaceAt = z.infer<typeof FaceAt>;

/** Where a person was seen, besides the face that was asked about. */
export const SeenElsewhere = FaceAt.extend({
  title: z.string(),
  /** Server-relative page of the entity, `/scenes/12`. */
  href: z.string(),
  crop: Picture.nullable(),
});

/** Of somebody whom the user called nobody of interest. */
const HiddenId = z.string().regex(/^\d+$/, 'the id of a hidden person is a number');

/** Something in which a performer was seen or has been tagged. */
const PlaceOf = z.object({ entity: EntityRefInput, title: z.string(), href: z.string() });

export const namingOperations = {
  /**
  Adds a performer to the entities of these faces, each of which becomes a confirmed reference of them, also where nothing else
  is known of how they look. With a `name` the performer is made first, with the best crop of the first face as picture.
  */
  'faces.name': {
    input: () =>
      z.object({
        faces: z.array(FaceAt).min(1).max(100),
        who: z.union([
          z.object({ performerId: Id }),
          z.object({
            name: z.string().trim().min(1).max(200),
            disambiguation: z.string().trim().min(1).max(200).optional(),
          }),
        ]),
        /** Of an earlier call, so that both are undone together. */
        batchId: z.string().min(1).max(100).optional(),
      }),
    output: () =>
      z.object({
        /** Null: nobody was named. */
        performerId: Id.nullable(),
        batchId: z.string(),
        /** Entities that were given the performer. */
        added: z.array(EntityRefInput),
        /** Entities that had the performer already. */
        there: z.array(EntityRefInput),
        /** How many of the faces are good enough to recognise the performer by. */
        learnt: z.int(),
        refused: z.array(z.object({ entity: EntityRefInput, reason: Message })),
        /** Faces of somebody who was nobody of interest until then: hidden again (`faces.hide`) where the name is taken back. Absent: none. */
        wereHidden: z.array(FaceAt).optional(),
        /** Nobody was made: it is for the user to say whether one of these is meant. */
        nameTaken: NameTakenView.optional(),
        dryRun: z.boolean(),
      }),
  },
  /**
  Takes back `faces.name` for a face of an entity that had the performer before: it is no reference any more. With `isNo` the user
  has said that it is not the face of the performer, who stays on the entity: it is not asked again (`entity.reject` with `undo`
  takes that back).
  */
  'faces.unname': {
    input: () => FaceAt.extend({ performerId: Id, isNo: z.boolean().default(false) }),
    output: () => z.object({ withdrawn: z.boolean() }),
  },
  /**
  Where else the same person was seen, by the faces that are kept: of those whom nobody is matched with yet. Reads no media file.
  With `performerId` without those of whom the user has said that they are not this performer. `total`: of all; `items`: the first
  of them, the most alike first, without what Stash has no more or what is excluded.
  */
  'faces.elsewhere': {
    input: () => FaceAt.extend({ performerId: Id.optional() }),
    output: () => z.object({ total: z.int(), items: z.array(SeenElsewhere) }),
  },
  /**
  The person of this face is nobody of interest: hidden here and wherever else the same person was or will be seen, until
  `faces.unhide`, or until one of the faces is named. Nothing is written to Stash.
  `elsewhere`: in how many other places they were seen.
  */
  'faces.hide': {
    input: () => FaceAt,
    output: () => z.object({ hiddenId: HiddenId, elsewhere: z.int() }),
  },
  'faces.unhide': {
    input: () => z.object({ hiddenId: HiddenId }),
    output: () => z.object({ shown: z.boolean() }),
  },
  /** Who is hidden, the newest first. */
  'people.hidden': {
    input: () => z.object({ limit: z.int().min(1).max(100).default(30), offset: z.int().min(0).default(0) }),
    output: () =>
      z.object({
        total: z.int(),
        items: z.array(z.object({ hiddenId: HiddenId, at: z.number(), crop: Picture.nullable() })),
      }),
  },
  /** Makes the best crop of a face the picture of a performer who has none. */
  'faces.usePicture': {
    input: () => FaceAt.extend({ performerId: Id }),
    output: () => z.object({ journalId: z.string().nullable(), dryRun: z.boolean() }),
  },
  /** The page of a performer: as what was decided last of the kept faces, and as Stash was last read. At most 60 of each. */
  'performer.face': {
    input: () => z.object({ performerId: Id }),
    output: () =>
      z.object({
        name: z.string(),
        /** Recognised, and not on it in Stash. */
        seenNotTagged: z.array(PlaceOf),
        /** On it in Stash, it was looked at, and nobody in it was recognised as the performer. */
        taggedNotSeen: z.array(PlaceOf),
      }),
  },
  /**
  Matches once more a part of what is kept, where somebody looks like the performer: reads no media file.
  `after`: `next` of the call before; `next` null: that was the last part. `looked`: how many entities this part had.
  */
  'performer.find': {
    input: () => z.object({ performerId: Id, after: EntityRefInput.nullable().default(null) }),
    output: () => z.object({ looked: z.int(), next: EntityRefInput.nullable() }),
  },
} as const;
