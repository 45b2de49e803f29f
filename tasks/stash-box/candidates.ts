/** Who of a stash-box some performers of the user can be. */
import { hasCode } from '../../core/errors.ts';
import type { BoxPerformer, StashBoxClient } from '../../core/ports/stash-box.ts';
import { candidateImages } from '../../core/reference-packs/candidate-images.ts';
import { compareWithBox, otherBoxSign } from '../../core/stash-box/compare.ts';
import { boxIdOfPage, pageKey } from '../../core/stash-box/pages.ts';
import { rateLinks, type RatedLink } from '../../core/stash-box/rate.ts';
import type { LinkSign, LinkSignName } from '../../core/stash-box/signs.ts';
import type { LeftOut } from '../reference-packs/build/library-ids.ts';
import type { LookParts } from '../reference-packs/build/look.ts';
import { compareWithPictures, type BoxFaces } from './faces.ts';
import type { Unlinked } from './performers.ts';
import { MAX_MERGES, survivorOf } from './survivor.ts';

export type LinkCandidate = RatedLink & {
  readonly performer: BoxPerformer;
  readonly signs: readonly LinkSign[];
  /** The picture there that shows them best; null: it has none. */
  readonly imageId: string | null;
};

export type FindParts = {
  readonly client: StashBoxClient;
  readonly faces: BoxFaces;
  readonly leftOut: LeftOut;
};

/** Names and addresses of one performer that are looked for. */
const MAX_NAMES = 5;
const MAX_ADDRESSES = 4;
/** A longer one is no name. */
const MAX_TERM = 200;
/** Candidates of one performer whose pictures are fetched: the likeliest by all other signs. */
const MAX_LOOKED_AT = 3;
/** Less likely ones are not worth a look. */
const LOOKED_AT_FROM = 0.01;
const PROPOSED_FROM = 0.03;
const MAX_PROPOSED = 5;

/** By the id of the performer, likeliest first. A few performers together are asked about in two or three requests. */
export async function findCandidates(
  context: LookParts,
  parts: FindParts,
  performers: readonly Unlinked[],
): Promise<ReadonlyMap<string, readonly LinkCandidate[]>> {
  const { client } = parts;
  const known = await knownIds(parts, performers);
  const terms = new Map(performers.map((performer) => [performer.id, termsOf(performer)]));
  const found = await client.search([...new Set([...terms.values()].flat())]);
  const people = await withMerged(parts, found, [...new Set([...known.values()].flat())]);
  const candidates = new Map<string, readonly LinkCandidate[]>();
  for (const performer of performers) {
    const searched = (terms.get(performer.id) ?? []).flatMap((term) => found.get(term) ?? []);
    const named = (known.get(performer.id) ?? []).flatMap((id) => people.get(id) ?? []);
    const distinct = new Map([...searched, ...named].map((one) => [one.id, one]));
    const possible = [...distinct.values()].filter(({ id, deleted }) => !deleted && !parts.leftOut(id));
    candidates.set(performer.id, await rate(context, parts, performer, possible));
  }
  return candidates;
}

/** Whom the performer's own links name, whom the ids of other stash-boxes lead to, and who looks like them. */
async function knownIds(
  { client, faces }: FindParts,
  performers: readonly Unlinked[],
): Promise<ReadonlyMap<string, readonly string[]>> {
  const ids = new Map<string, readonly string[]>();
  for (const { id, urls, stashIds, references } of performers)
    ids.set(id, [
      ...urls.flatMap((url) => boxIdOfPage(client.endpoint, url) ?? []),
      ...stashIds.flatMap((stashId) => faces.joinedWith(stashId)),
      ...(await faces.nearest(references)),
    ]);
  return ids;
}

function termsOf({ name, aliases, urls }: Unlinked): string[] {
  const names = [name, ...aliases].map((text) => text.trim()).filter((text) => isTerm(text));
  const addresses = urls.map((url) => url.trim()).filter((url) => isTerm(url) && pageKey(url) !== null);
  return [
    ...new Set([...names.slice(0, MAX_NAMES), ...addresses.slice(0, MAX_ADDRESSES).flatMap(spellingsOf)]),
  ];
}

/** A stash-box finds an address only as it is written there, but for the case: mostly with https, and with a slash at the end or without. */
function spellingsOf(address: string): readonly string[] {
  const secure = address.replace(/^http:/i, 'https:');
  return [address, secure.endsWith('/') ? secure.replace(/\/+$/, '') : `${secure}/`];
}

/** A control character would make a stash-box refuse the whole question. */
function isTerm(text: string): boolean {
  return text !== '' && text.length <= MAX_TERM && !/\p{Cc}/u.test(text);
}

