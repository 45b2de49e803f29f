import { mutate, query } from './api.ts';
import { INSTALL_NODE, JOB } from './documents.ts';
import { explainFailure } from './operations.ts';
import { say } from './intl.tsx';

/**
Installing Node is the launcher's own work: where there is none, none of our operations can answer.

@returns the id of Stash's job
*/
export async function startInstallNode(): Promise<string> {
  try {
    const variables = { description: say('setup.installNode'), args: { mode: 'install-node' } };
    return String((await mutate(INSTALL_NODE, variables, { outlivesPage: true }))?.runPluginTask);
  } catch (error) {
    throw new Error(explainFailure(error), { cause: error });
  }
}

const OVER: ReadonlySet<string> = new Set(['FINISHED', 'CANCELLED', 'FAILED']);

/** Null: Stash has no such job, or has it no more. `progress` 0…1; null: not known. */
export async function findJob(
  id: string,
): Promise<{ status: string; isOver: boolean; progress: number | null } | null> {
  const { findJob: job } = await query(JOB, { id });
  return job && { status: job.status, isOver: OVER.has(job.status), progress: job.progress };
}
