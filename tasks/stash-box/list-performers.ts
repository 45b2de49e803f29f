/** One row a performer: who they are, the ids they have, and all that is suggested about their stash IDs. */
import { scalarOf, stashIdsOf } from '../../core/changes/values.ts';
import type { PerformerLinks } from '../../core/contract/stash-box.ts';
import type { Input, Output } from '../../core/contract/operations.ts';
import { StashSenseError } from '../../core/errors.ts';
import { message } from '../../core/messages/message.ts';
import type { PerformerFilter } from '../../core/ports/suggestions.ts';
import { nameInSettings } from '../../core/reference-packs/box-address.ts';
import type { Suggestion } from '../../core/suggestions/suggestion.ts';
import { settleNamed } from '../accepted/named.ts';
import { findUnderWay } from '../runs/run-views.ts';
import type { Context } from '../runs/task.ts';
import { readPerformerList, withName } from '../suggestions/listed/performer-list.ts';
import { toFilter } from '../suggestions/listed/to-filter.ts';
import { withView } from '../suggestions/views/viewer.ts';
import { linkRequests } from './requests.ts';

type Parts = Pick<Context, 'store' | 'library' | 'exclusions' | 'stashBoxes' | 'limits' | 'now'>;
type Asked = Input<'stashIds.performers'>;
type Page = {
  readonly total: number;
  readonly listed: number | null;
  readonly ids: readonly string[];
  readonly next: string | null;
};

/** Each page costs the same few questions of the store and one of Stash, however many performers and suggestions there are. */
export async function listPerformers(parts: Parts, asked: Asked): Promise<Output<'stashIds.performers'>> {
  const filter = await filterOf(parts, asked);
  const [page, boxes] = await Promise.all([readPage(parts, filter, asked), boxesOf(parts)]);
  const read = await parts.library.fieldsOf('performer', page.ids, ['name', 'disambiguation', 'stashIds']);
  const missing = page.ids.filter((id) => !read.has(id));
  const suggestions = await parts.store.suggestions.aboutPerformers(filter, page.ids);
  if (missing.length > 0) {
    // Deleted in Stash, or merged into another one there.
    const gone = suggestions.filter(({ entity }) => missing.includes(entity.id));
    await settleNamed(parts, new Map(gone.map(({ entity, entityTitle }) => [entity.id, entityTitle])));
  }
  const present = page.ids.filter((id) => read.has(id));
  const stateOf = await openLookUps(
    parts,
    boxes.map(({ endpoint }) => endpoint),
    present,
  );
  const items = present.map((performerId): PerformerLinks => {
    const values = read.get(performerId)!;
    const stashIds = stashIdsOf(values);
    return {
      performerId,
      name: String(scalarOf(values, 'name') ?? ''),
      disambiguation: String(scalarOf(values, 'disambiguation') ?? ''),
      stashIds,
      missing: stateOf(performerId).filter(
        ({ endpoint }) => !stashIds.some((stashId) => stashId.endpoint === endpoint),
      ),
      suggestions: suggestions.filter(({ entity }) => entity.id === performerId).flatMap(toView),
    };
  });
  return { total: page.total, listed: page.listed, items, next: page.next, boxes };
}

/** Of a list the text is looked for in the names of its performers, and not in what is suggested of them. */
async function filterOf(
  parts: Parts,
  { kind, endpoint, minConfidence, text, performerList }: Asked,
): Promise<PerformerFilter> {
  const searched = performerList === undefined ? text : undefined;
  return await toFilter(parts, { state: 'open', kind, endpoint, minConfidence, text: searched });
}

