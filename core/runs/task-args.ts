import { z } from 'zod';
import { boxIdIn } from '../stash-box/box-id.ts';
import { TASKS, type TaskArg, type TaskMode } from './tasks.ts';

const readers = {
  ids: z
    .preprocess(
      (value) => {
        if (typeof value === 'number') return [String(value)];
        if (typeof value !== 'string') return Array.isArray(value) ? value.map(String) : value;
        return value
          .replace(/[[\]"'\s]/g, '')
          .split(',')
          .filter(Boolean);
      },
      z.array(z.string().regex(/^\d+$/, 'an id of Stash is a number')),
    )
    .optional(),
  flag: z.union([z.boolean(), z.enum(['true', 'false']).transform((text) => text === 'true')]).default(false),
  match: z.literal('match').optional(),
  'box-ids': z
    .preprocess(
      (value) => (typeof value === 'string' ? value.split(/[\s,;]+/).filter((id) => id !== '') : value),
      z
        .array(
          z
            .string()
            // Also in the address of their page.
            .transform((text) => boxIdIn(text) ?? text)
            .pipe(z.uuid('an id of a stash-box is a UUID')),
        )
        .max(200_000),
    )
    .optional(),
  folder: z.string().min(1).max(4000).optional(),
  files: z.array(z.string().min(1).max(4000)).max(10_000).optional(),
  text: z.string().trim().min(1).max(1000).optional(),
} as const satisfies Record<TaskArg['type'], z.ZodType>;

type ValueOf<Arg extends TaskArg> = z.output<(typeof readers)[Arg['type']]>;

type Declared<Mode extends TaskMode> = (typeof TASKS)[Mode]['args'];
type FlagNames<Args> = {
  [Name in keyof Args]: Args[Name] extends { type: 'flag' } ? Name : never;
}[keyof Args];

/** The parsed arguments of a task, typed by its declaration. Flags are always present, others are optional. */
export type TaskArgs<Mode extends TaskMode> = {
  -readonly [Name in FlagNames<Declared<Mode>>]: boolean;
} & {
  -readonly [
    Name in Exclude<keyof Declared<Mode>, FlagNames<Declared<Mode>>>
  ]?: Declared<Mode>[Name] extends TaskArg ? ValueOf<Declared<Mode>[Name]> : never;
};

/** Unknown arguments are dropped, such as Stash's own `mode`. */
export function taskArgsSchema<Mode extends TaskMode>(mode: Mode): z.ZodType<TaskArgs<Mode>> {
  const args: Readonly<Record<string, TaskArg>> = TASKS[mode].args;
  const shape = Object.fromEntries(Object.entries(args).map(([name, { type }]) => [name, readers[type]]));
  // `shape` and `TaskArgs` are both derived from `TASKS[mode].args`.
  return z.object(shape) as unknown as z.ZodType<TaskArgs<Mode>>;
}
