import type { Engine } from '../ports/vision.ts';

/** `native cpu`, `wasm`: the label on the status page and in the log. */
export function engineLabel({ name, provider }: Pick<Engine, 'name' | 'provider'>): string {
  return name === provider ? name : `${name} ${provider}`;
}
