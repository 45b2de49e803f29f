/**
Work between two turns of the event loop, in comparisons of two embeddings of 512 numbers: about 20 ms on a desktop,
so that heartbeats, timers and answers of other work are never held up for long, on a slow machine neither.
*/
const WORK_A_TURN = 50_000;

/**
Lets the event loop turn during long computations. The function that is returned adds the work done since its last
call, and resolves after a turn of the event loop each time `WORK_A_TURN` is reached.
*/
export function createPauses(): (work: number) => Promise<void> {
  let done = 0;
  return async (work) => {
    done += work;
    if (done < WORK_A_TURN) return;
    done = 0;
    await new Promise<void>((resolve) => {
      setTimeout(resolve, 0);
    });
  };
}
