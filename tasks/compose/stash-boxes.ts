import type { StashBoxes } from '../../core/ports/stash-box.ts';
import type { StashBoxParts } from '../../plugin/stash-box/stash-boxes.ts';

/** Loaded at its first use: most processes ask no stash-box. */
export function createLazyStashBoxes(parts: StashBoxParts): StashBoxes {
  let opening: Promise<StashBoxes> | null = null;
  const opened = (): Promise<StashBoxes> => (opening ??= load(parts));
  return {
    list: async () => await (await opened()).list(),
    trouble: async (endpoint) => await (await opened()).trouble(endpoint),
    open: async (endpoint, options) => await (await opened()).open(endpoint, options),
    close: () => void opening?.then((boxes) => boxes.close()),
  };
}

async function load(parts: StashBoxParts): Promise<StashBoxes> {
  const { createStashBoxes } = await import('../../plugin/stash-box/stash-boxes.ts');
  return createStashBoxes(parts);
}
