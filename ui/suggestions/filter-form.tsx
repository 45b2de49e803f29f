import React from 'react';
import { Button } from 'react-bootstrap';
import { Choice, confidences, FilterFields } from '../shared/filter-fields.tsx';
import type { Filter } from './filter.ts';
import { say } from '../stash/intl.tsx';

type Props = { readonly filter: Filter; readonly onChange: (change: Partial<Filter>) => void };

export function FilterForm({ filter, onChange }: Props): React.ReactElement {
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
          performer: say('suggestions.stashIds'),
        }}
        onChoose={(kind) => onChange({ kind: kind === 'any' ? null : kind })}
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
        options={{ confidence: say('suggestions.surestFirst'), newest: say('suggestions.newestFirst') }}
        onChoose={(order) => onChange({ order })}
      />
      {filter.performerId !== null && (
        <Button variant="secondary" onClick={() => onChange({ performerId: null })}>
          {say('suggestions.onePerformerOnly')}
        </Button>
      )}
    </FilterFields>
  );
}
