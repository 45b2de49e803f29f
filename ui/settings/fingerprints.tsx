import React, { useState } from 'react';
import type { Output } from '../../core/contract/operations.ts';
import { Switch } from '../shared/fields.tsx';
import { useAct, useIsHere } from '../shared/hooks/use-act.ts';
import { useAnswer } from '../shared/hooks/use-answer.ts';
import { MinorButton } from '../shared/widgets/minor-button.tsx';
import { Problem } from '../shared/widgets/problem.tsx';
import { say } from '../stash/intl.tsx';
import { ask } from '../stash/operations.ts';
import { useToast } from '../stash/toast.tsx';

type Box = Output<'fingerprints.view'>['boxes'][number];

/** To which stash-boxes fingerprints are given back, each switched on or off at once; nothing where Stash has none with a key. */
export function Fingerprints(): React.ReactElement | null {
  const { answer, problem, reload } = useAnswer('fingerprints.view', {});
  const [sent, setSent] = useState<{ endpoint: string; scenes: number } | null>(null);
  const { isPending, act } = useAct(reload);
  const isHere = useIsHere();
  const toast = useToast();
  const boxes = answer?.boxes ?? [];
  if (problem === null && boxes.length === 0) return null;

  const set = ({ endpoint, name, isOn }: Box): void =>
    act(async () => {
      await ask('fingerprints.set', { endpoint, isOn: !isOn });
      return say('fingerprints.isSet', { isOn: String(!isOn), box: name });
    });
  /** A few scenes in a call, so that leaving the page ends it. */
  const give = ({ endpoint, name }: Box): void =>
    act(async () => {
      const sum = { scenes: 0, fingerprints: 0 };
      let refused: Output<'fingerprints.give'>['problem'] = null;
      try {
        for (let from: number | null = 0; from !== null && isHere.current;) {
          setSent({ endpoint, scenes: sum.scenes });
          const part: Output<'fingerprints.give'> = await ask('fingerprints.give', { endpoint, from });
          sum.scenes += part.scenes;
          sum.fingerprints += part.fingerprints;
          if (part.dryRun) toast.warn(say('fingerprints.dryRun'));
          if (part.dryRun) return null;
          // One scene may be refused, and the rest goes on.
          refused = part.problem ?? refused;
          from = part.next;
        }
      } finally {
        if (isHere.current) setSent(null);
      }
      const given = say('fingerprints.given', { ...sum, box: name });
      if (refused === null) return given;
      // In one toast: Stash shows one at a time.
      toast.warn(sum.scenes === 0 ? say(refused) : `${given} ${say(refused)}`);
      return null;
    });

  return (
    <fieldset className="stash-sense-settings">
      <legend>{say('fingerprints.title')}</legend>
      <p className="text-muted">{say('fingerprints.help')}</p>
      {problem !== null && <Problem message={problem} onRetry={reload} />}
      {boxes.map((box) => (
        <div key={box.endpoint}>
          <Switch
            label={box.name}
            help={say('fingerprints.counts', {
              linked: box.linked,
              scenes: box.scenes,
              fingerprints: box.fingerprints,
            })}
            isOn={box.isOn}
            isDisabled={isPending}
            onChange={() => set(box)}
          />
          {box.isOn && (
            <div className="stash-sense-actions">
              <MinorButton
                disabled={isPending}
                aria-label={say('fingerprints.giveNamed', { box: box.name })}
                onClick={() => give(box)}
              >
                {say('fingerprints.give')}
              </MinorButton>
              {sent?.endpoint === box.endpoint && (
                <span role="status" className="text-muted">
                  {say('fingerprints.isGiving', { scenes: sent.scenes })}
                </span>
              )}
            </div>
          )}
        </div>
      ))}
    </fieldset>
  );
}
