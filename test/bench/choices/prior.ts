/**
`tsx test/bench/choices/prior.ts GALLERY CACHE`: what it brings, and what it costs, to expect the performers of a scene's studio, or
those who are tagged on it already, rather than others. Each probe of the development gallery is given such a list: of so many
people drawn by chance, among whom the person is in a share of the cases. A stranger's list never holds the stranger. CACHE is
made by test/bench/look-alikes/gallery-faces.ts.
*/
import { packInUse } from '../../../tasks/compose/pack-in-use.ts';
import { seeded } from '../../fixtures/random.ts';
import { type Face, nearPairs, readRoles } from '../cohort/faces.ts';
import { fitApart } from '../cohort/fit-apart.ts';
import { operatingPoint, type Share, thresholdAtFpir, type Trial } from '../gallery/open-set.ts';

const LEAST = 0.2;
/** Lists that each probe is given one after the other. */
const REPEATS = 3;
const { matchConfidence } = packInUse.calibration.matching;

const [folder = '/', cache = '/'] = process.argv.slice(2);
const roles = readRoles(folder, cache, packInUse.dimensions);
const pairs = nearPairs(roles, LEAST).filter(({ probe }) => probe !== null);
const ratios = fitApart(() => ({}), roles, pairs);
const near = new Map<Face, { reference: Face; ratio: number; isRight: boolean }[]>();
for (const [n, { probe, other, isSame }] of pairs.entries())
  near.set(probe!, [...(near.get(probe!) ?? []), { reference: other, ratio: ratios[n]!, isRight: isSame }]);

report('no list', { size: 1, mass: 0, covered: 0 });
for (const size of [3, 20, 100])
  for (const covered of [0, 0.5, 0.8, 1])
    report(`${size} people, the person among them in ${100 * covered} %`, { size, mass: 0.5, covered });

type List = {
  readonly size: number;
  /** Prior probability that a known person is on the list, rather than anybody else of the gallery. */
  readonly mass: number;
  /** Share of the known people who are on their list. */
  readonly covered: number;
};

function report(name: string, { size, mass, covered }: List): void {
  const random = seeded(21);
  const pick = (): Face => roles.references[Math.floor(random() * roles.references.length)]!;
  const trials: Trial[] = [];
  for (let repeat = 0; repeat < REPEATS; repeat++)
    for (const probe of roles.probes) {
      const list = new Set<string>();
      if (probe.isKnown && random() < covered) list.add(probe.id);
      while (list.size < size) {
        const { id } = pick();
        if (id !== probe.id) list.add(id);
      }
      const rated = (near.get(probe) ?? []).map(({ reference, ratio, isRight }) => {
        const others = (1 - mass) / roles.references.length;
        return { odds: Math.exp(ratio) * (list.has(reference.id) ? mass / size + others : others), isRight };
      });
      const best = rated.toSorted((a, b) => b.odds - a.odds)[0];
      const total = rated.reduce((sum, { odds }) => sum + odds, 1);
      trials.push({
        isKnown: probe.isKnown,
        isRight: best?.isRight === true,
        score: best === undefined ? 0 : best.odds / total,
        repeats: REPEATS,
      });
    }
  const { tpir, fpir, wrong } = operatingPoint(trials, matchConfidence);
  const atOne = operatingPoint(trials, thresholdAtFpir(trials, 0.01)).tpir;
  console.log(
    `${name}: as decided TPIR ${percent(tpir)}, wrong names ${percent(wrong)}, FPIR ${percent(fpir)}; at 1 % FPIR TPIR ${percent(atOne)}`,
  );
}

function percent({ share }: Share): string {
  return `${(100 * share).toFixed(1)} %`;
}
