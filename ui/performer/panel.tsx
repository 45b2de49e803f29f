import React from 'react';
import { BoxList } from '../boxes/box-list.tsx';
import { useFind } from '../boxes/use-find.ts';
import { useAnswer } from '../shared/hooks/use-answer.ts';
import { NoAnswer } from '../shared/widgets/no-answer.tsx';
import { say } from '../stash/intl.tsx';
import { ask } from '../stash/operations.ts';
import { useDecisions } from '../suggestions/decisions/use-decisions.ts';
import { Linked } from './linked.tsx';

/** The stash IDs of a performer, what is missing, who they may be there, and what the stash-boxes know of them. */
export function BoxesPanel({ performerId }: { performerId: string }): React.ReactElement {
  const { answer, asked, problem, reload } = useAnswer('stashIds.ofPerformer', { performerId });
  const decisions = useDecisions({
    items: answer?.boxes.flatMap(({ suggestions }) => suggestions) ?? [],
    askedAtMs: asked?.atMs ?? 0,
    reload,
    onDecided: reload,
  });
  const find = useFind(async (endpoint) => {
    const { isWhole } = await ask('stashIds.findOne', { performerId, endpoint });
    return isWhole ? null : { text: say('performer.notWhole'), isProblem: true };
  }, reload);
  if (answer === null) return <NoAnswer problem={problem} onRetry={reload} />;
  const { boxes, name } = answer;
  return (
    <BoxList
      of="performers"
      name={name}
      boxes={boxes}
      toAsk={boxes.filter(({ hasKey }) => hasKey)}
      problem={problem}
      find={find}
      findLabel={say('performer.find')}
      decisions={decisions}
      renderLinked={(stashId, box) => (
        <Linked at={{ performerId, stashId }} name={name} box={box} onChanged={reload} />
      )}
    />
  );
}
