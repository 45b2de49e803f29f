/** What a stash-box knows of a scene beside what the user's Stash has: each offered to be taken over on its own. */
import { z } from 'zod';
import type { FieldChange, FieldValue, FieldValues, Scalar, StashIdValue } from '../changes/change.ts';
import { listOf, scalarOf } from '../changes/values.ts';
import { normalizeText } from '../normalize-text.ts';
import type { BoxSceneProfile, BoxStudio, BoxTag } from '../ports/boxes/box-scenes.ts';
import type { NamedObject } from '../ports/library.ts';
import type { BoxPerformer } from '../ports/stash-box.ts';
import { shownName } from '../people/shown-name.ts';
import { wholeDate } from '../reference-packs/profile.ts';
import type { StashRef } from '../stash-ref.ts';
import { missingPages } from './offers.ts';

/** In the order of the page. */
export const OFFERED_SCENE_FIELDS = [
  'title',
  'studio',
  'date',
  'code',
  'director',
  'details',
  'urls',
  'performers',
  'tags',
] as const;
export type OfferedSceneField = (typeof OFFERED_SCENE_FIELDS)[number];

/** What the user ticked: by the key of an offer its revision, so that nothing is written that was not shown. */
export const SceneTaken = z
  .record(z.string().max(100), z.string().max(100))
  .refine((taken) => Object.keys(taken).length <= 1000);
export type SceneTaken = Readonly<z.infer<typeof SceneTaken>>;

/** Whether somebody of the cast is among the faces of the scene. Null: nobody can say. */
export type SeenFace = 'seen' | 'notSeen' | null;

/** What in the user's Stash something of the stash-box is. `isSure`: by its id there, or by a name that Stash gives only once. */
export type Known = { readonly id: string; readonly name: string; readonly isSure: boolean };

/** Somebody of the cast. `known`: null: nobody here, so that they are to be made. */
export type CastMember = {
  readonly performer: BoxPerformer;
  readonly as: string;
  readonly known: Known | null;
  readonly face: SeenFace;
};

export type MadeStudio = BoxStudio & {
  /** `knownId`: it is in the user's Stash. Null: it has none, or none that could be made. */
  readonly parent: BoxStudio | { readonly knownId: string } | null;
};

export type SceneOffer = {
  /** The field; of somebody of the cast and of a tag with the id that they have at the stash-box. */
  readonly key: string;
  readonly field: OfferedSceneField;
  /** For people, as `theirs`: a studio by its name. */
  readonly mine: FieldValue;
  readonly theirs: FieldValue;
  /** It takes no place of anything, needs nothing to be made, and nothing speaks against it. */
  readonly isProposed: boolean;
  /** It is not in the user's Stash yet. */
  readonly isMade: boolean;
  readonly face: SeenFace;
  /** Which one is meant, where only a name that others may have says so. */
  readonly meant: string | null;
  readonly take: Take;
};

export type Take =
  | { readonly op: 'set'; readonly before: Scalar; readonly after: Scalar }
  | { readonly op: 'add'; readonly values: readonly string[] }
  | { readonly op: 'make'; readonly kind: 'studio'; readonly before: Scalar; readonly studio: MadeStudio }
  | { readonly op: 'make'; readonly kind: 'tag'; readonly tag: BoxTag }
  | { readonly op: 'make'; readonly kind: 'performer'; readonly performer: BoxPerformer };

/** What of the user's Stash is compared with a scene of a stash-box. */
export type Here = {
  readonly values: FieldValues;
  readonly endpoint: string;
  readonly studios: readonly NamedObject[];
  readonly tags: readonly NamedObject[];
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
    ...Object.entries(texts).flatMap(([field, text]) => ofText(values, field as keyof typeof texts, text)),
    ...ofStudio(here, theirs.studio),
    ...ofUrls(values, theirs.urls),
    ...here.cast.flatMap((member) => ofMember(values, member)),
    ...theirs.tags.flatMap((tag) => ofTag(here, tag)),
  ];
  return OFFERED_SCENE_FIELDS.flatMap((field) => offers.filter((offer) => offer.field === field));
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

/**
What a studio or tag of a stash-box is in the user's Stash. Null: nothing. 'taken': another one has its name, so that it can neither be
taken for it nor be made.
*/
export function knownAs(
  { id, name, aliases = [] }: Pick<BoxTag, 'id' | 'name'> & Partial<Pick<BoxTag, 'aliases'>>,
  endpoint: string,
  all: readonly NamedObject[],
): Known | 'taken' | null {
  const isIt = (one: StashIdValue): boolean => one.endpoint === endpoint && one.stashId === id;
  const byId = all.find(({ stashIds }) => stashIds.some(isIt));
  if (byId !== undefined) return { id: byId.id, name: byId.name, isSure: true };
  const [wanted, others] = [normalizeText(name), new Set(aliases.map(normalizeText))];
  const isOfAnother = ({ stashIds }: NamedObject): boolean =>
    stashIds.some((one) => one.endpoint === endpoint);
  const named = all.find((one) => normalizeText(one.name) === wanted);
  const called =
    named ??
    all.find((one) => one.aliases.some((alias) => normalizeText(alias) === wanted)) ??
    all.find((one) => others.has(normalizeText(one.name)) && !isOfAnother(one));
  if (called === undefined) return null;
  if (isOfAnother(called)) return 'taken';
  return { id: called.id, name: called.name, isSure: called === named };
}

const PLAIN = { isMade: false, face: null, meant: null } as const;

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
  const parent = theirs.parent && knownAs(theirs.parent, endpoint, studios);
  const knownParent = parent && parent !== 'taken' ? { knownId: parent.id } : theirs.parent;
  const studio = { ...theirs, parent: parent === 'taken' ? null : knownParent };
  const name = theirs.parent === null ? theirs.name : `${theirs.name} (${theirs.parent.name})`;
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

function ofTag({ values, endpoint, tags }: Here, tag: BoxTag): SceneOffer[] {
  const known = knownAs(tag, endpoint, tags);
  if (known === 'taken' || (known !== null && listOf(values, 'tags').includes(known.id))) return [];
  const shared = { ...PLAIN, key: `tag:${tag.id}`, field: 'tags', mine: null } as const;
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
    key: `performer:${performer.id}`,
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
