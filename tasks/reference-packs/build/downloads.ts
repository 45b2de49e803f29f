/** Fetches the pictures of the next people while those of one are looked at. */
import { hasCode } from '../../../core/errors.ts';
import type { BoxImage, StashBoxClient } from '../../../core/ports/stash-box.ts';

/** Pictures that are being fetched at once. */
const AT_ONCE = 6;
/** While so much is waiting to be looked at, nothing more is begun. */
const MAX_WAITING_BYTES = 64e6;
/** Longest side that is enough: a face a tenth as large is still usable. */
const SIZE = 1280;

export type FetchedPicture = {
  readonly imageId: string;
  /** Why there is nothing to look at: the stash-box does not have the picture, failed to give it, or what it has is none. */
  readonly bytes: Uint8Array | 'missing' | 'failed' | 'unreadable';
};

/** What happens when the stash-box fails to give a picture: all fails, or the others are used unless there is none. */
export type Failing = 'fails' | 'is left out';

export type Downloads = {
  /** Begins to fetch these, unless too much is waiting. */
  ahead(images: readonly BoxImage[]): void;
  /** Waits for these, fetched already or now. Where one fails the others are kept for the next time. */
  take(images: readonly BoxImage[], failing?: Failing): Promise<FetchedPicture[]>;
  /** Forgets what is fetched of these and nobody will take, so that it does not count as waiting. */
  drop(images: readonly BoxImage[]): void;
  /** Of the pictures that were taken. */
  readonly takenBytes: number;
};

export function createDownloads(client: Pick<StashBoxClient, 'picture'>): Downloads {
  /** By id of the picture. */
  const coming = new Map<string, Promise<FetchedPicture['bytes']>>();
  const queue: (() => void)[] = [];
  let running = 0;
  let waitingBytes = 0;
  let takenBytes = 0;

  const inTurn = async <T>(work: () => Promise<T>): Promise<T> => {
    if (running >= AT_ONCE) await new Promise<void>((resolve) => void queue.push(resolve));
    else running++;
    try {
      return await work();
    } finally {
      // The place goes to the next one, or is free.
      const next = queue.shift();
      if (next === undefined) running--;
      else next();
    }
  };
  const begin = (image: BoxImage): Promise<FetchedPicture['bytes']> => {
    const known = coming.get(image.id);
    if (known !== undefined) return known;
    const fetched = inTurn(() => fetchPicture(client, image)).then((bytes) => {
      waitingBytes += sizeOf(bytes);
      return bytes;
    });
    // Whoever takes it gets the failure; until then it is no unhandled rejection. It is fetched again the next time.
    fetched.catch(() => {
      if (coming.get(image.id) === fetched) coming.delete(image.id);
    });
    coming.set(image.id, fetched);
    return fetched;
  };

  return {
    ahead(images) {
      for (const image of images)
        if (waitingBytes < MAX_WAITING_BYTES) void begin(image).catch(() => undefined);
    },

    async take(images, failing = 'fails') {
      const all = await Promise.allSettled(images.map(begin));
      const mayFail = failing === 'is left out' && all.some((it) => it.status === 'fulfilled');
      const pictures = all.map((it, n): FetchedPicture => {
        const imageId = images[n]!.id;
        if (it.status === 'fulfilled') return { imageId, bytes: it.value };
        if (mayFail && hasCode(it.reason, 'stash-box-failed')) return { imageId, bytes: 'failed' };
        throw it.reason;
      });
      for (const { imageId, bytes } of pictures) {
        coming.delete(imageId);
        waitingBytes -= sizeOf(bytes);
        takenBytes += sizeOf(bytes);
      }
      return pictures;
    },

    drop(images) {
      for (const { id } of images) {
        const dropped = coming.get(id);
        coming.delete(id);
        // What is on its way counts when it comes.
        dropped?.then(
          (bytes) => void (waitingBytes -= sizeOf(bytes)),
          () => undefined,
        );
      }
    },

    get takenBytes() {
      return takenBytes;
    },
  };
}

async function fetchPicture(
  client: Pick<StashBoxClient, 'picture'>,
  image: BoxImage,
): Promise<FetchedPicture['bytes']> {
  try {
    return (await client.picture(image, SIZE)) ?? 'missing';
  } catch (error) {
    if (hasCode(error, 'unreadable-media')) return 'unreadable';
    throw error;
  }
}

function sizeOf(bytes: FetchedPicture['bytes']): number {
  return typeof bytes === 'string' ? 0 : bytes.length;
}
