/** The name as Stash shows it: two performers of one name differ by their disambiguation. */
export function shownName({
  name,
  disambiguation,
}: {
  readonly name: string;
  readonly disambiguation?: string | null | undefined;
}): string {
  return disambiguation ? `${name} (${disambiguation})` : name;
}
