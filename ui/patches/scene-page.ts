import { useLocation } from 'react-router-dom';
import { idInPath } from '../stash/navigation.ts';

export const FACES_TAB = 'stash-sense-faces-panel';

export type ScenePageProps = {
  readonly scene: { readonly id: string; readonly performers?: readonly { readonly id: string }[] };
};

/** The id from the props, or from the URL when another plugin has removed the prop. */
export function useSceneId(fromProps: string | undefined): string | null {
  const { pathname } = useLocation();
  return fromProps ?? idInPath('scene', pathname);
}
