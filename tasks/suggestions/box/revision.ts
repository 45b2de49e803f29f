import { createHash } from 'node:crypto';

/** Of what the user was shown, so that nothing else is taken over. 16 hexadecimal digits. */
export function revisionOfShown(shown: readonly unknown[]): string {
  return createHash('sha256').update(JSON.stringify(shown)).digest('hex').slice(0, 16);
}
