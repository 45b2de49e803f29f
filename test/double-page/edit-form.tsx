import React, { useState } from 'react';
import { Button, Form as Bootstrap } from 'react-bootstrap';

type Props = { readonly title: string; readonly performerIds: readonly string[] };

/**
Stash's form of a scene, as far as it matters to plugins (SceneEditPanel.tsx): it begins anew whenever what it was given
changes, the performers too, and Save can be pressed when something was changed and is right.
*/
export function EditForm(props: Props): React.ReactElement {
  return <Form key={JSON.stringify(props)} {...props} />;
}

function Form({ title }: Props): React.ReactElement {
  const [typed, setTyped] = useState(title);
  const [saved, setSaved] = useState(title);
  const isWrong = typed === '';
  return (
    <div id="scene-edit-details">
      <Bootstrap noValidate onSubmit={(event) => event.preventDefault()}>
        <div className="edit-buttons">
          <Button
            className="edit-button"
            variant="primary"
            disabled={typed === saved || isWrong}
            onClick={() => setSaved(typed)}
          >
            Save
          </Button>
          <Button className="edit-button" variant="danger">
            Delete
          </Button>
        </div>
        <Bootstrap.Control
          aria-label="Title"
          className="text-input"
          isInvalid={isWrong}
          value={typed}
          onChange={(event) => setTyped(event.target.value)}
        />
      </Bootstrap>
    </div>
  );
}
