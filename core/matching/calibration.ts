/**
From this confidence on a name is given: a wrong name costs more trust than a missing one. Of 646 faces of 21 other people
and of strangers, as they are and spoilt, each looked for among all but the right one, none comes up to it (highest 0.81);
with 95 % confidence fewer than 0.6 % do, and 1 % of scenes with a wrong name is the most that is accepted.
*/
export const MATCH_CONFIDENCE = 0.85;
/** From this confidence on a person is shown as ambiguous, with the candidates to choose from. */
export const ASK_CONFIDENCE = 0.35;

/**
Log odds that one performer, looked for alone, is the person seen: fitted by test/bench/fit-calibration.ts on the development
library and on photographs as they are and spoilt (587 faces of 15 people and of strangers, each in 60 galleries).
**Provisional**: those are few people, most of them men.

Pairs of different people there are 0.04 ± 0.10 similar (6 067 pairs, the highest 0.34). With a name from 0.85 on that asks
for a similarity of 0.37 among 10 performers, 0.42 among 100 and 0.51 among 5 000.
*/
const LOGIT = { intercept: -12.21, similarity: 44.03 };
/** A smaller gallery is treated as one of 10: most people in the videos of its owner are not in it, so its size says nothing. */
const SMALLEST_GALLERY = 10;

/**
How sure it is that a person is this performer, 0…1 each, in the order given: Bayes over all who could be named and nobody
of them. Each further performer of the gallery is one more chance of a likeness by chance, so the odds fall as 1 / size;
and two who are both alike share what there is.
@param similarities of the performers most like the person, -1…1
@param gallerySize performers that could have been named
*/
export function confidencesOf(similarities: readonly number[], gallerySize: number): number[] {
  const prior = Math.log(Math.max(SMALLEST_GALLERY, gallerySize));
  const logits = similarities.map((similarity) => LOGIT.intercept + LOGIT.similarity * similarity - prior);
  const highest = Math.max(0, ...logits);
  const odds = logits.map((logit) => Math.exp(logit - highest));
  const total = odds.reduce((sum, value) => sum + value, Math.exp(-highest));
  return odds.map((value) => value / total);
}
