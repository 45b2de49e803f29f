/** Who of the cast of a scene of a stash-box is who in the user's Stash, and whether the faces of the scene agree. */
import type { StashObject } from '../../../../core/changes/change.ts';
import { normalizeText } from '../../../../core/normalize-text.ts';
import { shownName } from '../../../../core/people/shown-name.ts';
import type { BoxAppearance, BoxPerformer } from '../../../../core/ports/stash-box.ts';
import type { StashPerformer } from '../../../../core/ports/library.ts';
import type { CastMember, Known, SeenFace } from '../../../../core/stash-box/scene-offers.ts';
import type { Context } from '../../../runs/task.ts';

type Parts = Pick<Context, 'library' | 'store' | 'vision'>;

export type Cast = {
  /** Those of whom it is clear who they are here. */
  readonly members: readonly CastMember[];
  /** Names of those who could be several performers here, or whose name another one has. */
  readonly undecided: readonly string[];
  /** Names of performers whose faces are in the scene and whom the stash-box does not list. */
  readonly notListed: readonly string[];
};

export async function readCast(
  parts: Parts,
  { entity }: Pick<StashObject, 'entity'>,
  endpoint: string,
  listed: readonly BoxAppearance[],
): Promise<Cast> {
  const faces = await readFaces(parts, entity.id);
  const members: CastMember[] = [];
  const undecided: string[] = [];
  const seen = new Set<string>();
  for (const { performer, as } of listed) {
    if (performer === null || seen.has(performer.id)) continue;
    seen.add(performer.id);
    const known = await knownPerformer(parts, endpoint, performer);
    if (known === 'undecided') undecided.push(performer.name);
    else members.push({ performer, as, known, face: await faceOf(parts, faces, known) });
  }
  const ids = new Set(members.map(({ known }) => known?.id));
  const others = faces?.seen.filter(
    ({ performerId, name }) => !ids.has(performerId) && !undecided.includes(name),
  );
  return { members, undecided, notListed: others?.map(({ name }) => name) ?? [] };
}

/** By their id there, else the one performer who has the name and no id there. */
async function knownPerformer(
  { library }: Pick<Context, 'library'>,
  endpoint: string,
  performer: BoxPerformer,
): Promise<Known | 'undecided' | null> {
  const stashId = { endpoint, stashId: performer.id };
  const like = await library.performersLike({ name: performer.name, stashIds: [stashId] });
  const has = ({ stashIds }: StashPerformer, id: string | null): boolean =>
    stashIds.some((one) => one.endpoint === endpoint && (id === null || one.stashId === id));
  const linked = like.find((one) => has(one, performer.id));
  if (linked !== undefined) return { id: linked.id, name: shownName(linked), isSure: true };
  const isCalled = (text: string): boolean => normalizeText(text) === normalizeText(performer.name);
  const named = like.filter((one) => !has(one, null) && [one.name, ...one.aliases].some(isCalled));
  const [first] = named;
  if (named.length > 1) return 'undecided';
  if (first !== undefined) return { id: first.id, name: shownName(first), isSure: false };
  // Stash gives a name with its disambiguation once.
  const isTaken = (await library.findNamed('performer', nameOf(performer))) !== null;
  return isTaken ? 'undecided' : null;
}

function nameOf({ name, disambiguation }: BoxPerformer): { name: string; disambiguation: string } {
  return { name: name.trim(), disambiguation: disambiguation.trim() };
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
