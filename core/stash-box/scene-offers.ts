/** What a stash-box knows of a scene beside what the user's Stash has: each offered to be taken over on its own. */
import type { FieldChange, FieldValues } from '../changes/change.ts';
import { listOf, scalarOf } from '../changes/values.ts';
import { normalizeText } from '../normalize-text.ts';
import type { BoxSceneProfile, BoxTag } from '../ports/boxes/box-scenes.ts';
import type { NamedObject } from '../ports/library.ts';
import { identityOf } from '../people/same-performer.ts';
import { shownName } from '../people/shown-name.ts';
import { wholeDate } from '../reference-packs/profile.ts';
import type { StashRef } from '../stash-ref.ts';
import { missingPages } from './offers.ts';
import { knownAs, type Known } from './scene/known-as.ts';
import {
  OFFERED_SCENE_FIELDS,
  performerKey,
  tagKey,
  type CastMember,
  type MadeStudio,
  type OfferedSceneField,
  type SceneOffer,
  type Take,
} from './scene/offer.ts';

/** SHA-256 of files. `mine`: null: Stash has none. `theirs`: of the first picture there, as far as it is known. */
export type Cover = { readonly mine: string | null; readonly theirs: string | null };

/** What of the user's Stash is compared with a scene of a stash-box. */
export type Here = {
  readonly values: FieldValues;
  readonly endpoint: string;
  readonly studios: readonly NamedObject[];
  readonly tags: readonly NamedObject[];
  /** Null: Stash does not give its own, and none is offered. */
  readonly cover: Cover | null;
  /** Those of whom it is clear who they are here. */
  readonly cast: readonly CastMember[];
};

/** Without what both have alike. */
export function sceneOffersOf(here: Here, theirs: BoxSceneProfile): SceneOffer[] {
  const { values } = here;
  const texts = {
    title: theirs.title,
    date: wholeDate(theirs.date),
    code: theirs.code,
    director: theirs.director,
    details: theirs.details,
  };
  const offers = [
    ...(here.cover === null ? [] : ofCover(here.cover, theirs.images)),
    ...Object.entries(texts).flatMap(([field, text]) => ofText(values, field as keyof typeof texts, text)),
    ...ofStudio(here, theirs.studio),
    ...ofUrls(values, theirs.urls),
    ...here.cast.flatMap((member) => ofMember(values, member)),
    ...theirs.tags.flatMap((tag) => ofTag(here, tag)),
  ];
  return OFFERED_SCENE_FIELDS.flatMap((field) => distinct(offers.filter((offer) => offer.field === field)));
}

/** Of the studio and the tags there the names of those that can neither be taken nor be made, since another one here is called so. */
export function takenNames(
  { endpoint, studios, tags }: Pick<Here, 'endpoint' | 'studios' | 'tags'>,
  theirs: Pick<BoxSceneProfile, 'studio' | 'tags'>,
): string[] {
  const { studio } = theirs;
  return [
    ...(studio !== null && knownAs(studio, endpoint, studios) === 'taken' ? [studio.name] : []),
    ...theirs.tags.flatMap((tag) => (knownAs(tag, endpoint, tags) === 'taken' ? tag.name : [])),
  ];
}

/** A stash-box may list one thing twice, and two of one name, of which Stash takes one. */
function distinct(offers: readonly SceneOffer[]): SceneOffer[] {
  const seen = new Set<string>();
  return offers.filter(({ key, take }) => {
    const keys = [key, ...(take.op === 'add' || take.op === 'make' ? [sameIn(take)] : [])];
    const isNew = keys.every((one) => !seen.has(one));
    for (const one of keys) seen.add(one);
    return isNew;
  });
}

/** What two offers of a field have in common that cannot both be taken over, or need not. */
function sameIn(take: Extract<Take, { op: 'add' | 'make' }>): string {
  if (take.op === 'add') return `add ${take.values.join(' ')}`;
  if (take.kind === 'performer') return `make ${identityOf(take.performer)}`;
  return `make ${normalizeText(take.kind === 'tag' ? take.tag.name : take.studio.name)}`;
}

/** The changes that take these over, without what is to be made for it. */
export function takingOverScene(entity: StashRef, offers: readonly SceneOffer[]): FieldChange[] {
  const sets = offers.flatMap(({ field, take }): FieldChange[] =>
    take.op === 'set' ? [{ op: 'set', entity, field, before: take.before, after: take.after }] : [],
  );
  const adds = (['urls', 'performers', 'tags'] as const).flatMap((field): FieldChange[] => {
    const added = offers.flatMap((offer) =>
      offer.field === field && offer.take.op === 'add' ? offer.take.values : [],
    );
    return added.length === 0 ? [] : [{ op: 'add', entity, field, values: [...new Set(added)] }];
  });
  return [...sets, ...adds];
}

