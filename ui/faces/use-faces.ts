import { useEffect, useState } from 'react';
import { useLatest } from '../shared/hooks/use-latest.ts';
import type { EntityRef } from '../stash/library.ts';
import { ask } from '../stash/operations.ts';
import { createFacesModel, isBusy, type FacesModel, type FacesState } from './faces-model.ts';
import { isAsShown } from './person-state.ts';

export type Faces = FacesState & { readonly isWorking: boolean; readonly model: FacesModel };

/** The component needs a React `key` per entity, since each entity has its own model. */
export function useFaces(entity: EntityRef, isSeen: boolean): Faces {
  const [model] = useState(() => createFacesModel(entity, ask));
  const [state, setState] = useState(model.state);
  useEffect(() => model.subscribe(setState), [model]);
  useEffect(() => model.setSeen(isSeen), [model, isSeen]);
  return { ...state, isWorking: isBusy(state), model };
}

export type OnEntity = readonly { readonly id: string }[] | undefined;

/**
Asks again when performers were added or taken off elsewhere on the page: by the form, a scraper, another plugin.

@param isPending a write of our own is under way, which asks again when it is done
*/
export function useReloadWhenChanged({ model }: Faces, performers: OnEntity, isPending: boolean): void {
  const ids = performers?.map(({ id }) => id).join();
  const isOurs = useLatest(isPending);
  useEffect(() => {
    const { view } = model.state();
    if (ids === undefined || view === null || isOurs.current) return;
    if (!isAsShown(view, new Set(ids.split(',')))) void model.reload();
  }, [ids, isOurs, model]);
}
