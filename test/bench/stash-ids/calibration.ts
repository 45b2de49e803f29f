/** Whether as many finds are right as their score says, on people by whom nothing was tuned, and what a fit would change. */
import { isotonic } from '../monotone.ts';
import { wilson } from '../statistics.ts';

/** One find. `half`: of the people, who are all of one half with all that was found of them. */
export type Scored = {
  readonly said: number;
  readonly isRight: boolean;
  readonly isStrong: boolean;
  readonly half: 0 | 1;
};

export type Bin = {
  readonly from: number;
  readonly n: number;
  /** Mean of what was said. */
  readonly said: number;
  readonly right: number;
};

const EDGES = [0, 0.05, 0.3, 0.6, 0.9, 0.95, 1.0000001];

/** Without empty ones. */
export function binsOf(scored: readonly Scored[]): Bin[] {
  return EDGES.slice(0, -1).flatMap((from, n) => {
    const inside = scored.filter(({ said }) => said >= from && said < EDGES[n + 1]!);
    if (inside.length === 0) return [];
    const said = inside.reduce((sum, one) => sum + one.said, 0) / inside.length;
    return [{ from, n: inside.length, said, right: inside.filter(({ isRight }) => isRight).length }];
  });
}

/** Expected calibration error, and the mean squared error (Brier). */
export function errorsOf(scored: readonly Scored[]): { readonly ece: number; readonly brier: number } {
  const all = Math.max(1, scored.length);
  return {
    ece: binsOf(scored).reduce((sum, { n, said, right }) => sum + Math.abs(n * said - right) / all, 0),
    brier: scored.reduce((sum, { said, isRight }) => sum + (said - Number(isRight)) ** 2, 0) / all,
  };
}

/** A rising step function from what was said to how many were right, fitted by least squares. */
export function fitted(learnt: readonly Scored[]): (said: number) => number {
  const sorted = learnt.toSorted((a, b) => a.said - b.said);
  const steps = isotonic(sorted.map(({ isRight }) => Number(isRight)));
  return (said) => {
    const after = sorted.findIndex((one) => one.said >= said);
    return steps[after === -1 ? steps.length - 1 : after] ?? said;
  };
}

export function printCalibration(scored: readonly Scored[]): void {
  print('the score as it is', scored);
  print(
    'of them those that are no strong finds',
    scored.filter(({ isStrong }) => !isStrong),
  );
  const [learnt, shown] = ([0, 1] as const).map((half) => scored.filter((one) => one.half === half));
  const map = fitted(learnt!);
  print('the second half of the people, as it is', shown!);
  print(
    'the same, by a rising map fitted on the first half',
    shown!.map((one) => ({ ...one, said: map(one.said) })),
  );
}

function print(title: string, scored: readonly Scored[]): void {
  const { ece, brier } = errorsOf(scored);
  console.log(`\n  ${title}: ${scored.length} finds, ECE ${ece.toFixed(3)}, Brier ${brier.toFixed(4)}`);
  console.log('  from   n      said      right');
  for (const { from, n, said, right } of binsOf(scored)) {
    const { share, low, high } = wilson(right, n);
    const [a, b, c] = [share, low, high].map((value) => (100 * value).toFixed(1));
    console.log(
      `  ${from.toFixed(2)}   ${String(n).padEnd(6)} ${(100 * said).toFixed(1).padStart(5)} %   ${a} % [${b}, ${c}]`,
    );
  }
}
