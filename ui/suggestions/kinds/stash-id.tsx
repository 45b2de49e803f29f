import React, { useState } from 'react';
import { Link } from 'react-router-dom';
import type { Ask } from '../../../core/contract/operations.ts';
import type { NameTakenView } from '../../../core/contract/suggestions.ts';
import { message } from '../../../core/messages/message.ts';
import { shownName } from '../../../core/people/shown-name.ts';
import { shownBox } from '../../../core/reference-packs/box-address.ts';
import { WhatBoxKnows, type Taken } from '../../shared/box-offers/what-box-knows.tsx';
import { useIsHere } from '../../shared/hooks/use-act.ts';
import { BoxLinks } from '../../shared/pack-people/box-link.tsx';
import { useBoxName } from '../../shared/pack-people/box-names.ts';
import { NameTaken } from '../../shared/pack-people/name-taken.tsx';
import { BoxFace } from '../../shared/pack-people/pack-face.tsx';
import { Face } from '../../shared/widgets/face.tsx';
import { MinorButton } from '../../shared/widgets/minor-button.tsx';
import { percent } from '../../shared/words.ts';
import { say } from '../../stash/intl.tsx';
import type { Making } from '../decisions/outcomes.ts';
import { asDecided, repairWords } from './repair-words.ts';
import type { Choosing, PartProps, Renderer } from './renderer.ts';

type LinkProps = PartProps<'performer-stash-id'>;
type RepairProps = PartProps<'stash-id-repair'>;
type Suggestion = LinkProps['suggestion'] | RepairProps['suggestion'];
type Props = { readonly suggestion: Suggestion; readonly title: string; readonly tabIndex: number };

/** A performer beside whom they may be at a stash-box, and what speaks for it. */
export const performerStashIdRenderer: Renderer<'performer-stash-id'> = {
  act: 'link',
  counted: 'stashIds',
  Body,
  Title,
  Evidence: Signs,
  More,
  options: () => [],
  isStale: ({ entityTitle: name }) => message('stashIds.linkRefused', { state: 'stale', name }),
  words: ({ evidence, payload }) => {
    const name = shownName(evidence);
    const box = shownBox(payload.stashId.endpoint);
    return asDecided(name, {
      accept: say('stashIds.link'),
      acceptNamed: say('stashIds.linkNamed', { name, box }),
      acceptedNamed: say('stashIds.linked', { name, box }),
      reject: say('faces.notThisPerson'),
      rejectNamed: say('faces.notThisPersonNamed', { name }),
      wasAccepted: say('stashIds.isLinked'),
      wasRemoved: say('stashIds.wasTakenOff'),
    });
  },
};

/** A stash ID that is wrong, why, and whom the right one means. */
export const stashIdRepairRenderer: Renderer<'stash-id-repair'> = {
  act: 'correct',
  counted: 'stashIds',
  Body,
  Title,
  Evidence: Why,
  options: () => [],
  isStale: ({ entityTitle: name }) => message('stashIds.repairRefused', { state: 'stale', name }),
  words: ({ payload, entityTitle }) => repairWords(payload, entityTitle),
};

/** The stash ID that the performer is to have; null: one is only taken off. */
function stashIdOf({ payload }: Suggestion) {
  return 'stashId' in payload ? payload.stashId : payload.right;
}

function Body({ suggestion, title }: Props): React.ReactElement {
  const { evidence, view } = suggestion;
  const { imageId } = evidence;
  const stashId = stashIdOf(suggestion);
  const name = shownName(evidence);
  const label = say('faces.pictureOf', { name: title });
  const boxName = useBoxName();
  return (
    <div className="stash-sense-pair">
      <figure>
        <Face url={view.picture?.url ?? null} label={label} size="large" />
        <figcaption className="text-muted">{say('stashIds.yours')}</figcaption>
      </figure>
      {stashId && (
        <figure>
          <BoxFace endpoint={stashId.endpoint} imageId={imageId} name={name} size="large" withReason />
          <figcaption className="text-muted">{boxName(stashId.endpoint)}</figcaption>
        </figure>
      )}
    </div>
  );
}

