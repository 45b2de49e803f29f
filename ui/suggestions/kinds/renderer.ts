import type { ReactElement } from 'react';
import type { NameTakenView, SuggestionViewOf } from '../../../core/contract/suggestions.ts';
import type { Message } from '../../../core/messages/message.ts';
import type { SuggestionOption } from '../../../core/suggestions/kinds/define.ts';
import type { SuggestionKind } from '../../../core/suggestions/kinds/index.ts';
import type { Making } from '../decisions/outcomes.ts';

export type PartProps<Kind extends SuggestionKind> = {
  readonly suggestion: SuggestionViewOf<Kind>;
  /** Of its entity. */
  readonly title: string;
  /** Of whatever can be focused: the Tab key stops at one card only. */
  readonly tabIndex: number;
  /** Of a kind that the user has to choose for; null: it is decided. */
  readonly choosing: Choosing | null;
};

/** What to do with the options of a suggestion, by their place. */
export type Choosing = {
  readonly isPending: boolean;
  /** Accepts the suggestion with what is none of its options, such as a performer who was searched. */
  readonly take: (option: SuggestionOption) => void;
  /** Makes a performer of whom it found, who is somebody else. @returns whom the user has to tell apart first */
  readonly create: (making: Making) => Promise<NameTakenView | null>;
  /** Why it was not accepted: the user has to say whether it is one of these; null: nothing of that kind. */
  readonly nameTaken: NameTakenView | null;
  /** Accepts the suggestion with this option. */
  readonly choose: (place: number) => void;
  /** Rules this option out; the others are suggested anew. */
  readonly ruleOut: (place: number) => void;
};

/**
How suggestions of one kind are shown; the card around it is the same for all. With methods, so that each of them is a
`Renderer<SuggestionKind>`.
*/
export type Renderer<Kind extends SuggestionKind> = {
  /** What accepting does, as texts about several of them say it; `settle`: nothing is written, a person says that it is done. */
  readonly act: 'add' | 'link' | 'correct' | 'settle' | 'accept';
  /** What those are called that "accept all" leaves out. */
  readonly counted: 'people' | 'faces' | 'stashIds' | 'others';
  /** What is proposed, at a glance. */
  Body(this: void, props: PartProps<Kind>): ReactElement;
  /** Its heading, as a link to the target where it has one. */
  Title(this: void, props: PartProps<Kind>): ReactElement;
  /** What speaks for it and against it, in a line. */
  Evidence(this: void, props: PartProps<Kind>): ReactElement;
  /** What else can be done with it, below the buttons. */
  More?(this: void, props: PartProps<Kind>): ReactElement | null;
  /** What the user has to choose from; empty where one thing is proposed. */
  options(this: void, suggestion: SuggestionViewOf<Kind>): readonly SuggestionOption[];
  /** What became of it once this option was chosen, as a sentence. Absent: `words` says it. */
  acceptedAs?(this: void, suggestion: SuggestionViewOf<Kind>, option: Pick<SuggestionOption, 'name'>): string;
  /** Why one that is over cannot be decided any more. Absent: the last scan no longer says so. */
  isStale?(this: void, suggestion: SuggestionViewOf<Kind>): Message;
  /** On the buttons, and for screen readers with the name. */
  words(
    this: void,
    suggestion: SuggestionViewOf<Kind>,
  ): {
    /** What it proposes, as a sentence names it. */
    readonly name: string;
    /** Null where the user has to choose: the body has a button for each option. */
    readonly accept: string | null;
    readonly acceptNamed: string;
    /** Of one that was taken off since. */
    readonly acceptAgain: string | null;
    readonly acceptAgainNamed: string;
    readonly reject: string;
    readonly rejectNamed: string;
    /** Said once it is written. */
    readonly acceptedNamed: string;
    /** On the card. */
    readonly wasAccepted: string;
    readonly wasRejected: string;
    readonly wasRemoved: string;
  };
};
