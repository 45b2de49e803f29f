/** Compares a performer of the user with those whom a stash-box lists in the scenes of that performer, and in scenes of the same studios. */
import { nameKey } from '../people/name-key.ts';
import type { LinkSign } from './signs.ts';

/** A scene of the performer that the stash-box has too. */
export type ComparedScene = {
  /** By the id of the stash-box, who is in it there and is no other performer of the user; with the names shown in it. */
  readonly cast: ReadonlyMap<string, readonly string[]>;
  /** Others in it of whom the stash-box does not say who they are: anybody can be one of them. */
  readonly unread: number;
  /** Performers of the user in it who have no id there, this one included. */
  readonly unlinked: number;
};

/** ln(100 000), the performers of a large stash-box: as likely as one of them is by chance. */
const OF_ALL = 11.5;
/** Of the performers whom users put into a scene the stash-box lists about so many. */
const LISTED = 0.8;
/** Who is in one scene with somebody is often in the next one too, so that it says little more. */
const EACH_MORE = 1.2;
const MOST_MORE = 3;
/** For each scene in which they are not listed, beside one in which they are. */
const EACH_MISSED = -2;
/** Where they are listed in none: a list may lack somebody, several hardly do. */
const NEVER = { first: -1.2, each: -0.8, least: -3.5 };

/** @param all those scenes of which the stash-box lists who is in them. Null: there are none */
export function compareScenes(all: readonly ComparedScene[], boxId: string): LinkSign | null {
  const scenes = all.filter(({ cast, unread }) => cast.has(boxId) || unread === 0);
  if (scenes.length === 0) return null;
  const shares = scenes
    .filter(({ cast }) => cast.has(boxId))
    .map(({ cast, unread, unlinked }) => 1 / Math.max(cast.size + unread, unlinked, 1));
  const counts = { mine: String(shares.length), theirs: String(scenes.length) };
  if (shares.length === 0) {
    const weight = NEVER.first + (scenes.length - 1) * NEVER.each;
    return { sign: 'scenes', weight: Math.max(NEVER.least, weight), ...counts };
  }
  const first = OF_ALL + Math.log(LISTED * Math.max(...shares));
  const more = Math.min(MOST_MORE, (shares.length - 1) * EACH_MORE);
  const missed = (scenes.length - shares.length) * EACH_MISSED;
  return { sign: 'scenes', weight: first + more + missed, ...counts };
}

/**
Natural logarithms, estimated. Users and stash-boxes agree in six of seven studios of a performer; of namesakes one of fifteen has
been in the same studio. Never so much against it that it could outweigh another sign: a stash-box lacks scenes.
*/
const STUDIO = { first: 2.5, eachMore: 0.8, most: 4.5, never: -0.7, eachNever: -0.6, least: -2.4 };

/**
@param mine ids at the stash-box of studios of the performer's scenes
@param theirs of those in whose scenes the stash-box lists the candidate
@returns null where one side has none
*/
export function compareStudios(mine: readonly string[], theirs: readonly string[]): LinkSign | null {
  if (mine.length === 0 || theirs.length === 0) return null;
  const shared = mine.filter((id) => theirs.includes(id)).length;
  const { first, eachMore, most, never, eachNever, least } = STUDIO;
  const weight =
    shared > 0
      ? Math.min(most, first + (shared - 1) * eachMore)
      : Math.max(least, never + (mine.length - 1) * eachNever);
  return { sign: 'studios', weight, mine: String(shared), theirs: String(mine.length) };
}

/** The names under which they are shown in these scenes. */
export function shownNames(scenes: readonly ComparedScene[], boxId: string): string[] {
  const names = scenes.flatMap(({ cast }) => cast.get(boxId) ?? []).filter((name) => name !== '');
  return [...new Map(names.map((name) => [nameKey(name), name])).values()];
}
