/** One observation: `values` begin with the constant 1. */
export type Trial = {
  readonly values: readonly number[];
  /** Added to the logit as it is: what theory says and no data need teach. */
  readonly offset: number;
  readonly right: boolean;
  readonly weight: number;
};

/** Of the squared coefficients in the loss: where right and wrong never overlap the curve would be a step. */
const RIDGE = 1e-4;

/** Logistic regression of greatest likelihood, by Newton's method. `loss` is the mean log loss in nats. */
export function fitLogistic(trials: readonly Trial[]): { coefficients: number[]; loss: number } {
  const total = trials.reduce((sum, trial) => sum + trial.weight, 0);
  const width = trials[0]?.values.length ?? 0;
  const coefficients = Array.from({ length: width }, () => 0);
  const predict = ({ values, offset }: Trial): number =>
    1 / (1 + Math.exp(-values.reduce((sum, value, i) => sum + value * coefficients[i]!, offset)));
  const lossOf = (): number =>
    trials.reduce(
      (sum, trial) => {
        const p = Math.min(1 - 1e-12, Math.max(1e-12, predict(trial)));
        return sum - trial.weight * Math.log(trial.right ? p : 1 - p);
      },
      coefficients.reduce((sum, coefficient) => sum + (RIDGE / 2) * coefficient * coefficient, 0),
    );

  let loss = lossOf();
  for (let round = 0; round < 100; round++) {
    const gradient = coefficients.map((coefficient) => -RIDGE * coefficient);
    const hessian = coefficients.map((_, i) => coefficients.map((__, j) => (i === j ? RIDGE : 0)));
    for (const trial of trials) {
      const p = predict(trial);
      const pull = trial.weight * ((trial.right ? 1 : 0) - p);
      const curve = trial.weight * p * (1 - p);
      trial.values.forEach((a, i) => {
        gradient[i]! += pull * a;
        trial.values.forEach((b, j) => (hessian[i]![j]! += curve * a * b));
      });
    }
    const step = solve(hessian, gradient);
    const before = [...coefficients];
    let length = 1;
    // Halved until it helps: far from the end a whole step may go too far.
    for (; length > 1e-6; length /= 2) {
      before.forEach((value, i) => (coefficients[i] = value + length * step[i]!));
      if (lossOf() <= loss) break;
    }
    const better = lossOf();
    if (loss - better < 1e-10 * Math.max(1, loss)) break;
    loss = better;
  }
  return { coefficients, loss: loss / Math.max(1e-12, total) };
}

/** Gaussian elimination with pivots. */
export function solve(matrix: readonly (readonly number[])[], right: readonly number[]): number[] {
  const rows = matrix.map((row, i) => [...row, right[i]!]);
  const size = right.length;
  for (let column = 0; column < size; column++) {
    let pivot = column;
    for (let r = column + 1; r < size; r++)
      if (Math.abs(rows[r]![column]!) > Math.abs(rows[pivot]![column]!)) pivot = r;
    [rows[column], rows[pivot]] = [rows[pivot]!, rows[column]!];
    for (let r = 0; r < size; r++) {
      if (r === column) continue;
      const factor = rows[r]![column]! / rows[column]![column]!;
      for (let c = column; c <= size; c++) rows[r]![c]! -= factor * rows[column]![c]!;
    }
  }
  return rows.map((row, i) => row[size]! / row[i]!);
}
