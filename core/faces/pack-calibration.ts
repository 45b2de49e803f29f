/**
What belongs to the models of one face pack and would be other numbers with others: scores of its detector, norms of its
embedder, similarities of two of its vectors. It stands with the pack in models/catalog/catalog.json; how the numbers of
`portable-1` were found is told in docs/accuracy.md.
*/
import { z } from 'zod';

/** Cosine of two vectors. */
const Similarity = z.number().min(-1).max(1);
/** What the detector says of a box. */
const Score = z.number().min(0).max(1);
/** `FaceQuality.overall`. */
const Quality = z.number().min(0).max(1);
/** Length of an embedding before it is made a unit vector. */
const Norm = z.number().nonnegative();
/** Brightness, 0…255. */
const Luma = z.number().min(0).max(255);

export const PackCalibration = z.strictObject({
  /** Which boxes of the detector are looked at. */
  detection: z.strictObject({
    /** Candidates below it are dropped. */
    searchedScore: Score,
    /** In a first pass over the whole picture, candidates from here on are taken as they are. */
    sureScore: Score,
    /** All others are detected once more in a region around them, and kept where they then score this. */
    confirmedScore: Score,
    /** Smaller faces (pixels, shorter side) are left out: their embedding says nothing about the person. */
    minSidePx: z.number().nonnegative(),
  }),

  /** Which candidates are faces, by what the embedder and the landmarks make of them. */
  face: z.strictObject({
    /** From this norm on it is a face. */
    clearNorm: Norm,
    /** From this norm on it is one where the detector scores `minNormScore`. */
    minNorm: Norm,
    minNormScore: Score,
    /** Its five points are at most so far from those of the aligned face (`Alignment.residual`). */
    maxResidual: z.number().nonnegative(),
  }),

  /** How the embedding of a face is read. */
  reading: z.strictObject({
    /** From this norm on the embedding of the crop itself is enough; below it the mirror image counts too. */
    strongNorm: Norm,
    /** Below it the crop is grainy or blown up, and a blurred copy counts too. */
    grainyNorm: Norm,
    /** Below it the face may lie on its side or stand on its head, and is read the other ways up. */
    weakNorm: Norm,
    /** The same in an exhaustive search. */
    weakNormExhaustive: Norm,
    /** Another way up is the right one when the norm is higher by this. */
    turnedNormGain: Norm,
    /** Unless the search is exhaustive, smaller faces are not turned: their norm is low for being small. */
    minTurnedPx: z.number().nonnegative(),
    /** Mean luma that dark crops are brought up to. */
    minLuma: Luma,
  }),

  /** How like other pictures of the same person an embedding may be expected to be: a linear fit, made a quality of 0…1. */
  quality: z.strictObject({
    intercept: z.number(),
    /** By the norm, which counts up to `maxNorm`. */
    perNorm: z.number(),
    maxNorm: Norm,
    perSharpness: z.number(),
    /** An expected similarity up to the first is a quality of 0 (strangers reach it), one from the second on of 1. */
    similarities: z.tuple([Similarity, Similarity]),
    /** Degrees of yaw between which the quality falls to half of it: the fit has not seen heads turned so far. */
    turnedYaws: z.tuple([z.number(), z.number()]),
  }),

  /** Which faces of a file, and which people of a gallery's pictures, are one person. */
  clustering: z.strictObject({
    /** Weighted mean similarity from which two groups of faces are one person. */
    samePerson: Similarity,
    /** Where there are too many faces to compare all: similarity from which they count as one, the next where there are too many still. */
    nearDuplicates: z.array(Similarity).min(1),
    /** Added to the similarity of two faces that are in the same place of two frames shortly after each other. */
    samePlaceGain: z.number().min(0).max(1),
    /** A face that is this similar to one already taken shows the same view of the person, and is no further exemplar. */
    sameView: Similarity,
    /** A single face below this is no person. */
    minSingleQuality: Quality,
    /** Faces more similar than this compete for the places of a person's crops, before it is known who is one person. */
    cropRivals: Similarity,
  }),

  /** When a video is looked at a second time. */
  sampling: z.strictObject({
    /** Below this quality of their best face a person may look like a stranger. */
    clearQuality: Quality,
    /** Below this mean and deviation of luma a face is too dark to be seen well in one frame alone. */
    darkFace: z.strictObject({ mean: Luma, deviation: Luma }),
    /** Below this luma of its brightest twentieth a picture is too dark to find a face in. */
    darkPicture: Luma,
  }),

  /** Which pictures of a performer are references. */
  references: z.strictObject({
    /** Below it a face says more about its picture than about the person. */
    minQuality: Quality,
    /** Mean similarity with the two nearest pictures of a group from which a picture shows the same person as the group. */
    sameAsGroup: Similarity,
    /** Similarity with a single picture of the person from which a face among several is the one that is meant. */
    meantAmongSeveral: Similarity,
  }),

  /** Which accepted faces become references. */
  confirmation: z.strictObject({
    /** Of a face that is to stand for a performer from now on. */
    minFaceQuality: Quality,
    /** Less alike than this nobody is asked about: a word for it may mean somebody else in the picture. */
    minSimilarity: Similarity,
    /** A reference below this never carries a confirmation alone. */
    minReferenceQuality: Quality,
    /** A second reference supports a match when it is at most this much less similar than the nearest. */
    supportWithin: z.number().min(0).max(1),
  }),

  /** How sure it is that a person is a performer. */
  matching: z.strictObject({
    /** Log odds that one performer, looked for alone, is the person seen: `intercept + slope · similarity`. */
    logOdds: z.strictObject({ intercept: z.number(), slope: z.number().positive() }),
    /** Confidence from which a candidate is a match, unless the settings name another. High, since a wrong name costs more trust than a missing one. */
    matchConfidence: z.number().min(0).max(1),
    /** Confidence from which a person is `ambiguous`: shown with the candidates to choose from. */
    askConfidence: z.number().min(0).max(1),
    /** A best candidate that is less than this more similar than the next one is no match, but ambiguous. */
    clearMargin: z.number().min(0).max(1),
    /** Less similar than this nobody is named or asked about, however few people there are. */
    minSimilarity: Similarity,
  }),
});
export type PackCalibration = z.infer<typeof PackCalibration>;
