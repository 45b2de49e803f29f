import { z } from 'zod';
import { startDetached } from '../system/child-process.ts';

/** What the background scheduler is given, on its stdin alone: the session is a secret. */
export const SchedulerInput = z.object({
  baseUrl: z.string(),
  cookie: z.object({ name: z.string(), value: z.string() }).nullable(),
  configDir: z.string(),
  dataFolder: z.string(),
});
export type SchedulerInput = z.infer<typeof SchedulerInput>;

/** Starts it as a process of its own, which outlives this one. */
export async function startSchedulerProcess(bundleFile: string, input: SchedulerInput): Promise<void> {
  const args = ['--no-warnings', '--max-semi-space-size=1', bundleFile, '--scheduler'];
  await startDetached(process.execPath, args, JSON.stringify(input));
}
