import React from 'react';
import { Badge } from 'react-bootstrap';
import type { BoxView } from '../../core/contract/stash-box/box-view.ts';
import { BoxLinks } from '../shared/pack-people/box-link.tsx';
import { Notice } from '../shared/widgets/notice.tsx';
import { ago } from '../shared/words.ts';
import { say } from '../stash/intl.tsx';
import type { Decisions } from '../suggestions/decisions/decisions.ts';
import { Found } from './found.tsx';
import type { FindOutcome } from './use-find.ts';

export type LinkedAt = { readonly endpoint: string; readonly stashId: string };

type Props = {
  readonly of: 'performers' | 'scenes';
  /** Of the performer or the scene. */
  readonly name: string;
  readonly box: BoxView;
  /** Of the last look-up, as far as the page knows; null: there is nothing to say. */
  readonly outcome: FindOutcome | null;
  readonly decisions: Decisions;
  /** Draws what the stash-box knows of one that is linked. */
  readonly renderLinked: (at: LinkedAt, box: string) => React.ReactElement;
};

/** One stash-box: the ids that the performer or scene has there, or that there is none, and who or which one it may be. */
export function BoxRow({ of, name, box, outcome, decisions, renderLinked }: Props): React.ReactElement {
  const { endpoint, ids, hasKey, suggestions, trouble } = box;
  const said = outcome?.isProblem === false ? outcome.text : null;
  const problem = outcome?.isProblem === true ? outcome.text : trouble && say(trouble);
  return (
    <li className="stash-sense-box-row">
      <div className="stash-sense-heading">
        <h6 className="stash-sense-name">{box.name}</h6>
        {ids.length === 0 && (
          <Badge variant="secondary" className="stash-sense-badge">
            {say('performer.noId')}
          </Badge>
        )}
        <BoxLinks stashIds={ids.map((stashId) => ({ endpoint, stashId }))} of={of} name={name} />
        <span className="text-muted">{lookUpWords(box, problem)}</span>
      </div>
      {problem !== null && <Notice variant="warning">{problem}</Notice>}
      {said !== null && (
        <p className="text-muted mb-0" role="status">
          {said}
        </p>
      )}
      {hasKey &&
        ids.map((stashId) => (
          <React.Fragment key={stashId}>{renderLinked({ endpoint, stashId }, box.name)}</React.Fragment>
        ))}
      {suggestions.length > 0 && (
        <ul className="list-unstyled">
          {suggestions.map((suggestion) => (
            <Found key={suggestion.id} suggestion={suggestion} title={name} decisions={decisions} />
          ))}
        </ul>
      )}
    </li>
  );
}

/** What was linked since is not looked up yet: that need not be said, nor of what it was tried in vain. */
function lookUpWords({ hasKey, ids, lookedUpAt }: BoxView, problem: string | null): string {
  if (!hasKey) return say('performer.noKey');
  if (lookedUpAt !== null) return say('performer.lookedUp', { time: ago(lookedUpAt) });
  return ids.length === 0 && problem === null ? say('performer.neverLookedUp') : '';
}
