import React from 'react';
import { Badge } from 'react-bootstrap';
import { STRONG_FROM } from '../../../core/stash-box/rate.ts';
import type { ExpectedView } from '../../../core/contract/values.ts';
import { expectedWords, likelihood, percent } from '../words.ts';
import { say } from '../../stash/intl.tsx';

/** In words and as a number, since the number alone is misread. */
export function Confidence({
  confidence,
  isRival = false,
  isOfStashId = false,
}: {
  confidence: number;
  isRival?: boolean;
  /** How many of those that are not sure are right depends on the stash-box, and no number of theirs is shown. */
  isOfStashId?: boolean;
}): React.ReactElement {
  if (isOfStashId && confidence < STRONG_FROM)
    return (
      <Badge className="stash-sense-confidence stash-sense-confidence-low">
        {say('page.likelihood.notSure')}
      </Badge>
    );
  return (
    <Badge className={`stash-sense-confidence stash-sense-confidence-${grade(confidence)}`}>
      {say('page.joinedByDot', { first: likelihood(confidence, isRival), second: percent(confidence) })}
    </Badge>
  );
}

/** Why a performer was expected in the scene, below the name; nothing where nobody knows. */
export function ExpectedHere({
  expected,
}: {
  expected: ExpectedView | undefined;
}): React.ReactElement | null {
  const words = expectedWords(expected);
  return words.length === 0 ? null : <span className="text-muted">{words.join(' · ')}</span>;
}

function grade(confidence: number): 'high' | 'middle' | 'low' {
  if (confidence >= 0.9) return 'high';
  return confidence >= 0.75 ? 'middle' : 'low';
}
