import React from 'react';
import type { Output } from '../../core/contract/operations.ts';
import { BoxList } from '../boxes/box-list.tsx';
import { useFind, type FindOutcome } from '../boxes/use-find.ts';
import { useAnswer } from '../shared/hooks/use-answer.ts';
import { NoAnswer } from '../shared/widgets/no-answer.tsx';
import { say } from '../stash/intl.tsx';
import { ask } from '../stash/operations.ts';
import { useDecisions } from '../suggestions/decisions/use-decisions.ts';
import { Linked } from './linked.tsx';

/** The stash IDs of a scene, what is missing, which scene there it may be, and what the stash-boxes know of it. */
export function SceneBoxesPanel({ sceneId }: { sceneId: string }): React.ReactElement {
  const { answer, asked: askedAt, problem, reload } = useAnswer('sceneBoxes.ofScene', { sceneId });
  const decisions = useDecisions({
    items: answer?.boxes.flatMap(({ suggestions }) => suggestions) ?? [],
    askedAtMs: askedAt?.atMs ?? 0,
    reload,
    onDecided: reload,
  });
  const find = useFind(
    async (endpoint) => outcomeOf(await ask('sceneBoxes.findOne', { sceneId, endpoint })),
    reload,
  );
  if (answer === null) return <NoAnswer problem={problem} onRetry={reload} />;
  const { boxes, title } = answer;
  const asked = boxes.filter(({ hasKey }) => hasKey);
  const isLinked = asked.every(({ ids }) => ids.length > 0);
  return (
    <BoxList
      of="scenes"
      name={title}
      boxes={boxes}
      toAsk={asked}
      problem={problem}
      find={find}
      findLabel={say(isLinked ? 'scenePage.check' : 'scenePage.find')}
      decisions={decisions}
      renderLinked={(stashId, box) => (
        <Linked at={{ sceneId, stashId }} title={title} box={box} onChanged={reload} />
      )}
    />
  );
}

/** What was found stands below; of anything else it is said. */
function outcomeOf({ outcome, problem }: Output<'sceneBoxes.findOne'>): FindOutcome | null {
  if (outcome === 'found') return null;
  const text = say('scenePage.outcome', { outcome });
  if (problem !== null) return { text: say('joined', { first: text, second: problem }), isProblem: true };
  return { text, isProblem: outcome !== 'nothing' && outcome !== 'right' };
}
