/**
Stash's form of a scene, an image or a gallery on this page.

It holds every field as it was when the form was drawn, and Save writes every field: who was added meanwhile is taken off
again. Drawn anew from the server, the form forgets what was typed.
*/
export type EditForm = {
  /** `edited`: has unsaved edits. `busy`: Stash shows a spinner in its place, while it saves or asks a scraper. */
  readonly state: 'none' | 'clean' | 'edited' | 'busy';
  /** Ids of the performers chosen in it; null: not known. */
  readonly performerIds: readonly string[] | null;
  /** How often edits were saved since the page was loaded. */
  readonly saves: number;
};

export type FormPerformer = { readonly id: string; readonly name: string };

/** The props of Stash's field of performers. */
export type PerformerField = {
  readonly values: readonly FormPerformer[];
  readonly onSelect: (chosen: readonly FormPerformer[]) => void;
};

const FORMS = '#scene-edit-details, #image-edit-details, #gallery-edit-details';
/** The save button is enabled, or an input is invalid. */
const CHANGED = '.edit-buttons .btn-primary:not(:disabled), .is-invalid';
const LOOK_EVERY_MS = 1000;

const listeners = new Set<(form: EditForm) => void>();
let shown: EditForm = { state: 'none', performerIds: null, saves: 0 };
/** Of the tabs of the page: it stays while a spinner is in the place of the form. */
let pane: Element | null = null;
let field: (PerformerField & { readonly anchor: Element }) | null = null;
/** There were edits before Stash showed its spinner. */
let hadEdits = false;

export function editForm(): EditForm {
  const state = stateNow();
  const saves = shown.saves + (state === 'clean' && shown.state === 'busy' && hadEdits ? 1 : 0);
  if (state !== 'busy') hadEdits = state === 'edited';
  const performerIds = fieldNow()?.values.map(({ id }) => id) ?? null;
  const isNew =
    state !== shown.state || saves !== shown.saves || performerIds?.join() !== shown.performerIds?.join();
  if (isNew) {
    shown = { state, performerIds, saves };
    for (const listener of listeners) listener(shown);
  }
  return shown;
}

function stateNow(): EditForm['state'] {
  const forms = [...document.querySelectorAll(FORMS)];
  const [form] = forms;
  if (form === undefined) return pane?.isConnected === true ? 'busy' : 'none';
  pane = form.closest('.tab-pane');
  return forms.some((one) => one.querySelector(CHANGED) !== null) ? 'edited' : 'clean';
}

function fieldNow(): PerformerField | null {
  return field?.anchor.isConnected === true ? field : null;
}

/** As it was last seen. */
export function lastEditForm(): EditForm {
  return shown;
}

/** @returns unsubscribes */
export function watchEditForm(listener: (form: EditForm) => void): () => void {
  listeners.add(listener);
  listener(editForm());
  return () => void listeners.delete(listener);
}

/**
To be called when a field of performers was drawn; does nothing where it is in none of these forms.

@returns to be called when it is gone
*/
export function enterEditForm(anchor: Element): () => void {
  const form = anchor.closest(FORMS);
  if (form === null) return () => undefined;
  const observer = new MutationObserver(() => void editForm());
  observer.observe(form, { subtree: true, attributes: true, attributeFilter: ['class', 'disabled'] });
  // The form takes over what was saved in an effect that runs after this one.
  const timer = setTimeout(editForm);
  return () => {
    clearTimeout(timer);
    observer.disconnect();
    editForm();
  };
}

/** To be called each time that field is drawn. */
export function notePerformerField(anchor: Element, { values, onSelect }: PerformerField): void {
  if (anchor.closest(FORMS) === null) return;
  field = { anchor, values, onSelect };
  // A form that comes back after the spinner is looked at when it has taken over what was saved.
  if (shown.state !== 'busy') editForm();
}

export function isUnsaved({ state }: EditForm): boolean {
  return state === 'edited' || state === 'busy';
}

/** Whether the form holds edits, on screen or not. */
export function hasUnsavedEdits(): boolean {
  return isUnsaved(editForm());
}

/** Resolves when the edits were saved or discarded. */
export async function editsSettled(): Promise<void> {
  while (hasUnsavedEdits()) await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
}

/** Chooses performers in the form, as if by hand; does nothing where there is no form. */
export function putIntoForm(performers: readonly FormPerformer[]): void {
  const found = fieldNow();
  if (found === null) return;
  const missing = performers.filter(({ id }) => !found.values.some((chosen) => chosen.id === id));
  // Stash's own form makes such entries from what was scraped.
  if (missing.length > 0)
    found.onSelect([...found.values, ...missing.map(({ id, name }) => ({ id, name, alias_list: [] }))]);
}

export function takeOutOfForm(performerIds: readonly string[]): void {
  const found = fieldNow();
  const kept = found?.values.filter(({ id }) => !performerIds.includes(id));
  if (kept !== undefined && kept.length !== found?.values.length) found?.onSelect(kept);
}
