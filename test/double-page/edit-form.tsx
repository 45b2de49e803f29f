/**
Stash's form of a scene and of an image, as far as it matters to plugins (SceneEditPanel.tsx, ImageEditPanel.tsx, Formik).

It begins anew whenever what it was given changes, the performers too. Save writes every field, and a spinner stands in the
place of the form until Stash has answered.
*/
import { useMutation } from '@apollo/client';
import React, { useState } from 'react';
import { Button, Form } from 'react-bootstrap';
import { Prompt } from 'react-router-dom';
import { PerformerSelect, type Performer } from './performer-select.tsx';
import { UPDATE_IMAGE, UPDATE_SCENE } from './queries.ts';
import { useToast } from './toast.tsx';

type Values = { readonly title: string; readonly performer_ids: readonly string[] };
type Edited = { readonly id: string; readonly title: string; readonly performers: readonly Performer[] };

const KINDS = {
  scene: { element: 'scene-edit-details', update: UPDATE_SCENE },
  image: { element: 'image-edit-details', update: UPDATE_IMAGE },
} as const;

export function EditForm({ kind, entity }: { kind: keyof typeof KINDS; entity: Edited }): React.ReactElement {
  const { element, update } = KINDS[kind];
  const form = useForm({ title: entity.title, performer_ids: entity.performers.map(({ id }) => id) });
  const [given, setGiven] = useState(entity.performers);
  const [performers, setPerformers] = useState(given);
  if (given !== entity.performers) {
    setGiven(entity.performers);
    setPerformers(entity.performers);
  }
  const [isLoading, setLoading] = useState(false);
  const [save] = useMutation<unknown, { input: Values & { id: string } }>(update);
  const toast = useToast();
  const { title } = form.values;
  const isWrong = title === '';

  async function onSave(): Promise<void> {
    setLoading(true);
    try {
      await save({ variables: { input: { id: entity.id, ...form.values } } });
      toast.success(`Updated ${kind}`);
      form.reset();
    } catch (error) {
      toast.error(error);
    }
    setLoading(false);
  }

  if (isLoading) return <div className="LoadingIndicator">Loading…</div>;
  return (
    <div id={element}>
      <Prompt when={form.isDirty} message="Unsaved changes. Are you sure you want to leave?" />
      <Form noValidate onSubmit={(event) => event.preventDefault()}>
        <div className="edit-buttons">
          <Button
            className="edit-button"
            variant="primary"
            disabled={!form.isDirty || isWrong}
            onClick={() => void onSave()}
          >
            Save
          </Button>
          <Button className="edit-button" variant="danger">
            Delete
          </Button>
        </div>
        <Form.Group controlId="title" data-field="title">
          <Form.Label>Title</Form.Label>
          <Form.Control
            className="text-input"
            name="title"
            isInvalid={isWrong}
            value={title}
            onChange={(event) => form.set({ title: event.target.value })}
          />
        </Form.Group>
        <Form.Group controlId="performer_ids" data-field="performer_ids">
          <Form.Label>Performers</Form.Label>
          <PerformerSelect
            isMulti
            values={performers}
            onSelect={(chosen) => {
              setPerformers(chosen);
              form.set({ performer_ids: chosen.map(({ id }) => id) });
            }}
          />
        </Form.Group>
      </Form>
    </div>
  );
}

/** Formik with `enableReinitialize`: new initial values that differ take the place of what was typed. */
function useForm(given: Values): {
  values: Values;
  isDirty: boolean;
  set: (change: Partial<Values>) => void;
  reset: () => void;
} {
  const [{ initial, values }, setState] = useState({ initial: given, values: given });
  if (!isEqual(initial, given)) setState({ initial: given, values: given });
  return {
    values,
    isDirty: !isEqual(initial, values),
    set: (change) => setState((before) => ({ ...before, values: { ...before.values, ...change } })),
    reset: () => setState((before) => ({ ...before, values: before.initial })),
  };
}

function isEqual(one: Values, other: Values): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}