async function readPage(parts: Parts, filter: PerformerFilter, asked: Asked): Promise<Page> {
  const { store, exclusions } = parts;
  const { limit, after, performerList } = asked;
  if (performerList !== undefined) {
    const { performers: excluded } = await exclusions.current();
    const sent = await readPerformerList(parts, performerList);
    const ids = sent.filter((id) => !excluded.has(id));
    const { kind, endpoint, minConfidence, text } = asked;
    const isFiltered = [kind, endpoint, minConfidence].some((one) => one !== undefined);
    const wanted = isFiltered ? await store.suggestions.performersAmong(filter, ids) : null;
    const fitting = wanted === null ? ids : ids.filter((id) => wanted.has(id));
    const shown = text === undefined ? fitting : await withName(parts, fitting, text);
    // Behind the last one that was shown, who may be excluded or no longer wanted by now.
    const behind = new Set(sent.slice(after === undefined ? 0 : sent.indexOf(after) + 1));
    const rest = shown.filter((id) => behind.has(id));
    const page = rest.slice(0, limit);
    const next = rest.length > limit ? (page.at(-1) ?? null) : null;
    return { total: shown.length, listed: ids.length, ids: page, next };
  }
  const { total, items } = await store.suggestions.performers(filter, placeOf(after), limit + 1);
  const page = items.slice(0, limit);
  const last = page.at(-1);
  return {
    total,
    listed: null,
    ids: page.map(({ performerId }) => performerId),
    next: items.length > limit && last ? `${last.confidence} ${last.suggestionId}` : null,
  };
}

function placeOf(after: string | undefined): { confidence: number; suggestionId: string } | null {
  if (after === undefined) return null;
  const [confidence, suggestionId = ''] = after.split(' ');
  if (!/^\d+$/.test(suggestionId) || !Number.isFinite(Number(confidence)))
    throw new StashSenseError('bad-input', message('stashIds.noPlace', { place: after }));
  return { confidence: Number(confidence), suggestionId };
}

async function boxesOf({ stashBoxes }: Parts): Promise<Output<'stashIds.performers'>['boxes']> {
  const boxes = await stashBoxes.list();
  return boxes
    .filter(({ hasKey }) => hasKey)
    .map((box) => ({ endpoint: box.endpoint, name: nameInSettings(box) }));
}

/** When each of these performers was looked up at each of the stash-boxes, and whether a run is to do so. */
async function openLookUps(
  { store, library, limits, now }: Parts,
  endpoints: readonly string[],
  performerIds: readonly string[],
): Promise<(performerId: string) => PerformerLinks['missing']> {
  const left = await linkRequests.read({ store });
  // What a run that was killed has left waits for the next start, and not for a run.
  const isUnderWay =
    left.length > 0 && (await findUnderWay({ store, library, limits, now }, 'link-stash-ids')) !== null;
  const requests = (isUnderWay ? left : []).map((request) => ({
    ...request,
    performerIds: request.performerIds === null ? null : new Set(request.performerIds),
  }));
  const known = await Promise.all(
    endpoints.map(async (endpoint) => ({
      endpoint,
      lookUps: await store.boxLookUps.of(endpoint, performerIds),
    })),
  );
  const isWaiting = (performerId: string, endpoint: string): boolean =>
    requests.some(
      (request) =>
        (request.performerIds?.has(performerId) ?? true) &&
        request.boxes.some(
          (box) =>
            box.endpoint === endpoint && box.state === 'waits' && Number(box.after) < Number(performerId),
        ),
    );
  return (performerId) =>
    known.map(({ endpoint, lookUps }) => ({
      endpoint,
      lookedUpAt: lookUps.get(performerId)?.at ?? null,
      isWaiting: isWaiting(performerId, endpoint),
    }));
}

/** With the picture that Stash has of the performer, which the browser asks Stash for. */
function toView(suggestion: Suggestion): PerformerLinks['suggestions'] {
  const picture = { url: `/performer/${suggestion.entity.id}/image` };
  if (suggestion.kind === 'performer-stash-id') return [withView(suggestion, { picture })];
  if (suggestion.kind === 'stash-id-repair') return [withView(suggestion, { picture })];
  return [];
}
