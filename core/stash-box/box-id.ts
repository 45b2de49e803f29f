const UUID = /^[0-9a-f]{8}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{12}$/i;

/** The form in which a stash-box answers an id: lower case, with dashes. Null: it is no id of a stash-box. */
export function toBoxId(id: string): string | null {
  if (!UUID.test(id)) return null;
  const digits = id.toLowerCase().replaceAll('-', '');
  return digits.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}
