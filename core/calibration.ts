/** What is known of one person and the best name for them. */
export type Evidence = {
  /** Of the person's template to the performer's references, -1…1. */
  readonly similarity: number;
  /** Similarity less that of the next best performer; 1 when there is none. */
  readonly margin: number;
  /** 0…1, of the person's best face. */
  readonly quality: number;
  readonly faceCount: number;
  /** Performers that could have been named. */
  readonly gallerySize: number;
};

/** Share of people not in the gallery of whom at most one in a scene may get a name. */
export const WANTED_FALSE_RATE = 0.01;
/** From this confidence on a name is given. */
export const MATCH_CONFIDENCE = 0.9;
/** From this on it is asked about. */
export const ASK_CONFIDENCE = 0.35;

const LOGIT = {
  intercept: -1,
  similarity: 34,
  margin: 2,
  gallery: -0.9,
};

export function confidenceOf({ similarity, margin, gallerySize }: Evidence): number {
  const logit =
    LOGIT.intercept +
    LOGIT.similarity * (similarity - 0.33) +
    LOGIT.margin * Math.min(0.4, Math.max(0, margin)) +
    LOGIT.gallery * Math.log(Math.max(1, gallerySize / 10));
  return 1 / (1 + Math.exp(-logit));
}
