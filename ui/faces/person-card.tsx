import {
  faCheck,
  faCircleCheck,
  faCircleExclamation,
  faQuestion,
  faTimes,
  type IconDefinition,
} from '@fortawesome/free-solid-svg-icons';
import React, { useState } from 'react';
import { Badge, Button, Card } from 'react-bootstrap';
import { Link } from 'react-router-dom';
import type { FacesView, PersonView } from '../../core/contract/faces.ts';
import { BoxLinks } from '../shared/pack-people/box-link.tsx';
import { PackFace } from '../shared/pack-people/pack-face.tsx';
import { Confidence } from '../shared/widgets/confidence.tsx';
import { NotThisPerson, UndoDecision } from '../shared/widgets/decision-buttons.tsx';
import { Face } from '../shared/widgets/face.tsx';
import { eitherOf, expectedWords, isWorthSaying, percent, sourceName } from '../shared/words.ts';
import { Icon } from '../stash/icon.tsx';
import type { EntityRef } from '../stash/library.ts';
import { CandidateRow } from './candidate-row.tsx';
import { Crops } from './crops.tsx';
import { AwaitedSave, HeldChoice } from './held.tsx';
import { IsItThem, WhoIsIt } from './naming/who-is-it.tsx';
import type { Naming } from './naming/use-naming.ts';
import { PackActions } from './pack/pack-actions.tsx';
import { lessLikely, selectableCandidates, stateOf, type PersonState } from './person-state.ts';
import { Times } from './times.tsx';
import type { Decisions } from './use-decisions.ts';
import type { PackDecisions } from './pack/use-pack-decisions.ts';
import type { Held } from './use-held.ts';
import { say } from '../stash/intl.tsx';

export type PersonCardProps = {
  readonly entity: EntityRef;
  readonly person: PersonView;
  readonly decisions: Decisions;
  readonly packDecisions: PackDecisions;
  readonly held: Held;
  /** See `performersElsewhere`. */
  readonly elsewhere: ReadonlySet<string>;
  readonly naming: Naming;
  /** Performers of the entity who were not seen; `isOnly`: nobody else's face can be theirs. */
  readonly unseen: { readonly performers: NonNullable<FacesView['unseen']>; readonly isOnly: boolean };
};

/** One person of an entity: crops, match or candidates, and the buttons to decide. */
export function PersonCard(props: PersonCardProps): React.ReactElement {
  const { entity, person, decisions, packDecisions, held, elsewhere, naming, unseen } = props;
  const state = stateOf(person);
  const personName = person.name ?? say('faces.anUnknownPerson');
  const [best] = person.candidates;
  const [isAsked, setAsked] = useState(false);
  const likely = selectableCandidates(person, elsewhere);
  const others = lessLikely(person, likely, elsewhere);
  const offered = isAsked ? [...likely, ...others] : likely;
  const reference = person.performerId === null ? null : (best?.reference ?? null);
  const pack = person.decision === 'match' ? best?.pack : undefined;
  return (
    <Card className={`stash-sense-person stash-sense-person-${state}`}>
      <div className="stash-sense-strip">
        <div className="stash-sense-seen">
          <Crops crops={person.crops} personName={personName} isScene={entity.kind === 'scene'} />
        </div>
        {pack !== undefined && (
          <figure className="stash-sense-reference">
            <PackFace personId={pack.personId} name={personName} size="medium" withReason />
            <figcaption className="text-muted">{say('packPeople.ofPack')}</figcaption>
          </figure>
        )}
        {person.performerId !== null && pack === undefined && (
          <figure className="stash-sense-reference">
            <Face
              url={reference?.url ?? null}
              label={say('faces.referenceOf', {
                name: personName,
                source: reference ? sourceName(reference.source) : say('page.noPicture'),
              })}
              size="medium"
            />
            {reference && <figcaption className="text-muted">{sourceName(reference.source)}</figcaption>}
          </figure>
        )}
      </div>
      <div className="stash-sense-heading">
        <h5 className="stash-sense-name">
          {title(person)}
          {pack !== undefined && (
            <>
              {' '}
              <BoxLinks stashIds={pack.stashIds} joins={pack.joins} name={personName} />
            </>
          )}
        </h5>
        {(person.performerId !== null || pack !== undefined) && <Confidence confidence={person.confidence} />}
        <StateBadge sign={signOf(state, entity.kind)} />
      </div>
      <div className="text-muted stash-sense-evidence">
        {person.onlyCover === true ? say('faces.onlyCover') : say('faces.faces', { count: person.faceCount })}
        {expectedWords(person.decision === 'match' ? best?.expected : undefined).map(
          (words) => ` · ${words}`,
        )}
        {offered.length === 0 && otherCandidates(person)}
      </div>
      {entity.kind === 'scene' && <Times timesMs={person.timesMs} personName={personName} />}
      {pack !== undefined && best !== undefined && person.performerId === null ? (
        <PackActions person={person} candidate={best} decisions={packDecisions} />
      ) : (
        <Actions {...props} state={state} kind={entity.kind} />
      )}
      {person.decision !== 'match' && state !== 'hidden' && unseen.isOnly && (
        <IsItThem person={person} naming={naming} unseen={unseen.performers} />
      )}
      <HeldChoice held={held} place={person.key} />
      {offered.length > 0 && (
        <>
          {state !== 'ambiguous' && state !== 'unknown' && (
            <div className="text-muted">{say('faces.orLessLikely')}</div>
          )}
          <ul className="stash-sense-candidates list-unstyled">
            {offered.map((candidate) => (
              <CandidateRow
                key={candidate.pack?.personId ?? candidate.performerId ?? candidate.name}
                entity={entity}
                person={person}
                candidate={candidate}
                decisions={decisions}
                packDecisions={packDecisions}
                held={held}
                isElsewhere={candidate.performerId !== null && elsewhere.has(candidate.performerId)}
              />
            ))}
          </ul>
        </>
      )}
      {others.length > 0 && !isAsked && (
        <Button variant="link" className="stash-sense-inline" onClick={() => setAsked(true)}>
          {say('faces.showLessLikely', { count: others.length })}
        </Button>
      )}
      {(person.decision !== 'match' || state === 'rejected') && (
        <WhoIsIt person={person} naming={naming} unseen={unseen.performers} />
      )}
    </Card>
  );
}

