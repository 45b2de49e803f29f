/**
Takes up to `ahead` items before they are asked for, so that making one and using another go on at the same time; no
more, so that memory stays bounded.
*/
export async function* readAhead<T>(items: AsyncIterable<T>, ahead: number): AsyncGenerator<T> {
  const source = items[Symbol.asyncIterator]();
  const coming: Promise<IteratorResult<T>>[] = [];
  const fill = (): void => {
    while (coming.length < ahead) {
      const next = source.next();
      // Whoever takes it hears of its failure; until then it is nobody's.
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
