import type { ReactElement } from 'react';
import type { SuggestionViewOf } from '../../../core/contract/suggestions.ts';
import type { SuggestionKind } from '../../../core/suggestions/kinds/index.ts';

export type PartProps<Kind extends SuggestionKind> = {
  readonly suggestion: SuggestionViewOf<Kind>;
  /** Of its entity. */
  readonly title: string;
  /** Of whatever can be focused: the Tab key stops at one card only. */
  readonly tabIndex: number;
};

/**
How suggestions of one kind are shown; the card around it is the same for all. With methods, so that each of them is a
`Renderer<SuggestionKind>`.
*/
export type Renderer<Kind extends SuggestionKind> = {
  /** What is proposed, at a glance. */
  Body(this: void, props: PartProps<Kind>): ReactElement;
  /** Its heading, as a link to the target where it has one. */
  Title(this: void, props: PartProps<Kind>): ReactElement;
  /** What speaks for it and against it, in a line. */
  Evidence(this: void, props: PartProps<Kind>): ReactElement;
  /** On the buttons, and for screen readers with the name. */
  words(
    this: void,
    suggestion: SuggestionViewOf<Kind>,
  ): {
    readonly accept: string;
    readonly acceptNamed: string;
    /** Of one that was taken off since. */
    readonly acceptAgain: string;
    readonly acceptAgainNamed: string;
    readonly reject: string;
    readonly rejectNamed: string;
    readonly wasAccepted: string;
    readonly wasRejected: string;
    readonly wasRemoved: string;
  };
};
