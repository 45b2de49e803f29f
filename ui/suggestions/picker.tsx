import { faTimes } from '@fortawesome/free-solid-svg-icons';
import React, { useEffect, useState } from 'react';
import { Button, Form } from 'react-bootstrap';
import { useLookUp } from '../shared/hooks/use-look-up.ts';
import { MinorButton } from '../shared/widgets/minor-button.tsx';
import { Icon } from '../stash/icon.tsx';
import { say } from '../stash/intl.tsx';

type Pickable = { readonly id: string; readonly name: string };

type Props = {
  readonly label: string;
  /** Null: any. */
  readonly chosenId: string | null;
  /** Those whose name has the text in it. The same function at each drawing. */
  readonly find: (text: string) => Promise<readonly Pickable[]>;
  /** The name of one that the page's address has; null: Stash has none of this id. The same function at each drawing. */
  readonly nameOf: (id: string) => Promise<string | null>;
  readonly onChoose: (id: string | null) => void;
};

/** A studio or a performer, looked up in Stash by name; what is chosen is taken out by a press. */
export function Picker({ label, chosenId, find, nameOf, onChoose }: Props): React.ReactElement {
  const [text, setText] = useState('');
  const [known, setKnown] = useState<Pickable | null>(null);
  const { found, problem } = useLookUp(text.trim(), find);
  const isKnown = chosenId === null || known?.id === chosenId;

  useEffect(() => {
    if (isKnown || chosenId === null) return undefined;
    let isNewest = true;
    // Where Stash does not answer, the id stands for the name.
    nameOf(chosenId).then(
      (name) => isNewest && setKnown({ id: chosenId, name: name ?? chosenId }),
      () => isNewest && setKnown({ id: chosenId, name: chosenId }),
    );
    return () => {
      isNewest = false;
    };
  }, [isKnown, chosenId, nameOf]);

  if (chosenId !== null)
    return (
      <Button variant="secondary" title={say('suggestions.anyAgain')} onClick={() => onChoose(null)}>
        {label}: {isKnown ? known?.name : '…'} <Icon icon={faTimes} />
      </Button>
    );

  const choose = (one: Pickable): void => {
    setKnown(one);
    setText('');
    onChoose(one.id);
  };
  return (
    <div className="stash-sense-picker">
      <Form.Control
        type="text"
        className="text-input"
        autoComplete="off"
        placeholder={label}
        aria-label={label}
        value={text}
        onChange={(event) => setText(event.target.value)}
        onKeyDown={(event: React.KeyboardEvent) => {
          if (event.key === 'Escape') setText('');
          if (event.key !== 'Enter') return;
          // It would ask for the text of the filter.
          event.preventDefault();
          // While a word is being composed, Enter belongs to the input method.
          if (found?.[0] !== undefined && !event.nativeEvent.isComposing) choose(found[0]);
        }}
      />
      {(found !== null || problem !== null) && (
        <ul className="stash-sense-picked list-unstyled" role="status">
          {problem !== null && <li className="text-danger">{problem}</li>}
          {found?.length === 0 && <li className="text-muted">{say('suggestions.noneOfName')}</li>}
          {found?.map((one) => (
            <li key={one.id}>
              <MinorButton onClick={() => choose(one)}>{one.name}</MinorButton>
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}
