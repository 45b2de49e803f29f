import { faMagnifyingGlass } from '@fortawesome/free-solid-svg-icons';
import React from 'react';
import type { BoxView } from '../../core/contract/stash-box/box-view.ts';
import { MinorButton } from '../shared/widgets/minor-button.tsx';
import { Notice } from '../shared/widgets/notice.tsx';
import { WorkBar } from '../shared/widgets/work-bar.tsx';
import { Icon } from '../stash/icon.tsx';
import { say } from '../stash/intl.tsx';
import type { Decisions } from '../suggestions/decisions/decisions.ts';
import { BoxRow, type LinkedAt } from './box-row.tsx';
import type { Find } from './use-find.ts';

type Props = {
  readonly of: 'performers' | 'scenes';
  readonly name: string;
  readonly boxes: readonly BoxView[];
  /** Those that are asked when the user looks. */
  readonly toAsk: readonly BoxView[];
  readonly problem: string | null;
  readonly find: Find;
  readonly findLabel: string;
  readonly decisions: Decisions;
  readonly renderLinked: (at: LinkedAt, box: string) => React.ReactElement;
};

/** The stash-boxes of a performer or a scene, and the button that looks there. */
export function BoxList({
  of,
  name,
  boxes,
  toAsk,
  problem,
  find,
  findLabel,
  decisions,
  renderLinked,
}: Props): React.ReactElement {
  return (
    <div className="stash-sense-boxes">
      {problem !== null && <Notice variant="danger">{problem}</Notice>}
      {!boxes.some(({ hasKey }) => hasKey) ? (
        <Notice variant="info">{say('stashIds.noBox', { isNamed: 'false', name: '' })}</Notice>
      ) : (
        toAsk.length > 0 && (
          <div className="stash-sense-actions">
            <MinorButton disabled={find.at !== null} onClick={() => find.start(toAsk)}>
              <Icon icon={faMagnifyingGlass} /> {findLabel}
            </MinorButton>
          </div>
        )
      )}
      {find.at !== null && (
        <WorkBar
          fraction={find.at.place / find.at.total}
          message={say('performer.isLooking', {
            box: find.at.name,
            place: find.at.place + 1,
            total: find.at.total,
          })}
        />
      )}
      <ul className="list-unstyled">
        {boxes.map((box) => (
          <BoxRow
            key={box.endpoint}
            of={of}
            name={name}
            box={box}
            outcome={find.outcomes.get(box.endpoint) ?? null}
            decisions={decisions}
            renderLinked={renderLinked}
          />
        ))}
      </ul>
    </div>
  );
}
