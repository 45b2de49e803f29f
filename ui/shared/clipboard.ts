/** Stash is often plain http, where a page may not reach the clipboard. */
export async function toClipboard(text: string): Promise<boolean> {
  const { clipboard } = navigator as Partial<Navigator>;
  if (clipboard === undefined) return false;
  return await clipboard.writeText(text).then(
    () => true,
    () => false,
  );
}

/** The old way, which plain http allows: copies what is marked. */
export function copyMarked(): boolean {
  try {
    return document.execCommand('copy');
  } catch {
    return false;
  }
}
