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

/** Candidates of one performer whose pictures are fetched: the likeliest by all other signs. */
const MAX_LOOKED_AT = 3;
/** Less likely ones are not worth a look. */
const LOOKED_AT_FROM = 0.01;

/** Fetches pictures of those whom no pack has. `isWhole`: all that were to be looked at could be. */
export async function lookAtLikeliest(
  context: LookParts & Pick<Context, 'log'>,
  { client, pictures }: { readonly client: StashBoxClient; readonly pictures: PictureLane },
  { references }: Pick<Unlinked, 'references'>,
  compared: readonly Compared[],
): Promise<{ readonly compared: readonly Compared[]; readonly isWhole: boolean }> {
  const rated = rateLinks(compared.map(({ signs }) => signs));
  const places = [...compared.keys()]
    .filter((n) => {
      const { signs, performer } = compared[n]!;
      const isOpen = !signs.some(({ sign }) => sign === 'face') && performer.images.length > 0;
      return isOpen && (rated[n]?.confidence ?? 0) >= LOOKED_AT_FROM && rated[n]?.isStrong === false;
    })
    .toSorted((a, b) => (rated[b]?.confidence ?? 0) - (rated[a]?.confidence ?? 0))
    .slice(0, MAX_LOOKED_AT);
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