const PLAIN = { isMade: false, face: null, meant: null } as const;

/** `theirs`: the id of the picture. */
function ofCover({ mine, theirs }: Cover, [first]: BoxSceneProfile['images']): SceneOffer[] {
  if (first === undefined || (mine !== null && mine === theirs)) return [];
  const take = { op: 'cover', before: mine, imageId: first.id } as const;
  return [
    { ...PLAIN, key: 'cover', field: 'cover', mine, theirs: first.id, isProposed: mine === null, take },
  ];
}

function ofText(values: FieldValues, field: OfferedSceneField, text: string | null): SceneOffer[] {
  const mine = scalarOf(values, field);
  if (text === null || normalizeText(String(mine ?? '')) === normalizeText(text)) return [];
  const take = { op: 'set', before: mine, after: text } as const;
  return [{ ...PLAIN, key: field, field, mine, theirs: text, isProposed: mine === null, take }];
}

function ofUrls(values: FieldValues, urls: readonly string[]): SceneOffer[] {
  const missing = missingPages(values, { urls });
  if (missing.length === 0) return [];
  const take = { op: 'add', values: missing } as const;
  return [
    {
      ...PLAIN,
      key: 'urls',
      field: 'urls',
      mine: listOf(values, 'urls'),
      theirs: missing,
      isProposed: true,
      take,
    },
  ];
}

function ofStudio({ values, endpoint, studios }: Here, theirs: BoxSceneProfile['studio']): SceneOffer[] {
  if (theirs === null) return [];
  const before = scalarOf(values, 'studio');
  const known = knownAs(theirs, endpoint, studios);
  if (known === 'taken' || (known !== null && known.id === before)) return [];
  const mine = studios.find(({ id }) => id === before)?.name ?? before;
  const shared = { ...PLAIN, key: 'studio', field: 'studio', mine } as const;
  if (known !== null) {
    const take = { op: 'set', before, after: known.id } as const;
    const isProposed = before === null && known.isSure;
    return [{ ...shared, theirs: known.name, isProposed, meant: meantOf(known), take }];
  }
  const { parent, parentName } = parentOf(theirs, endpoint, studios);
  const studio = { ...theirs, parent };
  const name = parentName === null ? theirs.name : `${theirs.name} (${parentName})`;
  return [
    {
      ...shared,
      theirs: name,
      isProposed: false,
      isMade: true,
      take: { op: 'make', kind: 'studio', before, studio },
    },
  ];
}

/** None where another studio is called as the parent is, or the studio itself is. */
function parentOf(
  { name, parent }: NonNullable<BoxSceneProfile['studio']>,
  endpoint: string,
  studios: readonly NamedObject[],
): { readonly parent: MadeStudio['parent']; readonly parentName: string | null } {
  const known = parent && knownAs(parent, endpoint, studios);
  if (parent === null || known === 'taken') return { parent: null, parentName: null };
  if (known !== null) return { parent: { knownId: known.id }, parentName: known.name };
  const isSame = normalizeText(parent.name) === normalizeText(name);
  return isSame ? { parent: null, parentName: null } : { parent, parentName: parent.name };
}

function ofTag({ values, endpoint, tags }: Here, tag: BoxTag): SceneOffer[] {
  const known = knownAs(tag, endpoint, tags);
  if (known === 'taken' || (known !== null && listOf(values, 'tags').includes(known.id))) return [];
  const shared = { ...PLAIN, key: tagKey(tag.id), field: 'tags', mine: null } as const;
  if (known === null)
    return [
      {
        ...shared,
        theirs: tag.name,
        isProposed: false,
        isMade: true,
        take: { op: 'make', kind: 'tag', tag },
      },
    ];
  const take = { op: 'add', values: [known.id] } as const;
  return [{ ...shared, theirs: known.name, isProposed: true, meant: meantOf(known), take }];
}

function ofMember(values: FieldValues, { performer, as, known, face }: CastMember): SceneOffer[] {
  if (known !== null && listOf(values, 'performers').includes(known.id)) return [];
  const shared = {
    ...PLAIN,
    key: performerKey(performer.id),
    field: 'performers',
    mine: null,
    face,
  } as const;
  const name = known?.name ?? shownName(performer);
  const theirs = as === '' || normalizeText(as) === normalizeText(name) ? name : `${name} (${as})`;
  if (known === null)
    return [
      {
        ...shared,
        theirs,
        isProposed: false,
        isMade: true,
        take: { op: 'make', kind: 'performer', performer },
      },
    ];
  // Who is known by a name alone, or was not seen, is for the user to say.
  const isProposed = face === 'seen' || (known.isSure && face === null);
  const take = { op: 'add', values: [known.id] } as const;
  return [{ ...shared, theirs, isProposed, meant: meantOf(known), take }];
}

function meantOf({ id, isSure }: Known): string | null {
  return isSure ? null : id;
}
