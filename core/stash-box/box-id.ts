const UUID = /^[0-9a-f]{8}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{12}$/i;

/** The form in which a stash-box answers an id: lower case, with dashes. Null: it is no id of a stash-box. */
export function toBoxId(id: string): string | null {
  if (!UUID.test(id)) return null;
  const digits = id.toLowerCase().replaceAll('-', '');
  return digits.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}

/** The id in a text that should have been one: a page's address, or an id in braces. Null: there is none. */
export function boxIdIn(text: string): string | null {
  const inside = /[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/i.exec(text)?.[0] ?? '';
  return toBoxId(text.trim()) ?? toBoxId(inside);
}
