/** Who of a stash-box some performers of the user can be. */
import type { BoxPerformer, StashBoxClient } from '../../core/ports/stash-box.ts';
import { candidateImages } from '../../core/reference-packs/candidate-images.ts';
import { compareWithBox, otherBoxSign } from '../../core/stash-box/compare.ts';
import { boxIdOfPage, pageKey } from '../../core/stash-box/pages.ts';
import { rateLinks, type RatedLink } from '../../core/stash-box/rate.ts';
import { compareScenes, shownNames, type ComparedScene } from '../../core/stash-box/scenes.ts';
import type { LinkSign, LinkSignName } from '../../core/stash-box/signs.ts';
import type { LeftOut } from '../reference-packs/build/library-ids.ts';
import type { LookParts } from '../reference-packs/build/look.ts';
import type { Context } from '../runs/task.ts';
import type { Casts } from './evidence/casts.ts';
import { lookAtLikeliest, type Compared, type PictureLane } from './evidence/look-at.ts';
import { compareByStudios } from './evidence/studios.ts';
import type { BoxFaces } from './faces.ts';
import type { Unlinked } from './performers.ts';
import { followMerges } from '../suggestions/box/follow-merges.ts';

export type LinkCandidate = Compared & RatedLink;

export type Candidates = {
  /** Likeliest first. */
  readonly candidates: readonly LinkCandidate[];
  /** The stash-box answered all that was asked; else there may be others, or more that speaks for these. */
  readonly isWhole: boolean;
};

export type FindContext = LookParts & Pick<Context, 'log'>;

export type FindParts = {
  readonly client: StashBoxClient;
  readonly faces: BoxFaces;
  readonly casts: Casts;
  readonly pictures: PictureLane;
  readonly leftOut: LeftOut;
};

/** Names and addresses of one performer that are looked for. */
const MAX_NAMES = 5;
const MAX_ADDRESSES = 4;
/** A longer one is no name. */
const MAX_TERM = 200;
const PROPOSED_FROM = 0.03;
const MAX_PROPOSED = 5;
/** What makes somebody a candidate: a search of a stash-box finds more than the same names. */
const REASONS: ReadonlySet<LinkSignName> = new Set([
  'page',
  'otherBox',
  'url',
  'face',
  'scenes',
  'name',
  'alias',
]);

/** By the id of the performer. A few performers together are asked about in three or four requests. */
export async function findCandidates(
  context: FindContext,
  parts: FindParts,
  performers: readonly Unlinked[],
): Promise<ReadonlyMap<string, Candidates>> {
  const { client, casts, leftOut } = parts;
  const known = await knownIds(parts, performers);
  const terms = new Map(performers.map((performer) => [performer.id, termsOf(performer)]));
  const found = await client.search([...new Set([...terms.values()].flat())]);
  const scenes = await casts.of(performers);
  const merged = await followMerges(
    client,
    [...new Set([...known.values()].flat())],
    [...found.values()].flat(),
  );
  const comparedOf: { performer: Unlinked; compared: readonly Compared[]; isWhole: boolean }[] = [];
  for (const performer of performers) {
    const { id } = performer;
    const [asked, ids, inScenes] = [terms.get(id) ?? [], known.get(id) ?? [], scenes.get(id)];
    const searched = asked.flatMap((term) => found.get(term) ?? []);
    const named = ids.flatMap((boxId) => merged.of(boxId) ?? []);
    const all = [...searched, ...named, ...(inScenes?.people ?? [])];
    const distinct = new Map(all.map((one) => [one.id, one]));
    const possible = [...distinct.values()].filter((one) => !one.deleted && !leftOut(one.id));
    const { compared, isWhole: isLookedAt } = await compare(
      context,
      parts,
      performer,
      possible,
      inScenes?.scenes ?? [],
    );
    const isWhole =
      asked.every((term) => found.has(term)) &&
      ids.every((boxId) => merged.isAnswered(boxId)) &&
      inScenes?.isWhole === true;
    comparedOf.push({ performer, compared, isWhole: isWhole && isLookedAt });
  }
  const withStudios = await compareByStudios(client, comparedOf);
  return new Map(
    comparedOf.map(({ performer, isWhole }, n) => [
      performer.id,
      { candidates: likeliest(withStudios[n] ?? []), isWhole },
    ]),
  );
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
    ...new Set([
      ...names.slice(0, MAX_NAMES).flatMap((text) => [text, withoutAccents(text)]),
      ...addresses.slice(0, MAX_ADDRESSES).flatMap(spellingsOf),
    ]),
  ];
}

/** A search need not take a letter with an accent for the one without. */
function withoutAccents(name: string): string {
  return name.normalize('NFD').replaceAll(/\p{M}/gu, '').normalize();
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

async function compare(
  context: FindContext,
  { client, faces, pictures }: FindParts,
  performer: Unlinked,
  possible: readonly BoxPerformer[],
  scenes: readonly ComparedScene[],
): Promise<{ readonly compared: readonly Compared[]; readonly isWhole: boolean }> {
  const written = possible
    .map((theirs): Compared => {
      const joined = performer.stashIds.find((stashId) => faces.joinedWith(stashId).includes(theirs.id));
      const face = faces.compare(performer.references, theirs.id);
      const aliases = [...theirs.aliases, ...shownNames(scenes, theirs.id)];
      const signs = compareWithBox(performer, { ...theirs, aliases }, client.endpoint);
      if (joined !== undefined && !has(signs, 'otherBox'))
        signs.push(otherBoxSign(joined, faces.showsJoin(joined, theirs.id) ? 'shown' : 'said'));
      if (face?.face != null) signs.push(face.face);
      const inScenes = compareScenes(scenes, theirs.id);
      if (inScenes !== null) signs.push(inScenes);
      const [first] = candidateImages(theirs.images, 1);
      return { performer: theirs, signs, imageId: face?.imageId ?? first?.id ?? null };
    })
    .filter(({ signs }) => signs.some(isReason));
  return performer.references.length === 0
    ? { compared: written, isWhole: true }
    : await lookAtLikeliest(context, { client, pictures }, performer, written);
}

function likeliest(compared: readonly Compared[]): LinkCandidate[] {
  const rated = rateLinks(compared.map(({ signs }) => signs));
  return compared
    .map((candidate, n) => ({ ...candidate, ...rated[n]! }))
    .filter(({ confidence }) => confidence >= PROPOSED_FROM)
    .toSorted((a, b) => b.confidence - a.confidence || (a.performer.id < b.performer.id ? -1 : 1))
    .slice(0, MAX_PROPOSED);
}

function isReason({ sign, weight }: LinkSign): boolean {
  return weight > 0 && REASONS.has(sign);
}

function has(signs: readonly LinkSign[], sign: LinkSignName): boolean {
  return signs.some((one) => one.sign === sign);
}
