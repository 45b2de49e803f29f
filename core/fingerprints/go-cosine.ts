/** The next one is computed otherwise by each engine of JavaScript, in its last bit. */
const FOUR_BY_PI = 4 / Math.PI;
/** π/4 in three parts, so that the reduction loses no bits. */
const PARTS = [0.7853981256484985, 3.774894707930798e-8, 2.6951514290790595e-15] as const;
const SINE = [
  1.5896230157654656e-10, -2.5050747762857807e-8, 2.7557313621385722e-6, -0.0001984126982958954,
  0.008333333333322118, -0.1666666666666663,
] as const;
const COSINE = [
  -1.1358536521387682e-11, 2.087570084197473e-9, -2.755731417929674e-7, 2.4801587288851704e-5,
  -0.0013888888888873056, 0.041666666666666595,
] as const;

/** The cosine of 0 to π/2 as Go's `math.Cos` computes it (Cephes), to the last bit. */
export function cosine(x: number): number {
  const octant = Math.trunc(x * FOUR_BY_PI);
  const even = octant + (octant % 2);
  const z = x - even * PARTS[0] - even * PARTS[1] - even * PARTS[2];
  const square = z * z;
  if (even === 2) return -(z + z * square * polynomial(SINE, square));
  return 1 - 0.5 * square + square * square * polynomial(COSINE, square);
}

function polynomial([first, ...others]: readonly number[], x: number): number {
  return others.reduce((value, next) => value * x + next, first ?? 0);
}
