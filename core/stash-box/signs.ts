import { z } from 'zod';

/**
What speaks for a performer of a stash-box being a performer of the user.
`page`: the user's performer names the page there. `otherBox`: both have the same id of another stash-box. `url`: both name
the same page elsewhere. `birthYear`: of one of them no more than the year is known. `scenes`: who is in the user's scenes of
the performer, as the stash-box lists them. `studios`: of which the performer's scenes are, here and there.
*/
export const LINK_SIGNS = [
  'page',
  'otherBox',
  'url',
  'face',
  'scenes',
  'studios',
  'name',
  'alias',
  'birthDate',
  'birthYear',
  'disambiguation',
  'country',
  'gender',
] as const;

/** One thing that was compared. */
export const LinkSign = z.object({
  sign: z.enum(LINK_SIGNS),
  /** Natural logarithm of how many times likelier it is of one person than of two; below 0 it speaks against it. */
  weight: z.number(),
  /** What was compared, as each side has it: a name, a day, an address. Of faces the similarity; of scenes and studios how many, and of how many. */
  mine: z.string(),
  theirs: z.string(),
});
export type LinkSign = Readonly<z.infer<typeof LinkSign>>;
export type LinkSignName = LinkSign['sign'];
