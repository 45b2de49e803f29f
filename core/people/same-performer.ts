import { normalizeText } from '../normalize-text.ts';
import type { StashPerformer } from '../ports/library.ts';

/** By what a decision of the user remembers a performer, so that it survives a merge, a rename and another data folder. */
export type RememberedPerformer = {
  readonly id: string;
  /** `identityOf`. */
  readonly identity: string;
  readonly stashIds: StashPerformer['stashIds'];
};

/**
`alias`: an alias of the performer is the name of the remembered one. Stash's merge keeps the old name as an alias; but two
people can have a common alias, so this counts only where nobody else can be meant.
*/
export type Sameness = 'same' | 'other' | 'alias';

/** One of whom only the name is known. */
export function performerNamed(id: string, name: string): StashPerformer {
  return { id, name, disambiguation: '', aliases: [], stashIds: [], imagePath: null };
}

export function remembered(performer: StashPerformer): RememberedPerformer {
  return { id: performer.id, identity: identityOf(performer), stashIds: performer.stashIds };
}

/**
After a merge the performer has another id and is recognised by its stash IDs, else by its name. Two performers with
different ids of the same stash-box are different people, even with the same name.
*/
export function comparePerformers(before: RememberedPerformer, now: StashPerformer): Sameness {
  if (before.id === now.id) return 'same';
  const byStashIds = compareStashIds(before.stashIds, now.stashIds);
  if (byStashIds !== 'unknown') return byStashIds;
  if (before.identity === identityOf(now)) return 'same';
  const name = nameIn(before.identity);
  return now.aliases.some((alias) => normalizeText(alias) === name) ? 'alias' : 'other';
}

/**
Whether `other`, who has the remembered name as name or alias, can be the remembered performer instead of `now`, who has it as
an alias. Not one whom Stash tells apart by a disambiguation, where `now` has taken over that of the remembered performer,
which Stash's merge offers.
*/
export function canBeMeant(
  { identity }: RememberedPerformer,
  now: Pick<StashPerformer, 'disambiguation'>,
  other: Pick<StashPerformer, 'name' | 'disambiguation'>,
): boolean {
  const disambiguation = identity.slice(nameIn(identity).length + 1);
  return !(
    disambiguation !== '' &&
    normalizeText(now.disambiguation) === disambiguation &&
    normalizeText(other.name) === nameIn(identity) &&
    normalizeText(other.disambiguation) !== disambiguation
  );
}

/** Whether this is the performer's name or an alias of theirs, as `normalizeText` compares names. */
export function isCalled(
  { name, aliases }: Pick<StashPerformer, 'name' | 'aliases'>,
  wanted: string,
): boolean {
  return [name, ...aliases].some((text) => normalizeText(text) === normalizeText(wanted));
}

/** Name and disambiguation, folded: Stash has no two performers with the same ones. */
export function identityOf({
  name,
  disambiguation,
}: Pick<StashPerformer, 'name' | 'disambiguation'>): string {
  return `${normalizeText(name)}\n${normalizeText(disambiguation)}`;
}

/** The folded name in an identity. */
export function nameIn(identity: string): string {
  return identity.slice(0, identity.indexOf('\n'));
}

function compareStashIds(
  before: StashPerformer['stashIds'],
  now: StashPerformer['stashIds'],
): 'same' | 'other' | 'unknown' {
  if (before.some((a) => now.some((b) => a.endpoint === b.endpoint && a.stashId === b.stashId)))
    return 'same';
  return before.some((a) => now.some((b) => a.endpoint === b.endpoint)) ? 'other' : 'unknown';
}
