import { useEffect, useState } from 'react';
import type { EntityRef } from '../stash/library.ts';
import { ask } from '../stash/operations.ts';
import { createFacesModel, isBusy, type FacesModel, type FacesState } from './faces-model.ts';

export type Faces = FacesState & { readonly isWorking: boolean; readonly model: FacesModel };

/** The component needs a React `key` per entity, since each entity has its own model. */
export function useFaces(entity: EntityRef, isSeen: boolean): Faces {
  const [model] = useState(() => createFacesModel(entity, ask));
  const [state, setState] = useState(model.state);
  useEffect(() => model.subscribe(setState), [model]);
  useEffect(() => model.setSeen(isSeen), [model, isSeen]);
  return { ...state, isWorking: isBusy(state), model };
}
