import type { Status } from '../../core/contract/status.ts';
import { PAGE } from '../stash/navigation.ts';
import { say } from '../stash/intl.tsx';

/** The action that fixes a failed check. */
export type CheckFix =
  | { readonly kind: 'task'; readonly task: 'set-up' | 'people'; readonly label: string }
  | { readonly kind: 'link'; readonly to: string; readonly label: string }
  | { readonly kind: 'section'; readonly id: string; readonly label: string };

export const FETCH_SECTION = 'stash-sense-fetch';
export const DATA_SECTION = 'stash-sense-data';

/** Null: the message itself says what to do, or the page has no action for it. */
export function fixFor({ id, ok }: Status['checks'][number], { acceleration }: Status): CheckFix | null {
  if (id === 'reference-packs')
    return { kind: 'link', to: `${PAGE}?tab=people`, label: say('page.tab.people') };
  if (ok) return null;
  switch (id) {
    case 'weights':
      return acceleration.channel !== null &&
        acceleration.artifacts.some((artifact) => artifact.kind === 'model' && !artifact.installed)
        ? { kind: 'section', id: FETCH_SECTION, label: say('status.fetchBelow') }
        : { kind: 'link', to: '/settings?tab=plugins', label: say('status.stashPlugins') };
    case 'ffmpeg':
      return { kind: 'link', to: '/settings?tab=system', label: say('status.stashSystem') };
    case 'people':
      return { kind: 'task', task: 'people', label: say('people.update') };
    case 'space':
      return { kind: 'section', id: DATA_SECTION, label: say('status.moveOrClear') };
    case 'folder':
      return { kind: 'section', id: DATA_SECTION, label: say('former.choose') };
    case 'schedule':
      return { kind: 'link', to: `${PAGE}?tab=schedule`, label: say('status.changeSchedule') };
    case 'stash':
    case 'store':
      return null;
    default:
      return { kind: 'task', task: 'set-up', label: say('setup.setUp') };
  }
}
