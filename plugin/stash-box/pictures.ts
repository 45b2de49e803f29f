/** Pictures of a stash-box. They need no key, and are never sent one: a wrong one is refused even here. */
import { StashSenseError } from '../../core/errors.ts';
import { message } from '../../core/messages/message.ts';
import type { StashBoxClient } from '../../core/ports/stash-box.ts';
import { toBoxId } from '../../core/stash-box/box-id.ts';
import type { HttpResponse } from '../system/http/http.ts';
import { throwIfBusy } from './answers.ts';
import type { BoxConnection } from './connection.ts';
import { BoxTrouble } from './trouble.ts';

/** A box takes 10 MB; older uploads may be larger. */
const MAX_PICTURE_BYTES = 32 << 20;
const MOST_REDIRECTS = 2;

export function createPictures(
  { endpoint, name, http, limits, withRetry }: BoxConnection,
  now: () => number,
): StashBoxClient['picture'] {
  const fetchFrom = (url: URL): Promise<HttpResponse> =>
    http.send({
      method: 'GET',
      url,
      headers: { Accept: 'image/jpeg,image/png,image/webp' },
      maxBytes: MAX_PICTURE_BYTES,
      silenceMs: limits.silenceMs,
      withinMs: limits.withinMs,
    });

  /** A box may keep its pictures elsewhere: they are public, so nothing of ours goes there. What they stand behind may be the box itself. */
  async function follow(url: URL, next: () => Promise<void>): Promise<HttpResponse> {
    let answer = await fetchFrom(url);
    for (let at = url, times = 0; isRedirect(answer) && times < MOST_REDIRECTS; times++) {
      at = new URL(answer.headers.location ?? '', at);
      if (at.protocol !== 'https:' && at.origin !== url.origin) break;
      await next();
      answer = await fetchFrom(at);
    }
    return answer;
  }

  function toBytes(answer: HttpResponse): Uint8Array | null {
    const { status, headers, body, tooLarge } = answer;
    const type = headers['content-type'] ?? '';
    if (status === 404 || status === 410) return null;
    throwIfBusy(answer, now());
    if (status >= 400 && status < 500 && status !== 408)
      throw new StashSenseError('stash-box-failed', message('stashBox.pictureRefused', { name, status }));
    if (status !== 200)
      throw new BoxTrouble(message('stash.answeredStatus', { status }), { isSingle: status === 500 });
    if (tooLarge)
      throw new StashSenseError(
        'unreadable-media',
        message('stashBox.pictureTooLarge', { name, megabytes: MAX_PICTURE_BYTES >> 20 }),
      );
    if (isPicture(body)) return body;
    // In place of a picture: a page of whatever stands before the box.
    if (/^(?:text\/html|application\/json)/i.test(type))
      throw new BoxTrouble(message('stashBox.pageForPicture', { type }));
    throw new StashSenseError(
      'unreadable-media',
      message('stashBox.noPicture', { name, type: type || message('stash.ofNoType') }),
    );
  }

  return async ({ id }, size) => {
    const imageId = toBoxId(id);
    if (imageId === null) return null;
    const whole = endpoint.picture(imageId);
    const smaller = new URL(whole);
    if (size !== 'full') smaller.searchParams.set('size', String(size));
    return await withRetry('pictures', async (tries, next) =>
      // A picture that the box cannot make smaller may be one that it can give.
      toBytes(await follow(tries === 1 ? smaller : whole, next)),
    );
  };
}

function isRedirect({ status, headers }: HttpResponse): boolean {
  return status >= 300 && status < 400 && URL.canParse(headers.location ?? '', 'https://any');
}

/** The first bytes of JPEG, PNG and WebP: a resized picture may be of another kind than the original, and SVG is none. */
function isPicture(body: Uint8Array): boolean {
  const begins = (offset: number, bytes: readonly number[]): boolean =>
    bytes.every((byte, n) => body[offset + n] === byte);
  return (
    begins(0, [0xff, 0xd8, 0xff]) ||
    begins(0, [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]) ||
    (begins(0, [0x52, 0x49, 0x46, 0x46]) && begins(8, [0x57, 0x45, 0x42, 0x50]))
  );
}
