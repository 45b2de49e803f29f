import type { DescribedPackView } from '../../core/contract/reference-packs.ts';
import type { DescribedPack } from '../../core/ports/reference-packs.ts';
import { shownBox } from '../../core/reference-packs/box-address.ts';

/** What the manifest of a reference pack tells. */
export function viewDescribed({ id, manifest, problem }: DescribedPack): DescribedPackView {
  return {
    id,
    name: manifest?.name ?? null,
    version: manifest?.version ?? null,
    builtAt: manifest?.builtAt ?? null,
    people: manifest?.people ?? 0,
    facePack: manifest?.facePack ?? null,
    embedders: manifest?.embedders ?? [],
    sources: [...new Set((manifest?.sources ?? []).map(({ endpoint }) => shownBox(endpoint)))],
    problem,
  };
}
