import React from 'react';
import { Link } from 'react-router-dom';
import type { SuggestionView } from '../../core/contract/suggestions.ts';
import { performerOf, type SuggestionOrder } from '../../core/suggestions/orders.ts';
import { entityName } from '../shared/words.ts';
import { say } from '../stash/intl.tsx';
import { pageOf } from '../stash/navigation.ts';
import { shownEntity } from '../shared/shown-entity.ts';

/** What the suggestions behind it have in common. */
type Group = { readonly key: string; readonly title: string; readonly href: string | null };

function groupOf(order: SuggestionOrder, suggestion: SuggestionView): Group | null {
  if (order === 'scene') {
    const { entity } = suggestion;
    return { key: `${entity.kind}:${entity.id}`, ...shownEntity(suggestion) };
  }
  if (order !== 'performer') return null;
  const performer = performerOf(suggestion);
  if (performer === null) return { key: '', title: say('suggestions.ofNobody'), href: null };
  const entity = { kind: 'performer', id: performer.id } as const;
  return {
    key: performer.id,
    title: performer.name === '' ? entityName(entity) : performer.name,
    href: pageOf(entity),
  };
}

/** The heading of a group in front of its first suggestion on the page; null: it goes on, or the order has no groups. */
export function GroupHeading({
  order,
  suggestion,
  before,
}: {
  readonly order: SuggestionOrder;
  readonly suggestion: SuggestionView;
  /** The suggestion in front of it on the page. */
  readonly before: SuggestionView | undefined;
}): React.ReactElement | null {
  const group = groupOf(order, suggestion);
  if (group === null) return null;
  if (before !== undefined && groupOf(order, before)?.key === group.key) return null;
  return (
    <li className="stash-sense-group">
      <h5>{group.href === null ? group.title : <Link to={group.href}>{group.title}</Link>}</h5>
    </li>
  );
}
