/**
Open-set identification among thousands of real people: the development gallery, one reference each, with strangers who are
in no gallery. Photographs of public figures, for measuring only.
*/
import { existsSync } from 'node:fs';
import path from 'node:path';
import { similarity } from '../../../core/faces/embedding.ts';
import type { PackCalibration } from '../../../core/faces/pack-calibration.ts';
import type { FacePack } from '../../../models/catalog/catalog.ts';
import { reportShare } from '../cohort/share.ts';
import { measureBesidePack } from '../reference-packs/open-set.ts';
import { type Actor, type Actors, lookAtPeople } from './actors.ts';
import { measureExpected } from '../cohort/expected.ts';
import { collectPairs, fitLikelihood } from './fit.ts';
import { type IdentifiedTrial, identifyIn, identifyInGalleriesOf } from './identify.ts';
import { compareImpostors, findDoubles } from './pairs.ts';
import { readDevGallery } from './people.ts';
import { findDevGallery } from './place.ts';
import { writePlots } from './plots.ts';
import {
  reportBySex,
  reportDecided,
  reportDoubles,
  reportExtrapolation,
  reportImpostors,
  reportReferences,
  reportReliability,
  reportScenes,
  reportSizes,
  type TrialsOfSize,
} from './report.ts';
import { FOLDS } from './split.ts';
import { BESIDE, lookAtLibrary, scoreScenes } from './scenes.ts';

const SIZES = [10, 100, 1000, 2600];
/** Performers of a library beside a pack, and how many of these are drawn. */
const LIBRARIES = [
  [10, 40],
  [100, 8],
] as const;
const DOUBLES_FROM = [0.45, 0.5, 0.55, 0.58, 0.6, 0.65];

/** @param library folder made by ../shared/dev-library/make.mjs, where there is one @returns what bench-results keeps */
export async function measureGallery(pack: FacePack, library: string | undefined): Promise<unknown> {
  const place = findDevGallery();
  if ('reason' in place) {
    console.log(`\nThe development gallery is skipped: ${place.reason}.`);
    return null;
  }
  const began = performance.now();
  const actors = await lookAtPeople(readDevGallery(place.folder), pack, (seen, all) => {
    if (seen % 500 === 0) console.error(`${seen} of at most ${all} pictures looked at`);
  });
  const { known, strangers, entries, unusable } = actors;
  console.log(
    `\nthe development gallery, ${pack.id}: ${known.length} people with a reference, ${known.filter(({ probe }) => probe).length} of them looked for, ${strangers.length} strangers; no usable face in ${unusable.reference} references and ${unusable.probe} pictures to identify`,
  );

  const { matching } = pack.calibration;
  const bySize: TrialsOfSize[] = [];
  for (const people of SIZES)
    bySize.push({ people, trials: await identifyInGalleriesOf({ people, calibration: matching }, actors) });
  const largest = bySize.at(-1)!;
  reportSizes(bySize);
  reportBySex(largest);
  reportReliability('as it is', largest);
  const ece = reportReliability('fitted on other people', await crossFitted(actors, matching));
  const impostors = compareImpostors([...known, ...strangers], matching);
  reportImpostors(impostors, matching, SIZES);
  reportExtrapolation(impostors, genuineSimilarities(known));
  await compareReferences(actors, pack);
  reportShare(pack, actors);
  measureExpected(actors, matching);
  for (const [size, draws] of LIBRARIES)
    await measureBesidePack(size, actors, { facePack: pack.id, matching, draws });
  if (library !== undefined && existsSync(path.join(library, 'truth.json'))) {
    const seen = await lookAtLibrary(library, pack);
    for (const beside of BESIDE) reportScenes(beside, await scoreScenes(seen, known, pack, beside));
  }
  reportDoubles(findDoubles(entries, DOUBLES_FROM));
  writePlots(pack.id, bySize, impostors);
  console.log(`\nmeasured in ${((performance.now() - began) / 1000).toFixed(0)} s`);
  return { ece, bySize };
}

/** Each fold with numbers that are fitted on the people of the others. */
async function crossFitted(
  { known, strangers }: Actors,
  matching: PackCalibration['matching'],
): Promise<TrialsOfSize> {
  const pairs = collectPairs(known, strangers);
  const trials: IdentifiedTrial[] = [];
  for (let fold = 0; fold < FOLDS; fold++) {
    const likelihood = fitLikelihood(pairs, matching.likelihood, fold);
    const probes = [...known, ...strangers].filter((actor) => actor.probe && actor.fold === fold);
    trials.push(...(await identifyIn(known, probes, { ...matching, likelihood })));
  }
  reportDecided('with numbers that are fitted on other people', trials);
  return { people: known.length, trials };
}

function genuineSimilarities(known: readonly Actor[]): Float32Array {
  return Float32Array.from(
    known.flatMap(({ references: [first], probe }) =>
      first && probe ? [similarity(first.embedding, probe.template)] : [],
    ),
  ).toSorted();
}

async function compareReferences({ known, strangers }: Actors, pack: FacePack): Promise<void> {
  const twice = known.filter(({ references, probe }) => probe && references.length > 1);
  const probes = [...twice, ...strangers];
  const { matching } = pack.calibration;
  reportReferences(
    await identifyIn(known, probes, matching, 1),
    await identifyIn(known, probes, matching, 2),
  );
}
