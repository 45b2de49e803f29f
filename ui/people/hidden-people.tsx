import React, { useState } from 'react';
import { Button } from 'react-bootstrap';
import { useAct } from '../shared/hooks/use-act.ts';
import { usePages } from '../shared/hooks/use-pages.ts';
import { UndoDecision } from '../shared/widgets/decision-buttons.tsx';
import { Face } from '../shared/widgets/face.tsx';
import { Notice } from '../shared/widgets/notice.tsx';
import { Pager } from '../shared/widgets/pager.tsx';
import { ago } from '../shared/words.ts';
import { say } from '../stash/intl.tsx';
import { ask } from '../stash/operations.ts';
import { useToast } from '../stash/toast.tsx';

type Props = { readonly count: number; readonly onChanged: () => void };

/** Whom the user called nobody of interest, once they are asked for: the way back. */
export function HiddenPeople({ count, onChanged }: Props): React.ReactElement {
  const [isOpen, setOpen] = useState(false);
  return (
    <section>
      <Button
        variant="link"
        className="stash-sense-inline"
        aria-expanded={isOpen}
        onClick={() => setOpen(!isOpen)}
      >
        {say('people.hidden', { count })}
      </Button>
      {isOpen && <Hidden key={count} onChanged={onChanged} />}
    </section>
  );
}

const AT_ONCE = 30;

function Hidden({ onChanged }: Pick<Props, 'onChanged'>): React.ReactElement | null {
  const { answer, problem, place } = usePages('people.hidden', undefined, AT_ONCE);
  const { isPending, act } = useAct(onChanged);
  const toast = useToast();
  if (problem !== null) return <Notice variant="danger">{problem}</Notice>;
  if (answer === null) return null;
  const show = async (hiddenId: string): Promise<null> => {
    await ask('faces.unhide', { hiddenId });
    toast.done(say('naming.isShownAgain'));
    return null;
  };
  return (
    <>
      <p className="text-muted">{say('people.hiddenHint')}</p>
      <ul className="list-unstyled stash-sense-hidden-people">
        {answer.items.map(({ hiddenId, at, crop }) => (
          <li key={hiddenId}>
            <Face url={crop} label={say('people.hiddenPicture', { time: ago(at) })} size="small" />
            <UndoDecision
              named={say('naming.undoNobody')}
              isPending={isPending}
              onClick={() => act(() => show(hiddenId))}
            />
          </li>
        ))}
      </ul>
      <Pager {...place} shown={answer.items.length} total={answer.total} />
    </>
  );
}
