/**
How long to wait before asking again, in milliseconds: 2 s at first, 10 s in the end. Each question starts a Node
process on the user's machine, and what takes long is asked after less often.
*/
export function pollDelayMs(asked: number): number {
  return Math.min(10_000, Math.round(2000 * 1.25 ** asked));
}
