import React from 'react';
import { Badge } from 'react-bootstrap';
import { likelihood, percent } from '../words.ts';
import { say } from '../../stash/intl.tsx';

/** In words and as a number, since the number alone is misread. */
export function Confidence({ confidence }: { confidence: number }): React.ReactElement {
  return (
    <Badge className={`stash-sense-confidence stash-sense-confidence-${grade(confidence)}`}>
      {say('page.joinedByDot', { first: likelihood(confidence), second: percent(confidence) })}
    </Badge>
  );
}

function grade(confidence: number): 'high' | 'middle' | 'low' {
  if (confidence >= 0.9) return 'high';
  return confidence >= 0.75 ? 'middle' : 'low';
}