function Title({ suggestion, title, tabIndex }: Props): React.ReactElement {
  const stashId = stashIdOf(suggestion);
  const name = shownName(suggestion.evidence);
  return (
    <span>
      <Link to={`/performers/${suggestion.entity.id}`} tabIndex={tabIndex}>
        {title}
      </Link>
      {stashId && (
        <>
          {` → ${name} `}
          <BoxLinks stashIds={[stashId]} name={name} tabIndex={tabIndex} />
        </>
      )}
    </span>
  );
}

/** What speaks for two people being one, strongest first, and what speaks against it. */
function Signs({ suggestion: { evidence } }: LinkProps): React.ReactElement {
  const signs = [...evidence.signs].sort((a, b) => b.weight - a.weight);
  return (
    <ul className="list-unstyled">
      {signs.map(({ sign, weight, mine, theirs }) => (
        <li key={sign} className={weight < 0 ? 'text-warning' : undefined}>
          {say(weight < 0 ? 'stashIds.against' : 'stashIds.sign', {
            sign,
            mine: sign === 'face' ? percent(Number(mine)) : mine,
            theirs,
          })}
        </li>
      ))}
    </ul>
  );
}

/** What else the stash-box knows of them, taken over with the link where it is ticked; or they are somebody else, who is made a performer. */
function More({ suggestion, tabIndex, choosing }: LinkProps): React.ReactElement | null {
  const [open, setOpen] = useState<'known' | 'create' | null>(null);
  if (choosing === null || suggestion.state !== 'open') return null;
  const { entity, payload, evidence } = suggestion;
  const { stashId } = payload;
  const name = shownName(evidence);
  const opener = (what: 'known' | 'create', words: string, label: string): React.ReactElement => (
    <MinorButton
      aria-label={label}
      aria-expanded={open === what}
      tabIndex={tabIndex}
      onClick={() => setOpen(open === what ? null : what)}
    >
      {words}
    </MinorButton>
  );
  return (
    <>
      <div className="stash-sense-actions">
        {opener('known', say('boxOffers.open'), say('boxOffers.compareNamed', { name }))}
        {opener('create', say('stashIds.create'), say('stashIds.createNamed', { name }))}
      </div>
      {open === 'known' && (
        <WhatBoxKnows
          at={{ performerId: entity.id, stashId, imageId: evidence.imageId }}
          isPending={choosing.isPending}
          tabIndex={tabIndex}
          isNeverEmpty
          act={(count) => say('boxOffers.link', { count })}
          onTake={(take) => choosing.take({ target: null, name, choices: { take } })}
        />
      )}
      {open === 'create' && (
        <Create at={{ stashId, imageId: evidence.imageId }} choosing={choosing} tabIndex={tabIndex} />
      )}
    </>
  );
}

type CreateProps = Pick<LinkProps, 'tabIndex'> & {
  readonly at: Pick<Ask<'stashBoxes.profile'>, 'stashId' | 'imageId'>;
  readonly choosing: Choosing;
};

/** What a new performer is made with; where the name is taken, whether it is one of those who have it. */
function Create({ at, choosing, tabIndex }: CreateProps): React.ReactElement {
  const [taken, setTaken] = useState<Taken>({});
  const [question, setQuestion] = useState<NameTakenView | null>(null);
  const isHere = useIsHere();
  const make = async (making: Making): Promise<void> => {
    const found = await choosing.create(making);
    if (isHere.current) setQuestion(found);
  };
  return (
    <>
      <WhatBoxKnows
        at={{ performerId: null, ...at }}
        isPending={choosing.isPending}
        tabIndex={tabIndex}
        isNeverEmpty
        act={(count) => say('stashIds.createWith', { count })}
        onTake={(ticked) => {
          setTaken(ticked);
          void make({ taken: ticked });
        }}
      />
      {question !== null && (
        <NameTaken
          taken={question}
          isPending={choosing.isPending}
          onChoose={({ choices: { performerId, addStashId, disambiguation } }) =>
            void make(performerId === undefined ? { taken, disambiguation } : { performerId, addStashId })
          }
        />
      )}
    </>
  );
}

function Why({ suggestion }: RepairProps): React.ReactElement {
  const { payload, evidence } = suggestion;
  const { wrong, right } = payload;
  return (
    <>
      {say('stashIds.why', {
        reason: evidence.reason,
        id: wrong.stashId,
        box: shownBox(wrong.endpoint),
        other: shownBox((right ?? wrong).endpoint),
      })}
    </>
  );
}