/** Those who were found, and these, each as who they were merged into. By the id they were asked by. */
async function withMerged(
  { client }: FindParts,
  found: ReadonlyMap<string, readonly BoxPerformer[]>,
  ids: readonly string[],
): Promise<ReadonlyMap<string, BoxPerformer>> {
  const people = new Map([...found.values()].flat().map((one) => [one.id, one]));
  let missing = ids.filter((id) => !people.has(id));
  for (let merges = 0; missing.length > 0 && merges < MAX_MERGES; merges++) {
    for (const [id, performer] of await client.performers(missing)) if (performer) people.set(id, performer);
    missing = [...people.values()].flatMap(({ deleted, mergedIntoId }) =>
      deleted && mergedIntoId !== null && !people.has(mergedIntoId) ? [mergedIntoId] : [],
    );
  }
  return new Map(
    [...people].flatMap(([id]) => {
      const survivor = survivorOf(id, people);
      return survivor == null ? [] : [[id, survivor] as const];
    }),
  );
}

type Compared = Pick<LinkCandidate, 'performer' | 'signs' | 'imageId'>;

async function rate(
  context: LookParts,
  parts: FindParts,
  performer: Unlinked,
  possible: readonly BoxPerformer[],
): Promise<readonly LinkCandidate[]> {
  const { client, faces } = parts;
  let compared = possible
    .map((theirs): Compared => {
      const joined = performer.stashIds.find((stashId) => faces.joinedWith(stashId).includes(theirs.id));
      const face = faces.compare(performer.references, theirs.id);
      const written = compareWithBox(performer, theirs, client.endpoint);
      const signs = [
        ...written,
        ...(joined !== undefined && !has(written, 'otherBox')
          ? [otherBoxSign(joined, faces.showsJoin(joined, theirs.id) ? 'shown' : 'said')]
          : []),
        ...(face?.face == null ? [] : [face.face]),
      ];
      const [first] = candidateImages(theirs.images, 1);
      return { performer: theirs, signs, imageId: face?.imageId ?? first?.id ?? null };
    })
    .filter(({ signs }) => signs.some(isReason));
  if (performer.references.length > 0) compared = await lookAtLikeliest(context, parts, performer, compared);
  const rated = rateLinks(compared.map(({ signs }) => signs));
  return compared
    .map((candidate, n) => ({ ...candidate, ...rated[n]! }))
    .filter(({ confidence }) => confidence >= PROPOSED_FROM)
    .toSorted((a, b) => b.confidence - a.confidence || (a.performer.id < b.performer.id ? -1 : 1))
    .slice(0, MAX_PROPOSED);
}

/** A search of a stash-box finds more than the same names. */
function isReason({ sign, weight }: LinkSign): boolean {
  const reasons: ReadonlySet<LinkSignName> = new Set(['page', 'otherBox', 'url', 'face', 'name', 'alias']);
  return weight > 0 && reasons.has(sign);
}

function has(signs: readonly LinkSign[], sign: LinkSignName): boolean {
  return signs.some((one) => one.sign === sign);
}

/** Fetches pictures of those whom no pack has, where a face would decide. */
async function lookAtLikeliest(
  context: LookParts,
  { client }: FindParts,
  { references }: Unlinked,
  compared: readonly Compared[],
): Promise<Compared[]> {
  const rated = rateLinks(compared.map(({ signs }) => signs));
  const places = [...compared.keys()]
    .filter((n) => {
      const { signs, performer } = compared[n]!;
      const isOpen = !has(signs, 'face') && performer.images.length > 0;
      return isOpen && (rated[n]?.confidence ?? 0) >= LOOKED_AT_FROM && rated[n]?.isStrong === false;
    })
    .toSorted((a, b) => (rated[b]?.confidence ?? 0) - (rated[a]?.confidence ?? 0))
    .slice(0, MAX_LOOKED_AT);
  const seen = [...compared];
  for (const n of places) {
    const candidate = compared[n]!;
    const found = await pictured(context, client, references, candidate.performer);
    if (found?.face != null)
      seen[n] = {
        ...candidate,
        signs: [...candidate.signs, found.face],
        imageId: found.imageId ?? candidate.imageId,
      };
  }
  return seen;
}

/** Null: no picture shows a good face, or the stash-box failed to give any. */
async function pictured(
  context: LookParts,
  client: StashBoxClient,
  references: Unlinked['references'],
  performer: BoxPerformer,
): ReturnType<typeof compareWithPictures> {
  try {
    return await compareWithPictures(context, client, references, performer);
  } catch (error) {
    if (hasCode(error, 'stash-box-failed')) return null;
    throw error;
  }
}
