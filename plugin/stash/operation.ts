import type { z } from 'zod';

export type Variables = Readonly<Record<string, unknown>>;

/** A GraphQL document together with the shape of its answer. */
export type Operation<Answer, Sent extends Variables = Variables> = {
  readonly document: string;
  readonly answer: z.ZodType<Answer>;
  /** Only for the compiler: what the document is sent with. */
  readonly sent?: (variables: Sent) => void;
};

/** Names of fields that are read and that no answer has: the document does not ask for them. */
type NotAsked<Answered, Read> = Read extends readonly (infer One)[]
  ? NotAsked<ElementOf<Answered>, One>
  : Read extends object
    ? {
        [Name in keyof Read]-?: string extends Name
          ? never
          : Name extends FieldOf<Answered>
            ? NotAsked<ValueOf<Answered, Name>, NonNullable<Read[Name]>>
            : Name;
      }[keyof Read]
    : never;
// Of a union, as several kinds of entities are answered, what any of its members has.
type ElementOf<Answered> = Answered extends readonly (infer One)[] ? NonNullable<One> : never;
type FieldOf<Answered> = Answered extends object ? keyof Answered : never;
type ValueOf<Answered, Name> = Answered extends object
  ? Name extends keyof Answered
    ? NonNullable<Answered[Name]>
    : never
  : never;

/**
An operation whose schema is held against the types that are generated from Stash's schema: it takes all that may be
answered, and reads no field that is not asked for. Else the call does not compile.
*/
export function operation<Answered, Sent extends Variables>() {
  return <Answer, Read>(parts: {
    readonly document: string;
    readonly answer: z.ZodType<Answer, Read> &
      ([Answered] extends [Read] ? unknown : { 'may be answered and is not read': Answered }) &
      ([NotAsked<Answered, Read>] extends [never]
        ? unknown
        : { 'is read and not asked for': NotAsked<Answered, Read> });
  }): Operation<Answer, Sent> => ({ document: parts.document, answer: parts.answer });
}
