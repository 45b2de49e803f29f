/** The stash IDs of a performer or a scene, box by box. */
import type { StashIdValue } from '../../../core/changes/change.ts';
import { idsOfBox } from '../../../core/changes/values.ts';
import type { BoxView } from '../../../core/contract/stash-box/box-view.ts';
import type { SuggestionView } from '../../../core/contract/suggestions.ts';
import { nameInSettings, shownBox } from '../../../core/reference-packs/box-address.ts';
import type { Context } from '../../runs/task.ts';

type Known = {
  readonly stashIds: readonly StashIdValue[];
  /** What is suggested of it, with the stash-box that was asked. */
  readonly suggested: readonly { readonly at: string; readonly view: SuggestionView }[];
  /** Unix milliseconds; null: never. */
  readonly lookedUpAt: (endpoint: string) => Promise<number | null>;
};

/** The stash-boxes of the settings, then others of which it has ids. */
export async function boxRows(
  { stashBoxes }: Pick<Context, 'stashBoxes'>,
  { stashIds, suggested, lookedUpAt }: Known,
): Promise<BoxView[]> {
  const known = await stashBoxes.list();
  const others = stashIds
    .map(({ endpoint }) => endpoint)
    .filter(
      (endpoint, at, all) => all.indexOf(endpoint) === at && !known.some((box) => box.endpoint === endpoint),
    )
    .map((endpoint) => ({ endpoint, name: shownBox(endpoint), hasKey: false }));
  const rows: BoxView[] = [];
  for (const { endpoint, name, hasKey } of [...known, ...others])
    rows.push({
      endpoint,
      name: nameInSettings({ endpoint, name }),
      hasKey,
      ids: idsOfBox(stashIds, endpoint),
      lookedUpAt: await lookedUpAt(endpoint),
      trouble: hasKey ? await stashBoxes.trouble(endpoint) : null,
      suggestions: suggested.filter(({ at }) => at === endpoint).map(({ view }) => view),
    });
  return rows;
}
