const POLL_MS = 300;

/** Aborts the work once `isOver` is true, polled: unlike a list of items, a download or a trial has no points at which to check it. */
export async function until<T>(
  isOver: () => Promise<boolean>,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<{ readonly result: T; readonly isAborted: boolean }> {
  const controller = new AbortController();
  const timer = setInterval(() => {
    isOver().then(
      (shouldYield) => shouldYield && controller.abort(),
      // Another process has taken over the run.
      () => controller.abort(),
    );
  }, POLL_MS);
  try {
    const result = await work(controller.signal);
    return { result, isAborted: controller.signal.aborted };
  } finally {
    clearInterval(timer);
  }
}
