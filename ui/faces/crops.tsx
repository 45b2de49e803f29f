import React from 'react';
import type { PersonView } from '../../core/contract.ts';
import { Face } from '../components/face.tsx';
import { clock } from '../components/words.ts';
import { seekTo } from '../stash/player.ts';

type Props = {
  readonly crops: PersonView['crops'];
  readonly who: string;
  /** A click on a face goes to its moment; only where there is a player. */
  readonly isScene: boolean;
};

/** The faces that were seen, best first. */
export function Crops({ crops, who, isScene }: Props): React.ReactElement {
  const [first] = crops;
  if (!first) return <Face url={null} label={who} size="medium" />;
  return (
    <>
      {crops.map(({ url, timeMs }, place) => {
        const size = place === 0 ? 'medium' : 'small';
        if (timeMs === null || !isScene)
          return <Face key={place} url={url} label={`Face of ${who}`} size={size} />;
        const label = `Face of ${who} at ${clock(timeMs)}`;
        return (
          <button
            key={place}
            type="button"
            className="stash-sense-crop"
            title={`Go to ${clock(timeMs)}`}
            onClick={() => seekTo(timeMs)}
          >
            <Face url={url} label={label} size={size} />
          </button>
        );
      })}
    </>
  );
}
