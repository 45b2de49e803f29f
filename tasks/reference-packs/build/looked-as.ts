import { createHash } from 'node:crypto';
import { shownName } from '../../../core/people/shown-name.ts';
import type { ListedBoxPerformer, StoredBoxPerformer } from '../../../core/ports/boxes/box-people.ts';
import { candidateImages } from '../../../core/reference-packs/candidate-images.ts';

/** Largest number of pictures of a person that are fetched. */
export const MAX_PICTURES = 6;
/** Changes whenever pictures are chosen or checked in another way: everybody is looked at anew then. */
const LOOK_VERSION = 1;

/** Says whether somebody has been looked at with the present pictures and rules. */
export type LookedAs = {
  of(performer: ListedBoxPerformer): string;
  isCurrent(member: StoredBoxPerformer): boolean;
  /** The same but for embedders or crops: what is missing may be made of kept crops. */
  isSameLook(member: StoredBoxPerformer): boolean;
};

/** @param embedders those that the face pack in use adds */
export function lookedAsOf(seenBy: string, embedders: readonly string[], keepCrops: boolean): LookedAs {
  const lookOf = ({ images }: ListedBoxPerformer): string => {
    const ids = candidateImages(images, MAX_PICTURES).map(({ id }) => id);
    const hash = createHash('sha256').update(ids.join(' ')).digest('hex').slice(0, 16);
    return `${LOOK_VERSION} ${seenBy} ${hash}`;
  };
  return {
    of: (performer) => [lookOf(performer), ...embedders, ...(keepCrops ? ['crops'] : [])].join('|'),
    isCurrent({ lookedAs, performer }) {
      const [look, ...made] = lookedAs?.split('|') ?? [];
      const wanted = [...embedders, ...(keepCrops ? ['crops'] : [])];
      return look === lookOf(performer) && wanted.every((it) => made.includes(it));
    },
    isSameLook: ({ lookedAs, performer }) => lookedAs?.split('|')[0] === lookOf(performer),
  };
}

export function toWorkEntry(lookedAs: LookedAs) {
  return ({ number, performer }: StoredBoxPerformer) => ({
    kind: 'box-performer' as const,
    id: number,
    title: shownName(performer),
    revision: lookedAs.of(performer),
    priority: 0,
  });
}
