import { faMagnifyingGlass } from '@fortawesome/free-solid-svg-icons';
import React from 'react';
import { useAnswer } from '../shared/hooks/use-answer.ts';
import { MinorButton } from '../shared/widgets/minor-button.tsx';
import { NoAnswer } from '../shared/widgets/no-answer.tsx';
import { Notice } from '../shared/widgets/notice.tsx';
import { WorkBar } from '../shared/widgets/work-bar.tsx';
import { Icon } from '../stash/icon.tsx';
import { say } from '../stash/intl.tsx';
import { useDecisions } from '../suggestions/decisions/use-decisions.ts';
import { BoxRow } from './box-row.tsx';
import { useFind } from './use-find.ts';

/** The stash IDs of a performer, what is missing, who they may be there, and what the stash-boxes know of them. */
export function BoxesPanel({ performerId }: { performerId: string }): React.ReactElement {
  const { answer, asked, problem, reload } = useAnswer('stashIds.ofPerformer', { performerId });
  const decisions = useDecisions({
    items: answer?.boxes.flatMap(({ suggestions }) => suggestions) ?? [],
    askedAtMs: asked?.atMs ?? 0,
    reload,
    onDecided: reload,
  });
  const find = useFind(performerId, reload);
  if (answer === null) return <NoAnswer problem={problem} onRetry={reload} />;
  const { boxes, name } = answer;
  const askable = boxes.filter(({ hasKey }) => hasKey);
  return (
    <div className="stash-sense-boxes">
      {problem !== null && <Notice variant="danger">{problem}</Notice>}
      {askable.length === 0 ? (
        <Notice variant="info">{say('stashIds.noBox', { isNamed: 'false', name: '' })}</Notice>
      ) : (
        <div className="stash-sense-actions">
          <MinorButton disabled={find.at !== null} onClick={() => find.start(askable)}>
            <Icon icon={faMagnifyingGlass} /> {say('performer.find')}
          </MinorButton>
        </div>
      )}
      {find.at !== null && (
        <WorkBar
          fraction={find.at.place / askable.length}
          message={say('performer.isLooking', {
            box: find.at.name,
            place: find.at.place + 1,
            total: askable.length,
          })}
        />
      )}
      <ul className="list-unstyled">
        {boxes.map((box) => (
          <BoxRow
            key={box.endpoint}
            performerId={performerId}
            name={name}
            box={box}
            problem={find.problems.get(box.endpoint) ?? null}
            decisions={decisions}
            onChanged={reload}
          />
        ))}
      </ul>
    </div>
  );
}
