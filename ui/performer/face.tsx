import { faMagnifyingGlass } from '@fortawesome/free-solid-svg-icons';
import React, { useState } from 'react';
import { Link } from 'react-router-dom';
import type { Ask, Output } from '../../core/contract/operations.ts';
import { References } from '../people/references.tsx';
import { useAct, useIsHere } from '../shared/hooks/use-act.ts';
import { useAnswer } from '../shared/hooks/use-answer.ts';
import { MinorButton } from '../shared/widgets/minor-button.tsx';
import { NoAnswer } from '../shared/widgets/no-answer.tsx';
import { Notice } from '../shared/widgets/notice.tsx';
import { WorkBar } from '../shared/widgets/work-bar.tsx';
import { entityName } from '../shared/words.ts';
import { Icon } from '../stash/icon.tsx';
import { say } from '../stash/intl.tsx';
import { PAGE } from '../stash/navigation.ts';
import { ask } from '../stash/operations.ts';

/** By which pictures a performer is recognised, where they were seen and are not, and the other way round. */
export function FacePanel({ performerId }: { performerId: string }): React.ReactElement {
  const { answer, problem, reload } = useAnswer('performer.face', { performerId });
  const [looked, setLooked] = useState<number | null>(null);
  const isHere = useIsHere();
  const { isPending, act } = useAct(() => {
    setLooked(null);
    reload();
  });
  if (answer === null) return <NoAnswer problem={problem} onRetry={reload} />;
  const { name, seenNotTagged, taggedNotSeen } = answer;

  const find = (): void =>
    act(async () => {
      let after: Ask<'performer.find'>['after'] = null;
      let count = 0;
      setLooked(0);
      do {
        const part: Output<'performer.find'> = await ask('performer.find', { performerId, after });
        after = part.next;
        count += part.looked;
        if (isHere.current) setLooked(count);
      } while (after !== null && isHere.current);
      return say('performer.looked', { count });
    });

  return (
    <div className="stash-sense-performer-face">
      {problem !== null && <Notice variant="danger">{problem}</Notice>}
      <References key={performerId} performer={{ id: performerId, name }} onChanged={reload} />
      <div className="stash-sense-actions">
        <MinorButton disabled={isPending} onClick={find}>
          <Icon icon={faMagnifyingGlass} /> {say('performer.findInLibrary')}
        </MinorButton>
        <Link to={`${PAGE}?performer=${performerId}`}>{say('people.suggestions')}</Link>
      </div>
      {looked !== null && (
        <WorkBar fraction={null} message={say('performer.isLookingThrough', { count: looked })} />
      )}
      <Places title={say('performer.seenNotTagged')} places={seenNotTagged} />
      <Places title={say('performer.taggedNotSeen')} places={taggedNotSeen} />
    </div>
  );
}

type PlacesProps = {
  readonly title: string;
  readonly places: Output<'performer.face'>['seenNotTagged'];
};

function Places({ title, places }: PlacesProps): React.ReactElement {
  return (
    <section aria-label={title}>
      <h6>{say('performer.titleAndCount', { title, count: places.length })}</h6>
      {places.length > 0 && (
        <ul className="list-unstyled stash-sense-places">
          {places.map(({ entity, title: name, href }) => (
            <li key={`${entity.kind} ${entity.id}`}>
              <Link to={href}>{name === '' ? entityName(entity) : name}</Link>
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}
