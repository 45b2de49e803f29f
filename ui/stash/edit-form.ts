/** Stash's forms of a scene, an image and a gallery; drawn anew from the server they forget what was typed. */
const FORMS = '#scene-edit-details, #image-edit-details, #gallery-edit-details';
/** The save button is enabled, or an input is invalid. */
const CHANGED = '.edit-buttons .btn-primary:not(:disabled), .is-invalid';
const LOOK_EVERY_MS = 1000;

/** Whether a form of Stash on this page, visible or not, has unsaved changes. */
export function hasUnsavedEdits(): boolean {
  return [...document.querySelectorAll(FORMS)].some((form) => form.querySelector(CHANGED) !== null);
}

/** Resolves when the changes were saved or discarded. */
export async function editsSettled(): Promise<void> {
  while (hasUnsavedEdits()) await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
}
