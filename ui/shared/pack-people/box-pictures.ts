/** Asks for pictures of people of reference packs: those of one moment in few questions, each once a page. */
import { useEffect, useState } from 'react';
import type { Output } from '../../../core/contract/operations.ts';
import { messageOf } from '../../../core/message-of.ts';
import { plain } from '../../../core/messages/message.ts';
import { ask } from '../../stash/operations.ts';

export type BoxPicture = Output<'referencePacks.pictures'>['pictures'][string];

/** As many as the operation takes. */
const AT_ONCE = 12;
const GATHER_MS = 60;

const known = new Map<string, Promise<BoxPicture>>();
let waiting: { readonly personId: string; readonly answer: (picture: BoxPicture) => void }[] = [];
let timer: ReturnType<typeof setTimeout> | undefined;
let sending = Promise.resolve();

/** Null: not answered yet. @param isWanted once it can be seen */
export function useBoxPicture(personId: string, isWanted: boolean): BoxPicture | null {
  const [given, setGiven] = useState<{ personId: string; picture: BoxPicture } | null>(null);
  useEffect(() => {
    if (!isWanted) return undefined;
    let isHere = true;
    void pictureOf(personId).then((picture) => isHere && setGiven({ personId, picture }));
    return () => {
      isHere = false;
    };
  }, [personId, isWanted]);
  return given?.personId === personId ? given.picture : null;
}

function pictureOf(personId: string): Promise<BoxPicture> {
  const asked =
    known.get(personId) ??
    new Promise<BoxPicture>((answer) => {
      waiting.push({ personId, answer });
      timer ??= setTimeout(send, GATHER_MS);
    });
  known.set(personId, asked);
  return asked;
}

/** One question after the other: each is a process. */
function send(): void {
  timer = undefined;
  const due = waiting;
  waiting = [];
  for (let at = 0; at < due.length; at += AT_ONCE) {
    const part = due.slice(at, at + AT_ONCE);
    sending = sending.then(() => askFor(part));
  }
}

async function askFor(part: typeof waiting): Promise<void> {
  try {
    const personIds = part.map(({ personId }) => personId);
    const { pictures } = await ask('referencePacks.pictures', { personIds });
    for (const { personId, answer } of part) answer(pictures[personId] ?? { url: null, problem: null });
  } catch (error) {
    for (const { personId, answer } of part) {
      // Asked again where it is drawn the next time.
      known.delete(personId);
      answer({ url: null, problem: plain(messageOf(error)) });
    }
  }
}
