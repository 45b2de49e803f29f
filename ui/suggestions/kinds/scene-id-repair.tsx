import React from 'react';
import { Link } from 'react-router-dom';
import { message } from '../../../core/messages/message.ts';
import { shownBox } from '../../../core/reference-packs/box-address.ts';
import { BoxLinks } from '../../shared/pack-people/box-link.tsx';
import { useBoxName } from '../../shared/pack-people/box-names.ts';
import { BoxFace } from '../../shared/pack-people/pack-face.tsx';
import { Face } from '../../shared/widgets/face.tsx';
import { say } from '../../stash/intl.tsx';
import type { PartProps, Renderer } from './renderer.ts';
import { repairWords } from './repair-words.ts';

type Props = PartProps<'scene-id-repair'>;

/** A stash ID of a scene that is wrong or that several have, why, and which scene it means or the right one does. */
export const sceneIdRepairRenderer: Renderer<'scene-id-repair'> = {
  act: 'correct',
  counted: 'stashIds',
  Body,
  Title,
  Evidence: Why,
  options: () => [],
  isStale: ({ entityTitle: name }) => message('stashIds.repairRefused', { state: 'stale', name }),
  words: ({ payload, entityTitle }) => repairWords(payload, entityTitle),
};

/** Of the scene that the right ID means, or that of a shared one; null: there is none to be shown. */
function stashIdOf({ payload: { wrong, right }, evidence }: Props['suggestion']) {
  return right ?? (evidence.reason === 'shared' ? wrong : null);
}

function Body({ suggestion, title }: Props): React.ReactElement {
  const { evidence, view } = suggestion;
  const stashId = stashIdOf(suggestion);
  const boxName = useBoxName();
  return (
    <div className="stash-sense-pair">
      <figure>
        <Face url={view.picture.url} label={say('sceneLinks.coverOf', { title })} size="cover" />
        <figcaption className="text-muted">{say('stashIds.yours')}</figcaption>
      </figure>
      {stashId && (
        <figure>
          <BoxFace
            endpoint={stashId.endpoint}
            imageId={evidence.imageId}
            name={evidence.title || stashId.stashId}
            size="cover"
            withReason
          />
          <figcaption className="text-muted">
            {boxName(stashId.endpoint)}
            {[evidence.studio, evidence.date].map((line, n) => (
              <span key={n} className="stash-sense-fact">
                {line ?? '–'}
              </span>
            ))}
          </figcaption>
        </figure>
      )}
    </div>
  );
}

function Title({ suggestion, title, tabIndex }: Props): React.ReactElement {
  const stashId = stashIdOf(suggestion);
  const theirs = suggestion.evidence.title || (stashId?.stashId ?? '');
  return (
    <span>
      <Link to={`/scenes/${suggestion.entity.id}`} tabIndex={tabIndex}>
        {title}
      </Link>
      {stashId && (
        <>
          {` → ${theirs} `}
          <BoxLinks stashIds={[stashId]} of="scenes" name={theirs} tabIndex={tabIndex} />
        </>
      )}
    </span>
  );
}

function Why({ suggestion: { payload, evidence }, tabIndex }: Props): React.ReactElement {
  const { wrong, right } = payload;
  return (
    <ul className="list-unstyled">
      <li>
        {say('sceneRepairs.why', {
          reason: evidence.reason,
          isTold: String(evidence.isTold),
          id: wrong.stashId,
          box: shownBox(wrong.endpoint),
          other: shownBox((right ?? wrong).endpoint),
        })}
      </li>
      {evidence.others.map(({ id, title }) => (
        <li key={id}>
          <Link to={`/scenes/${id}`} tabIndex={tabIndex}>
            {say('sceneRepairs.othersHaveIt', { title })}
          </Link>
        </li>
      ))}
    </ul>
  );
}
