import React from 'react';
import { shownName } from '../../core/people/shown-name.ts';
import { Choice } from '../shared/fields.tsx';
import { confidences, FilterFields } from '../shared/filter-fields.tsx';
import type { Output } from '../../core/contract/operations.ts';
import type { SuggestionKind } from '../../core/suggestions/kinds/index.ts';
import { DAYS, type Filter } from './filter.ts';
import { say } from '../stash/intl.tsx';
import { findPerformers, findStudios, nameOfPerformer, nameOfStudio } from '../stash/library.ts';
import { Picker } from './picker.tsx';

type Props = {
  readonly filter: Filter;
  /** How many there are of each kind; undefined: it is not known yet. */
  readonly kinds: Output<'suggestions.list'>['kinds'];
  readonly onChange: (change: Partial<Filter>) => void;
};

export function FilterForm({ filter, kinds = [], onChange }: Props): React.ReactElement {
  // The one that is chosen stays, also where none is left of it.
  const offered =
    filter.what === null || kinds.some(({ kind }) => kind === filter.what)
      ? kinds
      : [...kinds, { kind: filter.what, total: 0 }];
  return (
    <FilterFields
      label={say('suggestions.performerOrTitle')}
      text={filter.text}
      onText={(text) => onChange({ text })}
    >
      <Choice
        label={say('suggestions.state')}
        value={filter.state}
        options={{
          open: say('suggestions.toDecide'),
          removed: say('suggestions.takenOff'),
          accepted: say('suggestions.accepted'),
          rejected: say('suggestions.refused'),
        }}
        onChoose={(state) => onChange({ state })}
      />
      <Choice
        label={say('suggestions.kind')}
        value={filter.kind ?? 'any'}
        options={{
          any: say('suggestions.everything'),
          scene: say('suggestions.scenes'),
          image: say('suggestions.images'),
          gallery: say('suggestions.galleries'),
          performer: say('suggestions.performers'),
          studio: say('suggestions.studios'),
          tag: say('suggestions.tags'),
        }}
        onChoose={(kind) => onChange({ kind: kind === 'any' ? null : kind })}
      />
      <Choice<string>
        label={say('suggestions.what')}
        value={filter.what ?? 'any'}
        options={{
          any: say('suggestions.anyKind'),
          ...Object.fromEntries(offered.map(({ kind, total }) => [kind, countedKind(kind, total)])),
        }}
        onChoose={(what) => onChange({ what: what === 'any' ? null : (what as SuggestionKind) })}
      />
      <Choice
        label={say('suggestions.severity')}
        value={filter.severity ?? 'any'}
        options={{
          any: say('suggestions.anySeverity'),
          error: say('suggestions.severe'),
          warning: say('suggestions.doubtful'),
          info: say('suggestions.mild'),
        }}
        onChoose={(severity) => onChange({ severity: severity === 'any' ? null : severity })}
      />
      <Choice
        label={say('suggestions.newSince')}
        value={String(filter.days)}
        options={Object.fromEntries(DAYS.map((days) => [String(days), say('suggestions.inDays', { days })]))}
        onChoose={(days) => onChange({ days: Number(days) })}
      />
      <Choice
        label={say('suggestions.who')}
        value={filter.ofPacks ? 'packs' : 'anybody'}
        options={{ anybody: say('suggestions.anybody'), packs: say('suggestions.ofPacks') }}
        onChoose={(who) => onChange({ ofPacks: who === 'packs' })}
      />
      <Choice
        label={say('suggestions.lowestConfidence')}
        value={String(filter.min)}
        options={confidences(filter.min)}
        onChoose={(min) => onChange({ min: Number(min) })}
      />
      <Choice
        label={say('suggestions.order')}
        value={filter.order}
        options={{
          confidence: say('suggestions.surestFirst'),
          weakest: say('suggestions.weakestFirst'),
          newest: say('suggestions.newestFirst'),
          scene: say('suggestions.byScene'),
          performer: say('suggestions.byPerformer'),
        }}
        onChoose={(order) => onChange({ order })}
      />
      <Picker
        label={say('suggestions.studio')}
        chosenId={filter.studioId}
        find={findStudios}
        nameOf={nameOfStudio}
        onChoose={(studioId) => onChange({ studioId })}
      />
      <Picker
        label={say('suggestions.performer')}
        chosenId={filter.performerId}
        find={findNamedPerformers}
        nameOf={nameOfPerformer}
        onChoose={(performerId) => onChange({ performerId })}
      />
    </FilterFields>
  );
}

function countedKind(one: SuggestionKind, total: number): string {
  const kind = say(`suggestions.ofKind.${one}`);
  return say('suggestions.kindCount', { kind, total });
}

async function findNamedPerformers(text: string): Promise<{ id: string; name: string }[]> {
  return (await findPerformers(text)).map(({ id, name, disambiguation }) => ({
    id,
    name: shownName({ name, disambiguation }),
  }));
}
