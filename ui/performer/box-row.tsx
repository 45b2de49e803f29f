import React, { useState } from 'react';
import { Badge } from 'react-bootstrap';
import type { Output } from '../../core/contract/operations.ts';
import { WhatBoxKnows, type Taken } from '../shared/box-offers/what-box-knows.tsx';
import { useAct } from '../shared/hooks/use-act.ts';
import { BoxLinks } from '../shared/pack-people/box-link.tsx';
import { MinorButton } from '../shared/widgets/minor-button.tsx';
import { Notice } from '../shared/widgets/notice.tsx';
import { ago } from '../shared/words.ts';
import { say } from '../stash/intl.tsx';
import { refreshAfterWrite } from '../stash/library.ts';
import { ask } from '../stash/operations.ts';
import { useToast } from '../stash/toast.tsx';
import type { Decisions } from '../suggestions/decisions/decisions.ts';
import { Found } from './found.tsx';

type Props = {
  readonly performerId: string;
  /** Of the performer. */
  readonly name: string;
  readonly box: Output<'stashIds.ofPerformer'>['boxes'][number];
  /** Why the last look-up failed, as far as the page knows. */
  readonly problem: string | null;
  readonly decisions: Decisions;
  readonly onChanged: () => void;
};

/** One stash-box: the ids that the performer has there, or that there is none, and who they may be. */
export function BoxRow({
  performerId,
  name,
  box,
  problem: lastProblem,
  decisions,
  onChanged,
}: Props): React.ReactElement {
  const { endpoint, ids, hasKey, suggestions, trouble } = box;
  const problem = lastProblem ?? (trouble === null ? null : say(trouble));
  return (
    <li className="stash-sense-box-row">
      <div className="stash-sense-heading">
        <h6 className="stash-sense-name">{box.name}</h6>
        {ids.length === 0 && (
          <Badge variant="secondary" className="stash-sense-badge">
            {say('performer.noId')}
          </Badge>
        )}
        <BoxLinks stashIds={ids.map((stashId) => ({ endpoint, stashId }))} name={name} />
        <span className="text-muted">{lookUpWords(box, problem)}</span>
      </div>
      {problem !== null && <Notice variant="warning">{problem}</Notice>}
      {hasKey &&
        ids.map((stashId) => (
          <Linked
            key={stashId}
            at={{ performerId, stashId: { endpoint, stashId } }}
            name={name}
            box={box.name}
            onChanged={onChanged}
          />
        ))}
      {suggestions.length > 0 && (
        <ul className="list-unstyled">
          {suggestions.map((suggestion) => (
            <Found key={suggestion.id} suggestion={suggestion} title={name} decisions={decisions} />
          ))}
        </ul>
      )}
    </li>
  );
}

/** Who was linked since is not looked up yet: that need not be said, nor of whom it was tried in vain. */
function lookUpWords({ hasKey, ids, lookedUpAt }: Props['box'], problem: string | null): string {
  if (!hasKey) return say('performer.noKey');
  if (lookedUpAt !== null) return say('performer.lookedUp', { time: ago(lookedUpAt) });
  return ids.length === 0 && problem === null ? say('performer.neverLookedUp') : '';
}

type LinkedProps = {
  readonly at: { readonly performerId: string; readonly stashId: { endpoint: string; stashId: string } };
  readonly name: string;
  readonly box: string;
  readonly onChanged: () => void;
};

/** What the stash-box knows of the one who is linked. */
function Linked({ at, name, box, onChanged }: LinkedProps): React.ReactElement {
  const [isOpen, setOpen] = useState(false);
  const toast = useToast();
  const { isPending, act } = useAct(onChanged);

  const refresh = async (): Promise<void> =>
    await refreshAfterWrite([], [], [{ kind: 'performer', id: at.performerId }]);
  const undo = (journalId: string): void =>
    act(async () => {
      const [first] = (await ask('journal.undo', { ids: [journalId] })).refused;
      await refresh();
      if (first) toast.warn(say('undo.refused', { reason: first.reason }));
      return first ? null : say('undo.done');
    });
  const take = (taken: Taken, count: number): void =>
    act(async () => {
      const { journalId, dryRun, note } = await ask('stashBoxes.take', { ...at, taken });
      await refresh();
      if (dryRun) toast.warn(say('faces.dryRunNamed', { name }));
      else if (note !== null) toast.warn(say(note));
      else
        toast.done(
          say('boxOffers.taken', { count, name, box }),
          journalId === null ? undefined : () => undo(journalId),
        );
      return null;
    });

  return (
    <>
      <div className="stash-sense-actions">
        <MinorButton
          aria-expanded={isOpen}
          aria-label={say('performer.compareNamed', { box, name })}
          onClick={() => setOpen(!isOpen)}
        >
          {say('performer.compare')}
        </MinorButton>
      </div>
      {isOpen && (
        <WhatBoxKnows
          at={at}
          isPending={isPending}
          act={(count) => say('boxOffers.take', { count })}
          onTake={take}
        />
      )}
    </>
  );
}
