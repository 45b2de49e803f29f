/**
Prefetches up to `ahead` items, so that producing and consuming overlap while memory stays bounded.
*/
export async function* readAhead<T>(items: AsyncIterable<T>, ahead: number): AsyncGenerator<T> {
  const source = items[Symbol.asyncIterator]();
  const coming: Promise<IteratorResult<T>>[] = [];
  const fill = (): void => {
    while (coming.length < ahead) {
      const next = source.next();
      // The consumer receives the failure; until then it must not count as an unhandled rejection.
      next.catch(() => undefined);
      coming.push(next);
    }
  };
  try {
    for (;;) {
      fill();
      const { done, value } = await coming.shift()!;
      if (done) return;
      yield value;
    }
  } finally {
    await source.return?.();
  }
}
