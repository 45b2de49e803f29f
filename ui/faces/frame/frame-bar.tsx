import { faMagnifyingGlass, faPen } from '@fortawesome/free-solid-svg-icons';
import React, { useEffect, useRef, useState } from 'react';
import { Button } from 'react-bootstrap';
import type { Region } from '../../../core/contract/faces.ts';
import { useAct } from '../../shared/hooks/use-act.ts';
import { MinorButton } from '../../shared/widgets/minor-button.tsx';
import { clock } from '../../shared/words.ts';
import { Icon } from '../../stash/icon.tsx';
import { say } from '../../stash/intl.tsx';
import { ask } from '../../stash/operations.ts';
import { hasPlayer, onPlayerChange, stillOfPlayer, type Still } from '../../stash/player.ts';
import type { FacesModel } from '../faces-model.ts';
import { DrawRegion } from './draw-region.tsx';

/** Keys of the persons that were found in the frame that was asked about last; `at`: of which observation. */
export type Pointed = { readonly at: number | null; readonly keys: readonly number[] };

type Props = {
  readonly sceneId: string;
  readonly model: Pick<FacesModel, 'change'>;
  readonly onFound: (pointed: Pointed) => void;
};

/** Asks who is in the frame that the player stands at, or in a rectangle of it. Draws nothing where there is no player. */
export function FrameBar({ sceneId, model, onFound }: Props): React.ReactElement | null {
  const still = useStill();
  // With the frame: once the video was played, the layer would lie over the player again at the next pause.
  const [drawnOn, setDrawnOn] = useState<Still | null>(null);
  const [said, setSaid] = useState('');
  const { isPending, act } = useAct();
  const bar = useRef<HTMLDivElement>(null);
  const markButton = useRef<HTMLButtonElement>(null);
  const canAsk = still !== null && !isPending;
  const isDrawing = still !== null && drawnOn === still;
  if (!hasPlayer()) return null;

  function look({ timeMs }: Still, region: Region | null): void {
    const time = clock(timeMs);
    setSaid(say('frame.isLooking', { time }));
    act(async () => {
      try {
        const { found, faces } = await ask('frame.identify', { sceneId, timeMs, region });
        model.change(() => faces);
        onFound({ at: faces.observedAt, keys: found });
        const isMarked = region === null ? 'no' : 'yes';
        setSaid(say('frame.found', { count: found.length, time, isMarked }));
      } catch (error) {
        setSaid('');
        throw error;
      }
      bar.current?.scrollIntoView({ block: 'nearest' });
      return null;
    });
  }

  return (
    <div className="stash-sense-frame" ref={bar}>
      <MinorButton disabled={!canAsk} onClick={() => still !== null && look(still, null)}>
        <Icon icon={faMagnifyingGlass} /> {say('frame.ask')}
      </MinorButton>
      <Button
        variant="secondary"
        size="sm"
        ref={markButton}
        disabled={!canAsk}
        aria-pressed={isDrawing && canAsk}
        onClick={() => {
          still?.video.scrollIntoView({ block: 'nearest' });
          setDrawnOn(isDrawing ? null : still);
        }}
      >
        <Icon icon={faPen} /> {say('frame.mark')}
      </Button>
      <span className="text-muted" role="status">
        {still === null ? say('frame.pauseFirst') : isDrawing ? say('frame.draw') : said}
      </span>
      {isDrawing && canAsk && (
        <DrawRegion
          video={still.video}
          onEnd={(region) => {
            setDrawnOn(null);
            markButton.current?.focus();
            if (region !== null) look(still, region);
          }}
        />
      )}
    </div>
  );
}

/** What the player shows while it stands still; null while it plays. */
function useStill(): Still | null {
  const [still, setStill] = useState(stillOfPlayer);
  useEffect(() => {
    const note = (): void => {
      const now = stillOfPlayer();
      setStill((before) => (before?.video === now?.video && before?.timeMs === now?.timeMs ? before : now));
    };
    note();
    return onPlayerChange(note);
  }, []);
  return still;
}
