import { faCheck, faTimes } from '@fortawesome/free-solid-svg-icons';
import React, { useState } from 'react';
import { Button } from 'react-bootstrap';
import type { SuggestionView } from '../../core/contract/suggestions.ts';
import { WhatBoxKnows, type Taken } from '../shared/box-offers/what-box-knows.tsx';
import { useAct } from '../shared/hooks/use-act.ts';
import { Confidence } from '../shared/widgets/confidence.tsx';
import { MinorButton } from '../shared/widgets/minor-button.tsx';
import { Icon } from '../stash/icon.tsx';
import { say } from '../stash/intl.tsx';
import { refreshAfterWrite } from '../stash/library.ts';
import { ask } from '../stash/operations.ts';
import type { Toast } from '../stash/toast.tsx';
import { rendererOf } from '../suggestions/kinds/index.ts';
import { undoEntry } from './undo-entry.ts';

type Props = {
  readonly suggestion: SuggestionView;
  /** Name of the performer. */
  readonly title: string;
  /** Of what is drawn longer: an undo comes when the suggestion is no longer shown. */
  readonly toast: Toast;
  readonly onChanged: () => void;
};

/** Who the performer may be at a stash-box, or what is wrong with an id: both pictures, what speaks for it, and what to do. */
export function Found({ suggestion, title, toast, onChanged }: Props): React.ReactElement {
  const [isOpen, setOpen] = useState(false);
  const { isPending, accept, reject } = useDecision(suggestion, toast, onChanged);
  const { Body, Title, Evidence, words } = rendererOf(suggestion);
  const { name, accept: label, acceptNamed, reject: no, rejectNamed } = words(suggestion);
  const part = { suggestion, title, tabIndex: 0, choosing: null };
  return (
    <li
      className="stash-sense-found"
      role="group"
      aria-label={say('suggestions.nameInTitle', { name, title })}
    >
      <Body {...part} />
      <div className="stash-sense-found-text">
        <div className="stash-sense-heading">
          <span className="stash-sense-name">
            <Title {...part} />
          </span>
          <Confidence confidence={suggestion.confidence} />
        </div>
        <div className="text-muted stash-sense-evidence">
          <Evidence {...part} />
        </div>
        <div className="stash-sense-actions">
          <Button
            variant="primary"
            size="sm"
            disabled={isPending}
            aria-label={acceptNamed}
            onClick={() => accept()}
          >
            <Icon icon={faCheck} /> {label}
          </Button>
          <MinorButton disabled={isPending} aria-label={rejectNamed} onClick={reject}>
            <Icon icon={faTimes} /> {no}
          </MinorButton>
          {suggestion.kind === 'performer-stash-id' && (
            <MinorButton
              aria-expanded={isOpen}
              aria-label={say('boxOffers.compareNamed', { name })}
              onClick={() => setOpen(!isOpen)}
            >
              {say('performer.compare')}
            </MinorButton>
          )}
        </div>
        {isOpen && suggestion.kind === 'performer-stash-id' && (
          <WhatBoxKnows
            at={{
              performerId: suggestion.entity.id,
              stashId: suggestion.payload.stashId,
              imageId: suggestion.evidence.imageId,
            }}
            isPending={isPending}
            isNeverEmpty
            act={(count) => say('boxOffers.link', { count })}
            onTake={accept}
          />
        )}
      </div>
    </li>
  );
}

type Decision = {
  readonly isPending: boolean;
  readonly accept: (taken?: Taken) => void;
  readonly reject: () => void;
};

function useDecision(suggestion: SuggestionView, toast: Toast, onChanged: () => void): Decision {
  const { isPending, act } = useAct(onChanged);
  const { id, entity } = suggestion;
  const { name, acceptedNamed } = rendererOf(suggestion).words(suggestion);

  async function takeBack(work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (error) {
      toast.failed(error);
    }
    onChanged();
  }

  async function undo(journalId: string): Promise<void> {
    const done = await undoEntry(toast, journalId, entity);
    if (done !== null) toast.done(done);
  }

  async function reopen(): Promise<void> {
    await ask('suggestions.reopen', { ids: [id] });
    toast.done(say('undo.done'));
  }

  return {
    isPending,
    accept: (taken) =>
      act(async () => {
        const choices = taken === undefined ? {} : { choices: { [id]: { take: taken } } };
        const { accepted, refused, dryRun } = await ask('suggestions.accept', { ids: [id], ...choices });
        const [no] = refused;
        if (no) {
          toast.warn(say(no.reason));
          return null;
        }
        await refreshAfterWrite([], [], [entity]);
        const { journalId = null, note } = accepted[0] ?? {};
        if (dryRun) toast.warn(say('faces.dryRunNamed', { name }));
        else if (note != null) toast.warn(say(note));
        else
          toast.done(
            acceptedNamed,
            journalId === null ? undefined : () => void takeBack(async () => await undo(journalId)),
          );
        return null;
      }),
    reject: () =>
      act(async () => {
        const [no] = (await ask('suggestions.reject', { ids: [id] })).refused;
        if (no) {
          toast.warn(say(no.reason));
          return null;
        }
        const { act: done } = rendererOf(suggestion);
        toast.done(say('suggestions.notedNot', { act: done, count: 1, name }), () => void takeBack(reopen));
        return null;
      }),
  };
}
