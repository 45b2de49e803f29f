import { saidOf } from '../../core/errors.ts';
import type { Message } from '../../core/messages/message.ts';
import type { Library } from '../../core/ports/library.ts';
import { resolveExclusions, type ExclusionSettings } from './resolve.ts';

/** Why what these settings exclude cannot be found, for the Settings and the Status tab. */
export async function exclusionProblems(
  library: Pick<Library, 'exclusions' | 'environment'>,
  settings: ExclusionSettings,
): Promise<readonly Message[]> {
  try {
    return (await resolveExclusions(library, settings)).problems;
  } catch (error) {
    return [saidOf(error)];
  }
}
