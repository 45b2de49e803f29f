/** A larger fall than this is new work and not the noise of an estimate. */
const NEW_WORK = 0.02;
/** Only the end of the run is all: its estimate is 1 whenever nothing that is known waits. */
const MOST = 0.99;

/**
Makes an estimate of the fraction done, which falls when more work is found, one that never falls: from then on, what is
left of the bar stands for what is left of the work.

@param from where the bar stands
@returns takes the newest estimate, 0…1, and gives where the bar stands now
*/
export function risingFraction(from: number): (estimate: number) => number {
  let shown = from;
  /** The part of the work that was done when the bar stood at `shown`. Null: no estimate yet. */
  let anchor: { readonly shown: number; readonly estimate: number } | null =
    from === 0 ? { shown: 0, estimate: 0 } : null;

  return (estimate) => {
    anchor ??= { shown, estimate };
    let mapped = map(anchor, estimate);
    if (mapped < shown - NEW_WORK || estimate < anchor.estimate) {
      anchor = { shown, estimate };
      mapped = map(anchor, estimate);
    }
    shown = Math.max(shown, Math.min(MOST, mapped));
    return shown;
  };
}

function map(anchor: { readonly shown: number; readonly estimate: number }, estimate: number): number {
  const left = 1 - anchor.estimate;
  if (left <= 0) return anchor.shown;
  return anchor.shown + ((1 - anchor.shown) * (estimate - anchor.estimate)) / left;
}
