/** Counts what *Link stash-box IDs* has found of performers who are known, and prints it. */
import { wilson } from '../statistics.ts';
import { printCalibration } from './calibration.ts';

export type Linked = {
  /** Of the people of the gallery: each one with all that is made of them. */
  readonly half: 0 | 1;
  readonly what: string;
  /** The stash-box has the performer. */
  readonly isThere: boolean;
  /** Likeliest first. */
  readonly offered: readonly {
    readonly isRight: boolean;
    readonly confidence: number;
    readonly isStrong: boolean;
    /** Those that speak for it. */
    readonly signs: readonly string[];
  }[];
};
/** `others`: corrections that are offered and are wrong. */
export type Repaired = { readonly what: string; readonly isFound: boolean; readonly others: number };

type Count = { right: number; of: number };
export type TruthReport = {
  /** Offered at all. */
  readonly recall: Count;
  readonly first: Count;
  readonly strong: Count;
  readonly repairs: Count;
  readonly wrongRepairs: number;
  readonly byKind: Readonly<
    Record<string, { n: number; offered: number; first: number; strong: number; strongWrong: number }>
  >;
  readonly bySign: Readonly<Record<string, { strong: Count; offered: Count }>>;
};

export function toReport({
  linked,
  repaired,
  seconds,
  questions,
  pictures,
}: {
  readonly linked: readonly Linked[];
  readonly repaired: readonly Repaired[];
  readonly seconds: number;
  readonly questions: number;
  readonly pictures: number;
}): TruthReport {
  const there = linked.filter(({ isThere }) => isThere);
  const all = linked.flatMap(({ offered }) => offered);
  const report: TruthReport = {
    recall: count(there, ({ offered }) => offered.some(({ isRight }) => isRight)),
    first: count(there, ({ offered }) => offered[0]?.isRight === true),
    strong: count(
      all.filter(({ isStrong }) => isStrong),
      ({ isRight }) => isRight,
    ),
    repairs: count(repaired, ({ isFound }) => isFound),
    wrongRepairs: repaired.reduce((sum, { others }) => sum + others, 0),
    byKind: Object.fromEntries(
      [...new Set(linked.map(({ what }) => what))].map((what) => [
        what,
        ofKind(linked.filter((one) => one.what === what)),
      ]),
    ),
    bySign: Object.fromEntries(
      [...new Set(all.flatMap(({ signs }) => signs))].map((sign) => {
        const having = all.filter(({ signs }) => signs.includes(sign));
        return [
          sign,
          {
            strong: count(
              having.filter(({ isStrong }) => isStrong),
              ({ isRight }) => isRight,
            ),
            offered: count(having, ({ isRight }) => isRight),
          },
        ];
      }),
    ),
  };
  print(report, repaired);
  printCalibration(
    linked.flatMap(({ half, offered }) =>
      offered.map(({ confidence: said, isRight, isStrong }) => ({ said, isRight, isStrong, half })),
    ),
  );
  const performers = linked.length + repaired.length;
  console.log(
    `${performers} performers in ${seconds.toFixed(0)} s: ${questions} questions and ${pictures} pictures of the stash-box`,
  );
  return report;
}

function ofKind(linked: readonly Linked[]): TruthReport['byKind'][string] {
  const strong = linked.flatMap(({ offered }) => offered.filter(({ isStrong }) => isStrong));
  return {
    n: linked.length,
    offered: linked.filter(({ offered }) => offered.some(({ isRight }) => isRight)).length,
    first: linked.filter(({ offered }) => offered[0]?.isRight === true).length,
    strong: strong.length,
    strongWrong: strong.filter(({ isRight }) => !isRight).length,
  };
}

function print(
  { recall, first, strong, repairs, wrongRepairs, byKind, bySign }: TruthReport,
  repaired: readonly Repaired[],
): void {
  console.log('\nStash IDs of performers who are known (real portraits, a stash-box over HTTP)');
  console.log(`  strong finds are right: ${share(strong)}`);
  console.log(`  offered at all: ${share(recall)}; as the likeliest: ${share(first)}`);
  console.log(`  wrong ids corrected: ${share(repairs)}; corrections that are wrong: ${wrongRepairs}`);
  console.log(`\n  ${'kind'.padEnd(50)} n    offered  first  strong  strong and wrong`);
  for (const [what, { n, offered, first: best, strong: sure, strongWrong }] of Object.entries(byKind))
    console.log(
      `  ${what.padEnd(50)} ${String(n).padEnd(4)} ${String(offered).padEnd(8)} ${String(best).padEnd(6)} ${String(sure).padEnd(7)} ${strongWrong}`,
    );
  for (const what of new Set(repaired.map((one) => one.what)))
    console.log(
      `  ${what.padEnd(50)} ${share(
        count(
          repaired.filter((one) => one.what === what),
          ({ isFound }) => isFound,
        ),
      )}`,
    );
  console.log(`\n  ${'with this evidence'.padEnd(20)} ${'strong and right'.padEnd(36)} offered and right`);
  for (const [sign, { strong: sure, offered }] of Object.entries(bySign))
    console.log(`  ${sign.padEnd(20)} ${share(sure).padEnd(36)} ${share(offered)}`);
}

function count<One>(all: readonly One[], isRight: (one: One) => boolean): Count {
  return { right: all.filter(isRight).length, of: all.length };
}

function share({ right, of }: Count): string {
  if (of === 0) return '-';
  const { share: it, low, high } = wilson(right, of);
  return `${percent(it)} % [${percent(low)}, ${percent(high)}] of ${of}`;
}

function percent(value: number): string {
  return (100 * value).toFixed(1);
}
