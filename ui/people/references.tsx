import React, { useState } from 'react';
import { Badge } from 'react-bootstrap';
import { Link } from 'react-router-dom';
import type { ReferenceView } from '../../core/contract/people.ts';
import { useAct } from '../shared/hooks/use-act.ts';
import { usePages } from '../shared/hooks/use-pages.ts';
import { Face } from '../shared/widgets/face.tsx';
import { Notice } from '../shared/widgets/notice.tsx';
import { Pager } from '../shared/widgets/pager.tsx';
import { entityName, percent, pictureState, sourceName } from '../shared/words.ts';
import { say } from '../stash/intl.tsx';
import { pageOf } from '../stash/navigation.ts';
import { ask } from '../stash/operations.ts';
import { MinorButton } from '../shared/widgets/minor-button.tsx';

/** Pictures of one performer. */
const PAGE_SIZE = 30;

type Props = {
  readonly performer: { readonly id: string; readonly name: string };
  /** A picture was set aside or is used again. */
  readonly onChanged: () => void;
};

/** The pictures that a performer is recognised by, and why others are not used; each can be set aside. Needs a React `key` per performer. */
export function References({ performer: { id, name }, onChanged }: Props): React.ReactElement {
  const { answer, problem, reload, place } = usePages('people.references', { performerId: id }, PAGE_SIZE);
  const { act } = useAct(() => {
    reload();
    onChanged();
  });
  const references = useFirstOrder(answer?.items ?? []);

  function choose(reference: ReferenceView): void {
    const use = reference.offers === 'use';
    act(async () => {
      await ask('people.use', { performerId: id, referenceId: reference.id, use });
      return say(use ? 'people.isUsedAgain' : 'people.isSetAside', { name });
    });
  }

  return (
    <div className="stash-sense-references">
      {problem !== null && <Notice variant="danger">{problem}</Notice>}
      {answer?.total === 0 && <p className="text-muted">{say('people.noPictureOf', { name })}</p>}
      {answer?.problem != null && (
        <Notice variant="warning">
          {say('people.cannotBeRecognisedNamed', { name, reason: answer.problem })}
        </Notice>
      )}
      <ul className="stash-sense-pictures list-unstyled">
        {references.map((reference) => (
          <Reference key={reference.id} reference={reference} name={name} onChoose={choose} />
        ))}
      </ul>
      {answer !== null && <Pager {...place} shown={references.length} total={answer.total} />}
    </div>
  );
}

function Reference({
  reference,
  name,
  onChoose,
}: {
  reference: ReferenceView;
  name: string;
  onChoose: (reference: ReferenceView) => void;
}): React.ReactElement {
  const { source, state, quality, url, entity, offers } = reference;
  const from = sourceName(source);
  return (
    <li>
      <Face url={url} label={say('people.sourceOf', { name, source: from })} size="medium" />
      <span>{from}</span>
      {entity !== null && (
        <Link to={pageOf(entity)}>{say('people.shownIn', { item: entityName(entity) })}</Link>
      )}
      <Badge variant={state === 'used' ? 'success' : 'secondary'} className="stash-sense-badge">
        {pictureState(state, source)}
      </Badge>
      {state === 'used' && (
        <span className="text-muted">{say('people.quality', { quality: percent(quality) })}</span>
      )}
      {/* Not disabled while the answer is awaited: that would take the focus of the keyboard away. */}
      {offers !== null && (
        <MinorButton
          aria-label={
            offers === 'use'
              ? say('people.useAgainNamed', { name, source: from })
              : say('people.doNotUseNamed', { name, source: from })
          }
          onClick={() => onChoose(reference)}
        >
          {say(offers === 'use' ? 'people.useAgain' : 'people.doNotUse')}
        </MinorButton>
      )}
    </li>
  );
}

/** In the order in which they were first shown, so that a second click does not hit another picture. */
function useFirstOrder(references: readonly ReferenceView[]): readonly ReferenceView[] {
  const [first, setFirst] = useState<readonly string[]>([]);
  const known = references.filter(({ id }) => first.includes(id)).length;
  if (references.length > 0 && known === 0) setFirst(references.map(({ id }) => id));
  const placeOf = ({ id }: ReferenceView): number => (first.includes(id) ? first.indexOf(id) : first.length);
  return [...references].sort((a, b) => placeOf(a) - placeOf(b));
}
