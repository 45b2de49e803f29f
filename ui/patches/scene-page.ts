import { useLocation } from 'react-router-dom';
import { idInPath } from '../stash/navigation.ts';

export const FACES_TAB = 'stash-sense-faces-panel';

export type ScenePageProps = { readonly scene: { readonly id: string } };

/** From the props where no other plugin has taken them away, from the address otherwise. */
export function useSceneId(fromProps: string | undefined): string | null {
  const { pathname } = useLocation();
  return fromProps ?? idInPath('scene', pathname);
}
