import { faUserCheck } from '@fortawesome/free-solid-svg-icons';
import React, { useEffect } from 'react';
import { useHistory } from 'react-router-dom';
import { keepPerformerList, performerListOf } from '../shared/performer-list.ts';
import { say } from '../stash/intl.tsx';
import type { PerformerConditions, PerformerOrder } from '../stash/library.ts';
import { performerListPage } from '../stash/navigation.ts';
import type { Patch, PropsPatch } from '../stash/patch.tsx';
import { useToast } from '../stash/toast.tsx';

/** Stash's model of what its list shows. */
type ListFilter = {
  makeFindFilter(): PerformerOrder;
  makeFilter(): NonNullable<PerformerConditions>;
};

/** An entry of the buttons or the menu above the list. */
type Operation = {
  readonly text: string;
  readonly icon?: unknown;
  onClick(result: unknown, filter: ListFilter, selectedIds: ReadonlySet<string>): Promise<void>;
};

type PerformerListProps = { readonly extraOperations?: readonly Operation[] };

/** The name of the list is another one since Stash 0.31. */
const COMPONENTS = ['PerformerList', 'FilteredPerformerList'] as const;

/** Opens the Stash IDs tab with the performers of the list: those that are ticked, else all that its filter shows. */
export const performerListButton: readonly PropsPatch<PerformerListProps>[] = COMPONENTS.map((component) => ({
  component,
  change: ({ extraOperations = [] }) => ({
    extraOperations: [...extraOperations, { text: say('stashIds.open'), icon: faUserCheck, onClick: send }],
  }),
}));

/** Beside the list, since what changes its props must not use hooks: knows how to go to another page. */
export const performerListOpener: readonly Patch<object>[] = COMPONENTS.map((component) => ({
  component,
  place: 'after',
  isSilent: true,
  draw: () => <Opener />,
}));

let open: ((list: () => Promise<string | null>) => Promise<void>) | null = null;

async function send(_: unknown, filter: ListFilter, selectedIds: ReadonlySet<string>): Promise<void> {
  await open?.(async () =>
    selectedIds.size > 0
      ? await keepPerformerList([...selectedIds])
      : await performerListOf(filter.makeFindFilter(), filter.makeFilter()),
  );
}

function Opener(): null {
  const history = useHistory();
  const toast = useToast();
  useEffect(() => {
    const mine: typeof open = async (list) => {
      try {
        const name = await list();
        if (name === null) toast.warn(say('stashIds.nobodyThere'));
        else history.push(performerListPage(name));
      } catch (error) {
        toast.failed(error);
      }
    };
    open = mine;
    return () => {
      if (open === mine) open = null;
    };
  }, [history, toast]);
  return null;
}
