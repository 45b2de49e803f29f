/** Looks at pictures of a stash-box, where a face would decide who a performer is. */
import { hasCode, messageOf } from '../../../core/errors.ts';
import type { BoxPerformer, StashBoxClient } from '../../../core/ports/stash-box.ts';
import { rateLinks } from '../../../core/stash-box/rate.ts';
import type { LinkSign } from '../../../core/stash-box/signs.ts';
import type { LookParts } from '../../reference-packs/build/look.ts';
import type { Context } from '../../runs/task.ts';
import { compareWithPictures, type FaceFound } from '../faces.ts';
import { isOfBox } from '../of-box.ts';
import type { Unlinked } from '../performers.ts';

export type Compared = {
  readonly performer: BoxPerformer;
  readonly signs: readonly LinkSign[];
  /** The picture there that shows them best; null: it has none. */
  readonly imageId: string | null;
};

/** A stash-box can answer all else while its pictures are not to be had: for the rest of the process none is asked for then. */
export type PictureLane = { isDown: boolean };

/** Candidates of one performer about whom more is asked: the likeliest by all signs so far. */
const MAX_ASKED = 3;
/** Less likely ones are not worth a question. */
const ASKED_FROM = 0.01;

/** Places of those of whom more evidence may decide, likeliest first. @param isOpen whether there is more to be had of this one */
export function placesToAsk(
  compared: readonly Compared[],
  isOpen: (one: Compared) => boolean = () => true,
): number[] {
  const rated = rateLinks(compared.map(({ signs }) => signs));
  const confidenceOf = (n: number): number => rated[n]?.confidence ?? 0;
  return [...compared.keys()]
    .filter((n) => isOpen(compared[n]!) && confidenceOf(n) >= ASKED_FROM && rated[n]?.isStrong === false)
    .toSorted((a, b) => confidenceOf(b) - confidenceOf(a))
    .slice(0, MAX_ASKED);
}

/** Fetches pictures of those whom no pack has. `isWhole`: all that were to be looked at could be. */
export async function lookAtLikeliest(
  context: LookParts & Pick<Context, 'log'>,
  { client, pictures }: { readonly client: StashBoxClient; readonly pictures: PictureLane },
  { references }: Pick<Unlinked, 'references'>,
  compared: readonly Compared[],
): Promise<{ readonly compared: readonly Compared[]; readonly isWhole: boolean }> {
  const places = placesToAsk(
    compared,
    ({ signs, performer }) => !signs.some(({ sign }) => sign === 'face') && performer.images.length > 0,
  );
  const seen = [...compared];
  for (const n of places) {
    const candidate = compared[n]!;
    const look = (): Promise<FaceFound | null> =>
      compareWithPictures(context, client, references, candidate.performer);
    const found = await pictured(look, pictures, context.log);
    if (found === 'is down') break;
    if (found?.face != null)
      seen[n] = {
        ...candidate,
        signs: [...candidate.signs, found.face],
        imageId: found.imageId ?? candidate.imageId,
      };
  }
  return { compared: seen, isWhole: places.length === 0 || !pictures.isDown };
}

/** Null: no picture shows a good face, or the stash-box failed to give any of these. */
async function pictured(
  look: () => Promise<FaceFound | null>,
  pictures: PictureLane,
  log: Context['log'],
): Promise<FaceFound | null | 'is down'> {
  if (pictures.isDown) return 'is down';
  try {
    return await look();
  } catch (error) {
    if (hasCode(error, 'stash-box-failed')) return null;
    if (!isOfBox(error)) throw error;
    log.warn(messageOf(error));
    pictures.isDown = true;
    return 'is down';
  }
}
