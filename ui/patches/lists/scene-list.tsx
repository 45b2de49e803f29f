import React from 'react';
import { say } from '../../stash/intl.tsx';
import { findIds, shownScenes } from '../../stash/lists/shown.ts';
import type { Patch, PropsPatch } from '../../stash/patch.tsx';
import { FindFaces, findFacesIn } from './find-faces.tsx';
import { forgetTicked, noteTable, tickedScenes } from './selected-scenes.ts';

/** An entry of the menu above the list; it is told nothing of the list. */
type Operation = {
  readonly text: string;
  isDisplayed?(): boolean;
  onClick(): void;
};

type SceneListOperationsProps = {
  /** Number of scenes on this page of the list. */
  readonly items: number;
  readonly hasSelection: boolean;
  readonly operations: readonly Operation[];
};

const COMPONENT = 'SceneListOperations';

/** The same for scenes as `pictureListEntries`: there since Stash 0.30. */
export const sceneListEntry: PropsPatch<SceneListOperationsProps> = {
  component: COMPONENT,
  change({ items = 0, hasSelection = false, operations = [] }) {
    if (hasSelection) noteTable();
    else forgetTicked();
    const entry: Operation = hasSelection
      ? {
          text: say('lists.inSelection'),
          onClick: () => void findFacesIn('scene', async () => tickedScenes()),
        }
      : {
          text: say('lists.inAllFound'),
          onClick: () => void findFacesIn('scene', async () => await allShown(items)),
        };
    return items === 0 && !hasSelection ? {} : { operations: [...operations, entry] };
  },
};

export const sceneListHost: Patch<object> = {
  component: COMPONENT,
  place: 'after',
  isSilent: true,
  draw: () => <FindFaces />,
};

async function allShown(onPage: number): Promise<readonly string[]> {
  const shown = shownScenes(onPage);
  return shown === null ? [] : await findIds('scene', shown);
}