function title({ name, performerId, decision, onlyCover, candidates }: PersonView): React.ReactNode {
  if (performerId !== null) return <Link to={`/performers/${performerId}`}>{name}</Link>;
  if (name !== null) return name;
  if (decision !== 'ambiguous') return say('faces.unknownPerson');
  return onlyCover === true
    ? say('faces.onlyCoverShows', { name: eitherOf(likelyNames(candidates)) })
    : say('faces.oneOfThese');
}

function likelyNames(candidates: PersonView['candidates']): string[] {
  const [best, ...others] = candidates;
  const likely = others.filter(({ confidence }) => isWorthSaying(confidence));
  return [...(best ? [best] : []), ...likely].map(({ name }) => name);
}

/** The other candidates of a decided person, as text. */
function otherCandidates({ decision, candidates }: PersonView): string {
  if (decision !== 'match') return '';
  const likely = candidates.slice(1, 3).filter(({ confidence }) => isWorthSaying(confidence));
  if (likely.length === 0) return '';
  const others = likely.map(({ name, confidence }) =>
    say('faces.nameAndConfidence', { name, confidence: percent(confidence) }),
  );
  return say('faces.lessLikely', { names: others.join(', ') });
}

type Sign = {
  readonly variant: 'success' | 'secondary' | 'warning';
  readonly icon: IconDefinition;
  readonly words: string;
};

function signOf(state: PersonState, kind: EntityRef['kind']): Sign | null {
  if (state === 'added') return { variant: 'success', icon: faCircleCheck, words: say('faces.wasAdded') };
  if (state === 'present')
    return { variant: 'success', icon: faCircleCheck, words: say('faces.isOnEntityAlready', { kind }) };
  if (state === 'removed')
    return { variant: 'warning', icon: faCircleExclamation, words: say('faces.wasTakenOff') };
  if (state === 'rejected') return { variant: 'secondary', icon: faTimes, words: say('faces.wasRejected') };
  if (state === 'hidden') return { variant: 'secondary', icon: faTimes, words: say('naming.nobody') };
  if (state === 'unknown') return { variant: 'secondary', icon: faQuestion, words: say('faces.nobodyFits') };
  return null;
}

function StateBadge({ sign }: { sign: Sign | null }): React.ReactElement | null {
  if (sign === null) return null;
  return (
    <Badge variant={sign.variant} className="stash-sense-badge">
      <Icon icon={sign.icon} /> {sign.words}
    </Badge>
  );
}

type ActionsProps = Pick<PersonCardProps, 'person' | 'decisions' | 'held'> & {
  readonly state: PersonState;
  readonly kind: EntityRef['kind'];
};

function Actions({ state, person, kind, decisions, held }: ActionsProps): React.ReactElement | null {
  const isPending = decisions.pending.has(person.key);
  const name = person.name ?? say('faces.thisPerson');
  const { performerId } = person;
  const awaited = held.awaitedOf(person);
  if (awaited !== null && performerId !== null)
    return <AwaitedSave awaited={awaited} name={name} onDrop={() => held.drop(performerId)} />;
  if (held.askedAt(person.key)?.some((request) => request.performerId === performerId) === true) return null;
  if ((state === 'open' || state === 'removed') && performerId !== null)
    return (
      <div className="stash-sense-actions">
        <Button
          variant="primary"
          size="sm"
          disabled={isPending}
          aria-label={say(state === 'removed' ? 'faces.addToEntityAgain' : 'faces.addToEntity', {
            name,
            kind,
          })}
          onClick={() => decisions.add(person)}
        >
          <Icon icon={faCheck} /> {say(state === 'removed' ? 'page.addAgain' : 'page.add')}
        </Button>
        <NotThisPerson
          name={name}
          isPending={isPending}
          withWords
          onClick={() => decisions.reject(person, false)}
        />
      </div>
    );
  if (state !== 'added' && state !== 'rejected') return null;
  const isAdded = state === 'added';
  return (
    <div className="stash-sense-actions">
      <UndoDecision
        named={isAdded ? say('faces.undoAdded', { name, kind }) : say('faces.undoRejected', { name })}
        isPending={isPending}
        onClick={() => (isAdded ? decisions.undo(person) : decisions.reject(person, true))}
      />
    </div>
  );
}
