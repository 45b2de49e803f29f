/**
Work between two turns of the event loop, in comparisons of two embeddings of 512 numbers: about 20 ms on a desktop, so
that heartbeats, timers and other requests are not delayed for long on a slow machine either.
*/
const WORK_PER_TURN = 50_000;

/**
Yields to the event loop during long computations. The caller reports the work done since the last call; each time the
sum reaches `WORK_PER_TURN` the returned promise resolves after a turn of the event loop.
*/
export function createPauses(): (work: number) => Promise<void> {
  let done = 0;
  return async (work) => {
    done += work;
    if (done < WORK_PER_TURN) return;
    done = 0;
    await new Promise<void>((resolve) => {
      setTimeout(resolve, 0);
    });
  };
}
