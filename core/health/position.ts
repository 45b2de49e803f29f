/** How far *Check library health* is, as it is stored. */
import { z } from 'zod';

/** Up to what an analyzer has looked. */
export const Looked = z.object({
  /** Its version and the exclusions it looked with; with others all is looked at once more. */
  settled: z.string(),
  /** The latest change of a scene that was looked at, as Stash wrote it; empty: there was none. */
  newest: z.string(),
  /** The number of the newest change of what is kept of scenes here. */
  change: z.int(),
});
export type Looked = z.infer<typeof Looked>;

const Pass = z.object({
  analyzers: z.array(z.string()),
  settled: z.array(z.string()),
  /** Only what was changed since. Null: everything. */
  since: z.object({ newest: z.string(), change: z.int() }).nullable(),
  /** `stash`: what Stash lists as changed; `kept`: what was changed of what is kept here; `told`: what was told of and is to be looked at in each run. */
  part: z.enum(['stash', 'kept', 'told']),
  /** Of `told` in the order of text. */
  after: z.string(),
  newest: z.string(),
  /** Unix milliseconds. What was changed later may be behind the page that would have shown it. */
  began: z.number(),
  change: z.int(),
  looked: z.int(),
  total: z.int(),
});
export type HealthPass = z.infer<typeof Pass>;

/** Of a run. */
export const HealthPosition = z.object({
  run: z.string(),
  /** Analyzers that are through. */
  done: z.array(z.string()),
  pass: Pass.nullable(),
  /** Of an analyzer that finds all there is: where the page that it looked at last ended. `settled`: as in `Looked`. */
  whole: z.object({ id: z.string(), settled: z.string(), after: z.string() }).nullable().default(null),
  looked: z.int(),
  found: z.int(),
});
export type HealthPosition = z.infer<typeof HealthPosition>;
