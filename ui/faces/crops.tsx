import React from 'react';
import type { PersonView } from '../../core/contract/faces.ts';
import { Face } from '../shared/widgets/face.tsx';
import { clock } from '../shared/words.ts';
import { seekTo } from '../stash/player.ts';
import { say } from '../stash/intl.tsx';

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
      <Crop crop={first} who={who} isScene={isScene} size="medium" />
      {crops.length > 1 && (
        <div className="stash-sense-more-crops">
          {crops.slice(1).map((crop, place) => (
            <Crop key={place} crop={crop} who={who} isScene={isScene} size="small" />
          ))}
        </div>
      )}
    </>
  );
}

type CropProps = Omit<Props, 'crops'> & {
  readonly crop: PersonView['crops'][number];
  readonly size: 'small' | 'medium';
};

function Crop({ crop: { url, timeMs }, who, isScene, size }: CropProps): React.ReactElement {
  if (timeMs === null || !isScene)
    return <Face url={url} label={say('faces.faceOf', { name: who })} size={size} />;
  const time = clock(timeMs);
  return (
    <button
      type="button"
      className="stash-sense-crop"
      title={say('faces.goToTime', { time })}
      onClick={() => seekTo(timeMs)}
    >
      <Face url={url} label={say('faces.faceAtTime', { name: who, time })} size={size} />
    </button>
  );
}
