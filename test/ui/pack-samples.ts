import type { PackView } from '../../core/contract/packs.ts';

export function packView(id: string, change: Partial<PackView> = {}): PackView {
  return {
    id,
    license: 'MIT',
    about: null,
    addedBytes: 0,
    problem: null,
    state: 'offered',
    left: 0,
    ...change,
  };
}
