/** The owner of a lock in a folder that others may read: its pid and host are told to processes of the same machine alone. */
import { createCipheriv, createDecipheriv, hash, randomBytes } from 'node:crypto';
import { hostname } from 'node:os';
import { bootOf } from './process-owner.ts';

const CIPHER = 'aes-256-gcm';
const IV_BYTES = 12;
const TAG_BYTES = 16;

export function sealOwner(owner: string): string {
  const iv = randomBytes(IV_BYTES);
  const cipher = createCipheriv(CIPHER, key(), iv);
  const sealed = Buffer.concat([cipher.update(owner, 'utf8'), cipher.final()]);
  return Buffer.concat([iv, cipher.getAuthTag(), sealed]).toString('base64');
}

/** Null: a process of another machine, boot or container sealed it, or it is no sealed owner. */
export function unsealOwner(text: string): string | null {
  const bytes = Buffer.from(text, 'base64');
  if (bytes.length <= IV_BYTES + TAG_BYTES) return null;
  const opening = createDecipheriv(CIPHER, key(), bytes.subarray(0, IV_BYTES));
  opening.setAuthTag(bytes.subarray(IV_BYTES, IV_BYTES + TAG_BYTES));
  const owner = opening.update(bytes.subarray(IV_BYTES + TAG_BYTES), undefined, 'utf8');
  try {
    return owner + opening.final('utf8');
  } catch {
    // It was sealed with another key.
    return null;
  }
}

function key(): Buffer {
  return hash('sha256', `${hostname()} ${bootOf()}`, 'buffer');
}
