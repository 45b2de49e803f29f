import React from 'react';
import type { Output } from '../../core/contract/operations.ts';
import { shownBox } from '../../core/reference-packs/box-address.ts';
import { useAct, useIsHere } from '../shared/hooks/use-act.ts';
import { Choice } from '../shared/fields.tsx';
import { confidences, FilterFields } from '../shared/filter-fields.tsx';
import { say } from '../stash/intl.tsx';
import { useToast } from '../stash/toast.tsx';
import { endpointOf, without, type Filter, type Whom } from './filter.ts';
import { madeList } from './made-list.ts';

type Props = {
  readonly filter: Filter;
  readonly boxes: Output<'stashIds.performers'>['boxes'];
  readonly onChange: (change: Partial<Filter>) => void;
};

export function FilterForm({ filter, boxes, onChange }: Props): React.ReactElement {
  const { isPending, act } = useAct();
  const isHere = useIsHere();
  const toast = useToast();
  const { whom, box, least } = filter;
  const lackedBox = endpointOf(whom);

  const choose = (next: Whom): void =>
    act(async () => {
      if (next === 'suggested') {
        onChange({ whom: next, list: null, least: null });
        return null;
      }
      const list = await madeList(endpointOf(next));
      if (list === null) toast.warn(say('stashIds.nobodyThere'));
      else if (isHere.current) onChange({ whom: next, list, box: null, least: null });
      return null;
    });

  return (
    <FilterFields
      label={say('stashIds.nameOfPerformer')}
      text={filter.text}
      onText={(text) => onChange({ text })}
    >
      <Choice<string>
        label={say('stashIds.whom')}
        value={whom}
        isDisabled={isPending}
        options={{
          suggested: say('stashIds.suggested'),
          // Its stash-box may be in Stash's settings no more.
          ...(lackedBox !== null && { [whom]: say('stashIds.without', { box: shownBox(lackedBox) }) }),
          ...Object.fromEntries(
            boxes.map(({ endpoint, name }) => [without(endpoint), say('stashIds.without', { box: name })]),
          ),
          everybody: say('stashIds.everybody'),
          ...(whom === 'sent' && { sent: say('stashIds.sent') }),
        }}
        onChoose={(next) => next !== whom && choose(next as Whom)}
      />
      {(boxes.length > 1 || box !== null) && (
        <Choice
          label={say('stashIds.box')}
          value={box ?? ''}
          options={{
            '': say('stashIds.anyBox'),
            ...(box !== null && { [box]: say('stashIds.onlyOf', { box: shownBox(box) }) }),
            ...Object.fromEntries(
              boxes.map(({ endpoint, name }) => [endpoint, say('stashIds.onlyOf', { box: name })]),
            ),
          }}
          onChoose={(endpoint) => onChange({ box: endpoint === '' ? null : endpoint })}
        />
      )}
      <Choice<string>
        label={say('suggestions.lowestConfidence')}
        value={String(least)}
        options={{
          ...(filter.list !== null && { null: say('stashIds.alsoWithout') }),
          ...confidences(least ?? 0),
          ...(filter.list !== null && { 0: say('stashIds.suggested') }),
        }}
        onChoose={(value) => onChange({ least: value === 'null' ? null : Number(value) })}
      />
    </FilterFields>
  );
}
