import React from 'react';
import type { PersonView } from '../../core/contract/faces.ts';
import { Face } from '../shared/widgets/face.tsx';
import { clock } from '../shared/words.ts';
import { seekTo } from '../stash/player.ts';
import { say } from '../stash/intl.tsx';

type Props = {
  readonly crops: PersonView['crops'];
  readonly personName: string;
  /** A click on a crop seeks the player to its time; only scenes have a player. */
  readonly isScene: boolean;
};

/** The crops of a person, best first. */
export function Crops({ crops, personName, isScene }: Props): React.ReactElement {
  const [first] = crops;
  if (!first) return <Face url={null} label={personName} size="medium" />;
  return (
    <>
      <Crop crop={first} personName={personName} isScene={isScene} size="medium" />
      {crops.length > 1 && (
        <div className="stash-sense-more-crops">
          {crops.slice(1).map((crop, place) => (
            <Crop key={place} crop={crop} personName={personName} isScene={isScene} size="small" />
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

function Crop({ crop: { url, timeMs }, personName, isScene, size }: CropProps): React.ReactElement {
  if (timeMs === null || !isScene)
    return <Face url={url} label={say('faces.faceOf', { name: personName })} size={size} />;
  const time = clock(timeMs);
  return (
    <button
      type="button"
      className="stash-sense-crop"
      title={say('faces.goToTime', { time })}
      onClick={() => seekTo(timeMs)}
    >
      <Face url={url} label={say('faces.faceAtTime', { name: personName, time })} size={size} />
    </button>
  );
}
