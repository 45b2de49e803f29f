/** Who is a candidate twice: as a performer and as somebody of a reference pack, or as somebody of two packs. */
import { similarity } from '../faces/embedding.ts';
import type { Embedding } from '../faces/face.ts';
import type { GalleryPerson } from '../people/person.ts';
import { nameKey } from '../people/name-key.ts';
import { parsePackPersonId } from '../reference-packs/reference-pack.ts';

const DISAMBIGUATION = / \(([^()]*)\)$/;

/**
Leaves one candidate of a performer and a person of a pack, or of two people of packs, who have one name and whose faces are
alike: never for the face or the name alone, and never of two performers. A performer stands for both, of packs the person with
the smaller id, always with the likelier one's numbers. A common stash ID has joined the others before.
@param rated likeliest first
@param onePerson similarity of the means of their references from which two are one person (`PackCalibration.references`)
*/
export function joinCandidates<Rated extends { readonly person: GalleryPerson }>(
  rated: readonly Rated[],
  centreOf: (person: GalleryPerson) => Embedding | null,
  onePerson: number,
): Rated[] {
  const kept: Rated[] = [];
  for (const one of rated) {
    const at = kept.findIndex(({ person }) => isSame(person, one.person, centreOf, onePerson));
    const same = kept[at];
    if (same === undefined) kept.push(one);
    else if (standsBefore(one.person, same.person)) kept[at] = { ...same, person: one.person };
  }
  return kept;
}

function isSame(
  a: GalleryPerson,
  b: GalleryPerson,
  centreOf: (person: GalleryPerson) => Embedding | null,
  onePerson: number,
): boolean {
  if (!isOfPack(a) && !isOfPack(b)) return false;
  const [one, other] = [centreOf(a), centreOf(b)];
  // The names come last: those of packs are read only when they are asked for.
  return one !== null && other !== null && similarity(one, other) >= onePerson && haveOneName(a.name, b.name);
}

/** Names as they are shown; a disambiguation tells two apart only where both have one. */
function haveOneName(a: string, b: string): boolean {
  const [one, other] = [a, b].map((shown) => nameKey(shown.replace(DISAMBIGUATION, '')));
  if (one === '' || one !== other) return false;
  const [inOne, inOther] = [a, b].map((shown) => DISAMBIGUATION.exec(shown)?.[1]);
  return inOne === undefined || inOther === undefined || nameKey(inOne) === nameKey(inOther);
}

function standsBefore(one: GalleryPerson, other: GalleryPerson): boolean {
  return isOfPack(one) === isOfPack(other) ? one.id < other.id : !isOfPack(one);
}

function isOfPack({ id }: GalleryPerson): boolean {
  return parsePackPersonId(id) !== null;
}
