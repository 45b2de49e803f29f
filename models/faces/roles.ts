/** The roles of a pack's models. Each file in detect/, landmarks/ and embed/ adapts one kind of model to a role. */
import type { Box, Landmarks, RgbImage } from '../../core/faces/face.ts';
import type { Session } from '../../core/ports/vision.ts';
import type { ModelSpec } from '../catalog/catalog.ts';
import type { Pyramid } from '../images/resample.ts';

/** A region of a picture as it is passed to the detector. */
export type View = {
  /** Pixels; may extend outside the picture. */
  readonly region: Box;
  /** Clockwise rotation of the view: a face tilted by this angle is upright in it. */
  readonly degrees: number;
  /**
  Converted to grey, blurred twice, contrast stretched: detects dark and grainy faces (22 of 22 frames of a dark, noisy
  clip, in colour 14; 35 of 50 very grainy photographs, in colour 17) and misses small ones (2 of 20, in colour 9).
  */
  readonly enhanced: boolean;
};

/** A detected face before it is embedded. */
export type Candidate = {
  /** In the picture's pixels; upright after a rotation by the view's degrees around the centre of the box. */
  readonly box: Box;
  readonly score: number;
  readonly view: View;
  /** In the picture's pixels; set by detectors with `findsLandmarks`. */
  readonly landmarks?: Landmarks;
};

export type FaceDetector = {
  /** Whether each candidate has landmarks, so that the pack needs no model for them. */
  readonly findsLandmarks: boolean;
  /** All boxes with at least `minScore`, before non-maximum suppression. */
  detect(pyramid: Pyramid, view: View, minScore: number): Promise<Candidate[]>;
};

export type LandmarkFinder = {
  /** The landmarks of the face in a box that is rotated by `degrees` around its centre, in the picture's pixels. */
  find(pyramid: Pyramid, box: Box, degrees: number): Promise<Landmarks>;
};

export type FaceEmbedder = {
  /** The raw embedding; its length is the embedding norm. */
  embed(aligned: RgbImage): Promise<Float32Array>;
};

/** Adapts one kind of model; the session has the inputs and outputs that the catalogue declares. */
type Adapter<Role> = (session: Session, spec: ModelSpec) => Role;

/** By the name in the `adapter` field of a catalogue model. */
export type Adapters = {
  readonly detectors: Readonly<Record<string, Adapter<FaceDetector>>>;
  readonly landmarks: Readonly<Record<string, Adapter<LandmarkFinder>>>;
  readonly embedders: Readonly<Record<string, Adapter<FaceEmbedder>>>;
};
