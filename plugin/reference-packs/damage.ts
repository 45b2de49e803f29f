import { SaidError } from '../../core/errors.ts';
import { inEnglish } from '../../core/messages/english.ts';
import { message, type Message } from '../../core/messages/message.ts';
import type { Log } from '../../core/ports/log.ts';

/** A pack is not what was written. `said` is the part of a sentence that says what is wrong. */
export class PackDamage extends SaidError {
  override name = 'PackDamage' as const;
}

/** A pack cannot be used, and nothing is wrong with it. `said` is a sentence with what to do. */
export class PackUnfit extends SaidError {
  override name = 'PackUnfit' as const;
}

export function misfit(file: string): PackDamage {
  return new PackDamage(message('referencePacks.damage.content', { file }));
}

/** Why the pack is not used; null for errors of the disk or of this code. */
export function whyNotUsed(name: string, error: unknown): Message | null {
  if (error instanceof PackUnfit) return error.said;
  if (error instanceof PackDamage) return message('referencePacks.isDamaged', { name, problem: error.said });
  return null;
}

/** @throws PackDamage: the pack of another id lies in the folder */
export function requireOwnId(
  packId: string,
  { manifest }: { readonly manifest: { readonly id: string } },
): void {
  if (manifest.id !== packId)
    throw new PackDamage(message('referencePacks.damage.folder', { folder: packId, id: manifest.id }));
}

/** Each sentence once, by this process. */
export function createWarnings(log: Pick<Log, 'warn'>): (problem: Message) => void {
  const said = new Set<string>();
  return (problem) => {
    const line = inEnglish(problem);
    if (said.has(line)) return;
    said.add(line);
    log.warn(line);
  };
}
