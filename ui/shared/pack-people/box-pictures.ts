/** Asks for pictures of stash-boxes: those of one moment in few questions, each once a page. */
import { useEffect, useState } from 'react';
import type { Output } from '../../../core/contract/operations.ts';
import { messageOf } from '../../../core/message-of.ts';
import { plain } from '../../../core/messages/message.ts';
import { ask } from '../../stash/operations.ts';

export type BoxPicture = Output<'referencePacks.pictures'>['pictures'][string];
/** Pictures by a key. */
export type PictureQueue = (key: string) => Promise<BoxPicture>;

/** As many as the operations take. */
const AT_ONCE = 12;
const GATHER_MS = 60;
const NONE: BoxPicture = { url: null, problem: null };

/** Of people of reference packs, by their ids. */
export const PICTURES_OF_PEOPLE = createQueue(async (personIds) => {
  const { pictures } = await ask('referencePacks.pictures', { personIds: [...personIds] });
  return personIds.map((id) => pictures[id] ?? NONE);
});

/** Of performers of stash-boxes, by endpoint and id of the picture with a space between. */
export const PICTURES_OF_BOXES = createQueue(async (keys) => {
  const pictures = keys.map((key) => {
    const [endpoint = '', imageId = ''] = key.split(' ');
    return { endpoint, imageId };
  });
  return (await ask('stashBoxes.pictures', { pictures })).pictures;
});

/** Null: not answered yet. @param isWanted once it can be seen */
export function useBoxPicture(queue: PictureQueue, key: string, isWanted: boolean): BoxPicture | null {
  const [given, setGiven] = useState<{ key: string; picture: BoxPicture } | null>(null);
  useEffect(() => {
    if (!isWanted) return undefined;
    let isHere = true;
    void queue(key).then((picture) => isHere && setGiven({ key, picture }));
    return () => {
      isHere = false;
    };
  }, [queue, key, isWanted]);
  return given?.key === key ? given.picture : null;
}

/** @param askFor answers in the order of the keys */
function createQueue(askFor: (keys: readonly string[]) => Promise<readonly BoxPicture[]>): PictureQueue {
  type Waiting = { readonly key: string; readonly answer: (picture: BoxPicture) => void };
  const known = new Map<string, Promise<BoxPicture>>();
  let waiting: Waiting[] = [];
  let timer: ReturnType<typeof setTimeout> | undefined;
  let sending = Promise.resolve();

  async function answer(part: readonly Waiting[]): Promise<void> {
    try {
      const pictures = await askFor(part.map(({ key }) => key));
      part.forEach((one, n) => one.answer(pictures[n] ?? NONE));
    } catch (error) {
      for (const one of part) {
        // Asked again where it is drawn the next time.
        known.delete(one.key);
        one.answer({ url: null, problem: plain(messageOf(error)) });
      }
    }
  }

  /** One question after the other: each is a process. */
  function send(): void {
    timer = undefined;
    const due = waiting;
    waiting = [];
    for (let at = 0; at < due.length; at += AT_ONCE) {
      const part = due.slice(at, at + AT_ONCE);
      sending = sending.then(() => answer(part));
    }
  }

  return (key) => {
    const asked =
      known.get(key) ??
      new Promise<BoxPicture>((resolve) => {
        waiting.push({ key, answer: resolve });
        timer ??= setTimeout(send, GATHER_MS);
      });
    known.set(key, asked);
    return asked;
  };
}
