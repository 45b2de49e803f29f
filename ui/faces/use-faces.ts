import { useEffect, useState } from 'react';
import type { EntityRef } from '../stash/library.ts';
import { ask } from '../stash/operations.ts';
import { createFacesModel, isBusy, type FacesModel, type FacesState } from './faces-model.ts';

export type Faces = FacesState & { readonly isWorking: boolean; readonly model: FacesModel };

/** Give the component a `key` of the entity: another entity is another model. */
export function useFaces(entity: EntityRef, isSeen: boolean): Faces {
  const [model] = useState(() => createFacesModel(entity, ask));
  const [state, setState] = useState(model.state);
  useEffect(() => model.subscribe(setState), [model]);
  useEffect(() => model.setSeen(isSeen), [model, isSeen]);
  return { ...state, isWorking: isBusy(state), model };
}
