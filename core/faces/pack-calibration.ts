/**
Thresholds and fits that depend on the models of a face pack: scores of its detector, norms of its embeddings, similarities
of two embeddings. Each pack has its own in models/catalog/catalog.json; docs/accuracy.md says how those of `portable-1`
were measured.
*/
import { z } from 'zod';

/** Cosine of two vectors. */
const Similarity = z.number().min(-1).max(1);
/** Score of the detector. */
const Score = z.number().min(0).max(1);
/** `FaceQuality.overall`. */
const Quality = z.number().min(0).max(1);
/** Length of an embedding before it is made a unit vector. */
const Norm = z.number().nonnegative();
/** Brightness, 0…255. */
const Luma = z.number().min(0).max(255);

export const PackCalibration = z.strictObject({
  /** Which detections are candidates. */
  detection: z.strictObject({
    /** Detections with a lower score are dropped. */
    searchedScore: Score,
    /** Detections in the first pass over the whole picture are accepted from this score. */
    sureScore: Score,
    /** All others are detected a second time in a region around them, and accepted from this score there. */
    confirmedScore: Score,
    /** Faces with a shorter side below this are dropped: their embedding does not identify a person. */
    minSidePx: z.number().nonnegative(),
  }),

  /** Which candidates are faces. */
  face: z.strictObject({
    /** A candidate is a face from this embedding norm. */
    clearNorm: Norm,
    /** A candidate with at least `minNormScore` is a face from this embedding norm. */
    minNorm: Norm,
    minNormScore: Score,
    /** Limit of `Alignment.residual`, pixels of the aligned crop. */
    maxResidual: z.number().nonnegative(),
  }),

  /** How the embedding of a face is computed. */
  reading: z.strictObject({
    /** From this norm the embedding of the crop alone is used; below it that of the mirror image is added. */
    strongNorm: Norm,
    /** Below this norm the crop is grainy or enlarged, and the embedding of a blurred copy is added. */
    grainyNorm: Norm,
    /** Below this norm the face can be rotated by 90° or 180°, and the other rotations are tried. */
    weakNorm: Norm,
    /** The same limit in an exhaustive search. */
    weakNormExhaustive: Norm,
    /** Another rotation is used when its norm is higher by this. */
    turnedNormGain: Norm,
    /** Smaller faces are rotated in an exhaustive search only: their norm is low because of their size. */
    minTurnedPx: z.number().nonnegative(),
    /** Mean luma to which darker crops are brightened. */
    minLuma: Luma,
  }),

  /** Fit of the similarity that an embedding is expected to have with other pictures of the same person, and its scale. */
  quality: z.strictObject({
    intercept: z.number(),
    /** Per unit of embedding norm; higher norms count as `maxNorm`. */
    perNorm: z.number(),
    maxNorm: Norm,
    perSharpness: z.number(),
    /** Expected similarities of quality 0 and 1; strangers reach the first. */
    similarities: z.tuple([Similarity, Similarity]),
    /** Degrees of yaw between which the quality falls to its half: the fit has no faces turned that far. */
    turnedYaws: z.tuple([z.number(), z.number()]),
  }),

  /** Which faces of a file, and which persons of a gallery's pictures, are one person. */
  clustering: z.strictObject({
    /** Weighted mean similarity from which two groups are one person. */
    samePerson: Similarity,
    /** Mean similarity from which a face joins a unit without linkage, when there are many faces; whenever there are too many units the next lower value is used. */
    nearDuplicates: z.array(Similarity).min(1),
    /** Added to the similarity of two faces in the same place of two frames shortly after each other. */
    samePlaceGain: z.number().min(0).max(1),
    /** Mean similarity from which faces of one frame are copies of one person (`joinCopies`); 1: never. */
    samePicture: Similarity,
    /** Similarity from which a face is a near-duplicate of an exemplar. */
    sameView: Similarity,
    /** A cluster of one face below this quality is dropped. */
    minSingleQuality: Quality,
    /** Faces more similar than this compete for the stored crops of a person, before the faces are clustered. */
    cropRivals: Similarity,
  }),

  /** When a video needs a second pass. */
  sampling: z.strictObject({
    /** Below this quality of the best face a known person may be taken for a stranger. */
    clearQuality: Quality,
    /** Below this mean and standard deviation of luma one frame is not enough to recognise a face. */
    darkFace: z.strictObject({ mean: Luma, deviation: Luma }),
    /** Below this 95th percentile of luma a picture is too dark to detect a face. */
    darkPicture: Luma,
  }),

  /** Which pictures of a performer are references. */
  references: z.strictObject({
    /** Below this quality the embedding depends more on the picture than on the person. */
    minQuality: Quality,
    /** A picture joins a group from this mean similarity with the two nearest pictures of the group. */
    sameAsGroup: Similarity,
    /** Of several faces in a picture, the one with at least this similarity to another picture of the person is used. */
    meantAmongSeveral: Similarity,
    /** Two performers are shown as maybe one person from this similarity of the means of their references. */
    onePerson: Similarity,
  }),

  /** Which confirmed faces become references. */
  confirmation: z.strictObject({
    /** Lowest quality of a confirmed face that becomes a reference. */
    minFaceQuality: Quality,
    /** A reference supports a confirmation from this similarity: below it the confirmation may mean another person in the picture. */
    minSimilarity: Similarity,
    /** A single reference supports a confirmation only from this quality. */
    minReferenceQuality: Quality,
    /** A reference supports a confirmation when it is at most this much less similar than the nearest one. */
    supportWithin: z.number().min(0).max(1),
  }),

  /** How sure it is that a cluster is a performer. */
  matching: z.strictObject({
    /** `logLikelihoodRatio`: natural logarithms. */
    likelihood: z.strictObject({
      /** Of one face and one reference, both of quality 1: similarity and log likelihood ratio, both rising; linear in between. */
      curve: z.array(z.tuple([Similarity, z.number()])).min(2),
      /** Added per unit of quality that is missing to 1. */
      perMissingQuality: z.strictObject({ probe: z.number(), reference: z.number() }),
      /** A lower quality counts as this one: the fit has no poorer pictures. */
      lowestQuality: Quality,
      /** Added whenever the number of faces or of references doubles. */
      perDoubling: z.strictObject({ faces: z.number(), references: z.number() }),
      /** More faces or references count as so many: the fit has no more. */
      mostCounted: z.int().positive(),
    }),
    /** Confidence from which a candidate is a match, unless the settings name another. High, since a wrong name costs more trust than a missing one. */
    matchConfidence: z.number().min(0).max(1),
    /** Confidence from which a person is `ambiguous`: shown with the candidates to choose from. */
    askConfidence: z.number().min(0).max(1),
    /** Smallest margin of a match: below it the person is ambiguous. */
    clearMargin: z.number().min(0).max(1),
    /**
    Natural logarithm: how many times less "none of them" weighs beside a performer who is expected in the scene. 0: nobody is
    expected.
    */
    expectedLogPrior: z.number().nonnegative(),
    /** Below this similarity nobody is a match or a candidate to choose from, whatever the size of the gallery. */
    minSimilarity: Similarity,
  }),
});
export type PackCalibration = z.infer<typeof PackCalibration>;
