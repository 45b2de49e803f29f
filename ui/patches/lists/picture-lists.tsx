import React from 'react';
import { say } from '../../stash/intl.tsx';
import { findIds, type ListFilter } from '../../stash/lists/shown.ts';
import type { Patch, PropsPatch } from '../../stash/patch.tsx';
import { hooked, type FilterHook } from './filter-hook.ts';
import { FindFaces, findFacesIn } from './find-faces.tsx';

/** An entry of the menu above the list. */
type Operation = {
  readonly text: string;
  isDisplayed(result: unknown, filter: ListFilter, selectedIds: ReadonlySet<string>): boolean;
  onClick(result: unknown, filter: ListFilter, selectedIds: ReadonlySet<string>): Promise<void>;
};

type ListProps = { readonly extraOperations?: readonly Operation[]; readonly filterHook?: FilterHook };

/** The names of the lists are others since Stash 0.31. */
const LISTS = [
  ['image', 'ImageList'],
  ['image', 'FilteredImageList'],
  ['gallery', 'GalleryList'],
  ['gallery', 'FilteredGalleryList'],
] as const;

/** Looks for faces in what is ticked in the list, else in all that its filter shows. */
export const pictureListEntries: readonly PropsPatch<ListProps>[] = LISTS.map(([kind, component]) => ({
  component,
  change: ({ extraOperations = [], filterHook }) => ({
    extraOperations: [
      ...extraOperations,
      {
        text: say('lists.inSelection'),
        isDisplayed: (_, __, selectedIds) => selectedIds.size > 0,
        onClick: async (_, __, selectedIds) => await findFacesIn(kind, async () => [...selectedIds]),
      },
      {
        text: say('lists.inAllFound'),
        isDisplayed: (_, __, selectedIds) => selectedIds.size === 0,
        onClick: async (_, filter) => {
          const shown = hooked(filter, filterHook);
          await findFacesIn(
            kind,
            async () => await findIds(kind, { find: shown.makeFindFilter(), conditions: shown.makeFilter() }),
          );
        },
      },
    ],
  }),
}));

export const pictureListHosts: readonly Patch<object>[] = LISTS.map(([, component]) => ({
  component,
  place: 'after',
  isSilent: true,
  draw: () => <FindFaces />,
}));
