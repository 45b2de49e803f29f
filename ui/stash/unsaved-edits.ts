/** Stash's forms of a scene, an image and a gallery; drawn anew from the server they forget what was typed. */
const FORMS = '#scene-edit-details, #image-edit-details, #gallery-edit-details';
/** Save can be pressed, or could be if what was typed were right. */
const CHANGED = '.edit-buttons .btn-primary:not(:disabled), .is-invalid';
const LOOK_EVERY_MS = 1000;

/** Something was typed into a form of Stash's that is on this page, seen or not, and is not saved. */
export function hasUnsavedEdits(): boolean {
  return [...document.querySelectorAll(FORMS)].some((form) => form.querySelector(CHANGED) !== null);
}

/** Until they were saved or discarded. */
export async function editsSettled(): Promise<void> {
  while (hasUnsavedEdits()) await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
}
