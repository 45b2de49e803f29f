import type { SuggestionView } from '../../core/contract/suggestions.ts';
import { entityName } from './words.ts';
import { facesAddress } from '../stash/navigation.ts';

/** What a suggestion is about, as the list names it, and the address of the page that shows it. */
export function shownEntity({
  entity,
  entityTitle,
  href,
}: Pick<SuggestionView, 'entity' | 'entityTitle' | 'href'>): {
  readonly title: string;
  readonly href: string;
} {
  return {
    title: entityTitle === '' ? entityName(entity) : entityTitle,
    href: href.startsWith('/') ? href : facesAddress(entity),
  };
}
