import { faUserCheck } from '@fortawesome/free-solid-svg-icons';
import React, { useEffect } from 'react';
import { useHistory } from 'react-router-dom';
import { keepPerformerList, performerListOf } from '../shared/performer-list.ts';
import { say } from '../stash/intl.tsx';
import type { PerformerConditions, PerformerOrder } from '../stash/library.ts';
import { performerListPage } from '../stash/navigation.ts';
import type { Patch, PropsPatch } from '../stash/patch.tsx';
import { useToast } from '../stash/toast.tsx';
import { hooked, type FilterHook } from './lists/filter-hook.ts';

/** Stash's model of what its list shows. */
export type ListFilter = {
  clone(): ListFilter;
  makeFindFilter(): PerformerOrder;
  makeFilter(): NonNullable<PerformerConditions>;
};

/** An entry of the buttons or the menu above the list. */
type Operation = {
  readonly text: string;
  readonly icon?: unknown;
  onClick(result: unknown, filter: ListFilter, selectedIds: ReadonlySet<string>): Promise<void>;
};

type PerformerListProps = {
  readonly extraOperations?: readonly Operation[];
  readonly filterHook?: FilterHook<ListFilter>;
};

/** The name of the list is another one since Stash 0.31. */
const COMPONENTS = ['PerformerList', 'FilteredPerformerList'] as const;

/** Opens the Stash IDs tab with the performers of the list: those that are ticked, else all that its filter shows. */
export const performerListButton: readonly PropsPatch<PerformerListProps>[] = COMPONENTS.map((component) => ({
  component,
  change: ({ extraOperations = [], filterHook }) => ({
    extraOperations: [
      ...extraOperations,
      {
        text: say('stashIds.open'),
        icon: faUserCheck,
        onClick: async (_, filter, selectedIds) => await send(hooked(filter, filterHook), selectedIds),
      },
    ],
  }),
}));

/** Beside the list, since what changes its props must not use hooks: knows how to go to another page. */
export const performerListOpener: readonly Patch<object>[] = COMPONENTS.map((component) => ({
  component,
  place: 'after',
  isSilent: true,
  draw: () => <Opener />,
}));

type Open = (list: () => Promise<string | null>) => Promise<void>;

/** Of the lists that are drawn: since Stash 0.31 one has the other in it. */
let opens: readonly Open[] = [];

async function send(filter: ListFilter, selectedIds: ReadonlySet<string>): Promise<void> {
  await opens.at(-1)?.(async () =>
    selectedIds.size > 0
      ? await keepPerformerList([...selectedIds])
      : await performerListOf(filter.makeFindFilter(), filter.makeFilter()),
  );
}

/**
Gives our button above the list a title and a label for screen readers, as Stash's own buttons there have: of an operation with an icon Stash draws the icon and a tooltip only.
*/
function useButtonLabel(): void {
  useEffect(() => {
    const label = (): void => {
      const icons = document.querySelectorAll(`button > svg[data-icon="${faUserCheck.iconName}"]`);
      for (const { parentElement: button } of icons) {
        if (button === null || button.textContent !== '' || button.title !== '') continue;
        button.title = say('stashIds.open');
        button.setAttribute('aria-label', say('stashIds.open'));
      }
    };
    label();
    // Stash draws its buttons anew with each selection.
    const observer = new MutationObserver(label);
    observer.observe(document.body, { childList: true, subtree: true });
    return () => observer.disconnect();
  }, []);
}

function Opener(): null {
  useButtonLabel();
  const history = useHistory();
  const toast = useToast();
  useEffect(() => {
    const mine: Open = async (list) => {
      try {
        const name = await list();
        // The list was left meanwhile.
        if (!opens.includes(mine)) return;
        if (name === null) toast.warn(say('stashIds.nobodyThere'));
        else history.push(performerListPage(name));
      } catch (error) {
        toast.failed(error);
      }
    };
    opens = [...opens, mine];
    return () => {
      opens = opens.filter((other) => other !== mine);
    };
  }, [history, toast]);
  return null;
}
