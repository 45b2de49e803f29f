/** Compares a performer of the user with one of a stash-box by what is written of them. */
import type { StashIdValue } from '../changes/change.ts';
import { normalizeText } from '../normalize-text.ts';
import { nameKey } from '../people/name-key.ts';
import type { BoxPerformer } from '../ports/stash-box.ts';
import { boxIdOfPage, pageKey } from './pages.ts';
import type { LinkSign } from './signs.ts';

/** What Stash has of a performer, as far as it is compared. */
export type ComparedPerformer = {
  readonly name: string;
  readonly disambiguation: string;
  readonly aliases: readonly string[];
  readonly urls: readonly string[];
  readonly stashIds: readonly StashIdValue[];
  /** `YYYY-MM-DD`; Stash fills up a year or a month. */
  readonly birthdate: string | null;
  readonly country: string | null;
  readonly gender: string | null;
};

/**
Natural logarithms of likelihood ratios, estimated. A stash-box has a hundred thousand performers (ln 11.5): a name of several
words, which few of them share, is about as likely to be of one person as of two, and one word alone seldom is.
*/
const WEIGHTS = {
  page: 20,
  otherBox: { shown: 20, said: 12 },
  url: 18.5,
  name: { words: 11, oneWord: 8.5, none: -2.5 },
  alias: { words: 9.5, oneWord: 5 },
  birthDate: { same: 7, nearly: 0, other: -4 },
  birthYear: { same: 2.5, other: -3 },
  disambiguation: { same: 3, other: -1.5 },
  country: { same: 1.2, other: -1.2 },
  gender: { same: 0.4, other: -3 },
} as const;

export function compareWithBox(mine: ComparedPerformer, theirs: BoxPerformer, endpoint: string): LinkSign[] {
  return [
    ...samePage(mine, theirs, endpoint),
    ...sameOtherBox(mine, theirs),
    ...sameUrl(mine, theirs),
    sameName(mine, theirs),
    ...sameBirth(mine, theirs),
    ...sameText('disambiguation', mine.disambiguation, theirs.disambiguation, WEIGHTS.disambiguation),
    ...sameCountry(mine.country, theirs.country),
    ...sameGender(mine.gender, theirs.gender),
  ];
}

/** The id of another stash-box that both have. @param by a link, or a reference pack that shows why, or one that only says so */
export function otherBoxSign({ endpoint, stashId }: StashIdValue, by: 'shown' | 'said'): LinkSign {
  return { sign: 'otherBox', weight: WEIGHTS.otherBox[by], mine: stashId, theirs: endpoint };
}

function samePage(
  { urls }: ComparedPerformer,
  { id, mergedIds }: BoxPerformer,
  endpoint: string,
): LinkSign[] {
  const page = urls.find((url) => {
    const named = boxIdOfPage(endpoint, url);
    return named !== null && (named === id || mergedIds.includes(named));
  });
  return page === undefined ? [] : [{ sign: 'page', weight: WEIGHTS.page, mine: page, theirs: id }];
}

/** They name the page of another stash-box whose id the performer has. */
function sameOtherBox({ stashIds }: ComparedPerformer, { urls }: BoxPerformer): LinkSign[] {
  const known = stashIds.find(({ endpoint, stashId }) =>
    urls.some((url) => boxIdOfPage(endpoint, url) === stashId.toLowerCase()),
  );
  return known === undefined ? [] : [otherBoxSign(known, 'shown')];
}

function sameUrl({ urls }: ComparedPerformer, theirs: BoxPerformer): LinkSign[] {
  const known = new Map(theirs.urls.map((url) => [pageKey(url), url]));
  for (const url of urls) {
    const key = pageKey(url);
    const other = key === null ? undefined : known.get(key);
    if (other !== undefined) return [{ sign: 'url', weight: WEIGHTS.url, mine: url, theirs: other }];
  }
  return [];
}

function sameName(mine: ComparedPerformer, theirs: BoxPerformer): LinkSign {
  const name = { mine: mine.name, theirs: theirs.name };
  if (keyOf(mine.name) === keyOf(theirs.name)) {
    const { words, oneWord } = WEIGHTS.name;
    return { sign: 'name', weight: hasWords(mine.name) ? words : oneWord, ...name };
  }
  const names = new Map([theirs.name, ...theirs.aliases].map((text) => [keyOf(text), text]));
  const shared = [mine.name, ...mine.aliases].filter((text) => names.has(keyOf(text)));
  const best = shared.find(hasWords) ?? shared[0];
  if (best === undefined) return { sign: 'name', weight: WEIGHTS.name.none, ...name };
  const { words, oneWord } = WEIGHTS.alias;
  const weight = hasWords(best) ? words : oneWord;
  return { sign: 'alias', weight, mine: best, theirs: names.get(keyOf(best)) ?? best };
}

/** Stash fills a year or a month up to its first day, and in many boxes the first of January stands for an unknown day. */
function sameBirth({ birthdate: mine }: ComparedPerformer, { birthDate: theirs }: BoxPerformer): LinkSign[] {
  if (mine === null || theirs === null) return [];
  const both = { mine, theirs };
  const isWhole = [mine, theirs].every((date) => date.length === 10 && !date.endsWith('-01-01'));
  const isMonthAlone = mine.endsWith('-01') && mine.slice(0, 7) === theirs.slice(0, 7) && mine !== theirs;
  if (!isWhole || isMonthAlone) {
    const { same, other } = WEIGHTS.birthYear;
    return [{ sign: 'birthYear', weight: mine.slice(0, 4) === theirs.slice(0, 4) ? same : other, ...both }];
  }
  const { same, nearly, other } = WEIGHTS.birthDate;
  // A digit is often mistyped, and day and month are exchanged.
  const digits = mine.split('').filter((digit, at) => digit !== theirs[at]).length;
  const [year = '', month = '', day = ''] = mine.split('-');
  const isNear = digits === 1 || theirs === `${year}-${day}-${month}`;
  return [{ sign: 'birthDate', weight: digits === 0 ? same : isNear ? nearly : other, ...both }];
}

/** Compared only where both are codes, or the same: Stash takes any text. */
function sameCountry(mine: string | null, theirs: string | null): LinkSign[] {
  if (!mine || !theirs) return [];
  const isComparable = (mine.length === 2 && theirs.length === 2) || keyOf(mine) === keyOf(theirs);
  return isComparable ? sameText('country', mine, theirs, WEIGHTS.country) : [];
}

/** Another one is female of male, or the reverse: whatever else is published may be one person, described otherwise. */
function sameGender(mine: string | null, theirs: string | null): LinkSign[] {
  if (!mine || !theirs) return [];
  const both = [keyOf(mine), keyOf(theirs)];
  const isOther = both.includes('female') && both.includes('male');
  return isOther || both[0] === both[1] ? sameText('gender', mine, theirs, WEIGHTS.gender) : [];
}

function sameText(
  sign: LinkSign['sign'],
  mine: string | null,
  theirs: string | null,
  { same, other }: { readonly same: number; readonly other: number },
): LinkSign[] {
  if (!mine || !theirs) return [];
  return [{ sign, weight: keyOf(mine) === keyOf(theirs) ? same : other, mine, theirs }];
}

/** Of a name without words, such as one of signs alone, its text. */
function keyOf(text: string): string {
  return nameKey(text) || normalizeText(text);
}

function hasWords(name: string): boolean {
  return keyOf(name).includes(' ');
}
