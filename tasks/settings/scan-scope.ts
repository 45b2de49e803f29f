/** Which scenes a scan looks at, as the setting says it and as Stash filters. */
import { StashSenseError } from '../../core/errors.ts';
import { message } from '../../core/messages/message.ts';
import { readScanScope } from '../../core/scan-scope.ts';
import type { EntityFilter, Library } from '../../core/ports/library.ts';

const SETTING = message('settings.label.scanScope');

/** Asks Stash only for what has a name. @throws StashSenseError `bad-input` */
export async function resolveScope(
  scope: string,
  library: Pick<Library, 'findStudio' | 'findSavedFilter'>,
): Promise<EntityFilter> {
  const asked = readScanScope(scope);
  if (asked?.which === 'all') return {};
  if (asked?.which === 'withoutPerformers') return { withoutPerformers: true };
  if (asked === null || asked.name === '')
    throw new StashSenseError('bad-input', message('settings.scanScope', { setting: SETTING, scope }));
  const { which, name } = asked;
  if (which === 'studio') {
    const studioId = await library.findStudio(name);
    if (studioId !== null) return { studioId };
    throw new StashSenseError('bad-input', message('settings.noStudio', { setting: SETTING, name }));
  }
  const savedFilterId = await library.findSavedFilter(name);
  if (savedFilterId !== null) return { savedFilterId };
  throw new StashSenseError('bad-input', message('settings.noFilter', { setting: SETTING, name }));
}
