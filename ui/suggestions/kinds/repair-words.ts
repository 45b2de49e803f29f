import { say } from '../../stash/intl.tsx';
import type { Renderer } from './renderer.ts';

type Words = ReturnType<Renderer<'stash-id-repair'>['words']>;

/** On the buttons of a suggestion that corrects a stash ID, or takes it off. @param name of the performer or scene */
export function repairWords({ right }: { readonly right: unknown }, name: string): Words {
  return asDecided(name, {
    accept: say(right === null ? 'stashIds.takeOff' : 'stashIds.correct'),
    acceptNamed: say(right === null ? 'stashIds.takeOffNamed' : 'stashIds.correctNamed', { name }),
    acceptedNamed: say('stashIds.corrected', { isTakenOff: String(right === null), name }),
    reject: say('stashIds.isRight'),
    rejectNamed: say('stashIds.isRightNamed', { name }),
    wasAccepted: say('stashIds.isCorrected'),
    wasRemoved: say('stashIds.isWrongAgain'),
  });
}

/** What was decided is called as the button that decides it. */
export function asDecided(
  name: string,
  words: Omit<Words, 'name' | 'accept' | 'acceptAgain' | 'acceptAgainNamed' | 'wasRejected'> & {
    accept: string;
  },
): Words {
  const { accept, acceptNamed, reject } = words;
  return { ...words, name, acceptAgain: accept, acceptAgainNamed: acceptNamed, wasRejected: reject };
}
