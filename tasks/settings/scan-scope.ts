/** Which scenes a scan looks at, as the setting says it and as Stash filters. */
import { StashSenseError } from '../../core/errors.ts';
import { message } from '../../core/messages/message.ts';
import type { EntityFilter, Library } from '../../core/ports/library.ts';

const SETTING = message('settings.label.scanScope');

/** Asks Stash only for what has a name. @throws StashSenseError `bad-input` */
export async function resolveScope(
  scope: string,
  library: Pick<Library, 'findStudio' | 'findSavedFilter'>,
): Promise<EntityFilter> {
  if (/^all$/i.test(scope)) return {};
  if (/^without performers$/i.test(scope)) return { withoutPerformers: true };
  const [, what, name = ''] = /^(studio|filter)\s*:\s*(.+)$/i.exec(scope) ?? [];
  if (what === undefined)
    throw new StashSenseError('bad-input', message('settings.scanScope', { setting: SETTING, scope }));
  if (what.toLowerCase() === 'studio') {
    const studioId = await library.findStudio(name);
    if (studioId !== null) return { studioId };
    throw new StashSenseError('bad-input', message('settings.noStudio', { setting: SETTING, name }));
  }
  const savedFilterId = await library.findSavedFilter(name);
  if (savedFilterId !== null) return { savedFilterId };
  throw new StashSenseError('bad-input', message('settings.noFilter', { setting: SETTING, name }));
}
