import React, { useState } from 'react';
import type { Message } from '../../core/messages/message.ts';
import { useAct } from '../shared/hooks/use-act.ts';
import { MinorButton } from '../shared/widgets/minor-button.tsx';
import { say } from '../stash/intl.tsx';
import { ask } from '../stash/operations.ts';

/** What the user has confirmed as a file of numbers, which they may give to a publisher. */
export function ExportReferences(): React.ReactElement {
  const [said, setSaid] = useState<readonly Message[]>([]);
  const { isPending, act } = useAct(() => undefined);
  return (
    <section className="mb-3" aria-label={say('export.title')}>
      <div className="stash-sense-heading">
        <h6>{say('export.title')}</h6>
        <MinorButton
          disabled={isPending}
          onClick={() =>
            act(async () => {
              setSaid([]);
              setSaid((await ask('referencePacks.export', {})).said);
              return null;
            })
          }
        >
          {say('export.start')}
        </MinorButton>
      </div>
      <p className="text-muted">{say('export.about')}</p>
      <div role="status">
        {said.map((one) => (
          <p key={one.id}>{say(one)}</p>
        ))}
      </div>
    </section>
  );
}
