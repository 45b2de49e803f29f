/** Who of the cast of a scene of a stash-box is who in the user's Stash, and whether the faces of the scene agree. */
import type { StashObject } from '../../../../core/changes/change.ts';
import { identityOf, isCalled } from '../../../../core/people/same-performer.ts';
import { shownName } from '../../../../core/people/shown-name.ts';
import type { BoxAppearance, BoxPerformer } from '../../../../core/ports/stash-box.ts';
import type { Alike, StashPerformer } from '../../../../core/ports/library.ts';
import type { Known } from '../../../../core/stash-box/scene/known-as.ts';
import type { CastMember, SeenFace } from '../../../../core/stash-box/scene/offer.ts';
import type { Context } from '../../../runs/task.ts';
import { hasOneOf, idsAt } from '../namesakes.ts';

type Parts = Pick<Context, 'library' | 'store' | 'vision'>;

export type Cast = {
  /** Those of whom it is clear who they are here. */
  readonly members: readonly CastMember[];
  /** Names of those who could be several performers here, or of several of whom one performer could be. */
  readonly undecided: readonly string[];
  /** Names of those who cannot be made, since somebody else here is called so. */
  readonly nameTaken: readonly string[];
  /** Names of performers whose faces are in the scene and whom the stash-box does not list. */
  readonly notListed: readonly string[];
};

/** Of whom is listed there nobody is a member, and nobody named, whom the settings exclude. */
export async function readCast(
  parts: Parts,
  { entity }: Pick<StashObject, 'entity'>,
  endpoint: string,
  listed: readonly BoxAppearance[],
): Promise<Cast> {
  const faces = await readFaces(parts, entity.id);
  const named = listed.flatMap(({ performer, as }) => (performer === null ? [] : { performer, as }));
  const people = [...new Map(named.map((one) => [one.performer.id, one])).values()];
  const alike = await parts.library.performersAlike(
    people.map(({ performer }) => ({ name: performer.name, stashIds: idsAt(endpoint, performer) })),
  );
  const read = people.map((one, n) => ({ ...one, who: whoIs(endpoint, one.performer, alike[n]!) }));
  const members: CastMember[] = [];
  const undecided: string[] = [];
  const nameTaken: string[] = [];
  for (const { performer, as, who } of read) {
    const others = read.filter((other) => other.performer.id !== performer.id);
    if (who === 'several' || others.some((other) => isOneByName(who, other.who)))
      undecided.push(performer.name);
    else if (who === 'name taken' || (who === null && isMadeAlready(performer, members)))
      nameTaken.push(performer.name);
    else if (who !== 'excluded')
      members.push({ performer, as, known: who, face: await faceOf(parts, faces, who) });
  }
  const ids = new Set(members.map(({ known }) => known?.id));
  const others = faces?.seen.filter(
    ({ performerId, name }) => !ids.has(performerId) && !undecided.includes(name),
  );
  return { members, undecided, nameTaken, notListed: others?.map(({ name }) => name) ?? [] };
}

/** Null: nobody here, so that they can be made. */
type Who = Known | 'several' | 'name taken' | 'excluded' | null;

/** By their id there or one that was merged into it, else the one performer who has the name and no id there. */
function whoIs(endpoint: string, performer: BoxPerformer, { performers, excluded }: Alike): Who {
  const ids = idsAt(endpoint, performer);
  const isLinked = ({ stashIds }: StashPerformer): boolean => hasOneOf(stashIds, ids);
  const mayBe = (one: StashPerformer): boolean =>
    isCalled(one, performer.name) && !one.stashIds.some((known) => known.endpoint === endpoint);
  if (excluded.some(isLinked)) return 'excluded';
  const isSure = performers.some(isLinked);
  if (!isSure && excluded.some(mayBe)) return 'excluded';
  const [first, ...others] = performers.filter(isSure ? isLinked : mayBe);
  if (others.length > 0) return 'several';
  if (first !== undefined) return { id: first.id, name: shownName(first), isSure };
  // Stash gives a name with its disambiguation once.
  const isTaken = [...performers, ...excluded].some((one) => identityOf(one) === identityOf(performer));
  return isTaken ? 'name taken' : null;
}

/** One performer here has the name of both, and nothing says which of them it is. */
function isOneByName(who: Who, other: Who): boolean {
  const [one, two] = [who, other].map((it) =>
    typeof it === 'object' && it?.isSure === false ? it.id : null,
  );
  return one !== null && one === two;
}

function isMadeAlready(performer: BoxPerformer, members: readonly CastMember[]): boolean {
  return members.some((one) => one.known === null && identityOf(one.performer) === identityOf(performer));
}

type Faces = {
  readonly seen: readonly { readonly performerId: string; readonly name: string }[];
  /** Faces of whom it is not said who they are. */
  readonly unnamed: number;
};

/** Null: nobody has looked at the scene, or there is no face in it. */
async function readFaces({ store }: Pick<Context, 'store'>, sceneId: string): Promise<Faces | null> {
  const known = await store.identifications.get({ kind: 'scene', id: sceneId });
  if (known === null || known.persons.length === 0) return null;
  const matched = known.persons.flatMap(({ decision, candidates: [first] }) =>
    decision === 'match' && first !== undefined && first.performerId !== null
      ? { performerId: first.performerId, name: first.name }
      : [],
  );
  const byId = new Map(matched.map((one) => [one.performerId, one]));
  return { seen: [...byId.values()], unnamed: known.persons.length - matched.length };
}

/** Whoever cannot be recognised may be one of the faces that have no name. */
async function faceOf(
  { store, vision }: Pick<Context, 'store' | 'vision'>,
  faces: Faces | null,
  known: Known | null,
): Promise<SeenFace> {
  if (faces === null) return null;
  if (faces.seen.some(({ performerId }) => performerId === known?.id)) return 'seen';
  if (faces.unnamed === 0) return 'notSeen';
  const references = known === null ? [] : await store.people.vectors(known.id, vision.packId);
  return references.some(({ state }) => state === 'used') ? 'notSeen' : null;
}
