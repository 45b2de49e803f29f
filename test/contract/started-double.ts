/** A double with the probe plugin in it, gone after the test. */
import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import type { TestContext } from 'node:test';
import { startStashDouble, type StashDouble, type StashDoubleOptions } from '../double/stash-double.ts';
import { writeProbePlugin } from './probe-plugin.ts';

/** The caller says what it expects. */
// oxlint-disable-next-line typescript/no-unnecessary-type-parameters -- it is what the caller says
export type Ask = <Data = Record<string, unknown>>(
  query: string,
  variables?: object,
) => Promise<{ data: Data; errors?: { message: string }[] }>;

export async function startedDouble(
  t: TestContext,
  options: Partial<StashDoubleOptions> & { errLog?: string | null } = {},
): Promise<{ double: StashDouble; ask: Ask; plugin: string }> {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'stash double-'));
  const configDir = path.join(folder, 'config');
  writeProbePlugin(configDir, options.errLog === undefined ? 'info' : options.errLog);
  const double = await startStashDouble({ configDir, logLevel: 'Debug', ...options });
  t.after(async () => {
    await double.close();
    rmSync(folder, { recursive: true });
  });
  const ask: Ask = async (query, variables = {}) => {
    const response = await fetch(`${double.url}/graphql`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify({ query, variables }),
    });
    return (await response.json()) as never;
  };
  return { double, ask, plugin: path.join(configDir, 'plugins/stash-sense') };
}
