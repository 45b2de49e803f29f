/** Which plugins there are: every `*.yml` below the plugins folder is read as a manifest, strictly (Stash: pkg/plugin/config.go). */
import { readdirSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { parse } from 'yaml';
import { z } from 'zod';
import type { StashLog } from '../stash-log.ts';

const Texts = z.array(z.string());
const Task = z.strictObject({
  name: z.string(),
  description: z.string().default(''),
  execArgs: Texts.default([]),
  // Go reads them as texts.
  defaultArgs: z.record(z.string(), z.coerce.string()).default({}),
});
const Manifest = z.strictObject({
  name: z.string(),
  description: z.string().optional(),
  version: z.coerce.string().optional(),
  url: z.string().optional(),
  exec: Texts.default([]),
  interface: z.enum(['raw', 'rpc', 'js']).default('raw'),
  errLog: z.string().default('error'),
  tasks: z.array(Task).default([]),
  hooks: z.array(z.looseObject({ name: z.string(), triggeredBy: Texts })).default([]),
  settings: z
    .record(
      z.string(),
      z.strictObject({
        displayName: z.string().default(''),
        description: z.string().default(''),
        type: z.enum(['STRING', 'NUMBER', 'BOOLEAN']).default('STRING'),
      }),
    )
    .default({}),
  ui: z
    .strictObject({
      javascript: Texts.default([]),
      css: Texts.default([]),
      requires: Texts.default([]),
      assets: z.record(z.string(), z.string()).default({}),
      csp: z
        .strictObject({
          'script-src': Texts.default([]),
          'style-src': Texts.default([]),
          'connect-src': Texts.default([]),
        })
        .optional(),
    })
    .optional(),
});
export type Manifest = z.output<typeof Manifest>;
export type PluginTask = z.output<typeof Task>;
export type Plugin = { readonly id: string; readonly folder: string; readonly manifest: Manifest };

export type Plugins = {
  all(): Plugin[];
  get(id: string): Plugin | undefined;
  reload(): void;
  readonly disabled: Set<string>;
};

/** `roots`: the plugins folder, and folders of single plugins that lie elsewhere. */
export function createPlugins(roots: readonly string[], log: StashLog): Plugins {
  let plugins: Plugin[] = [];
  const disabled = new Set<string>();
  const load = (file: string): void => {
    const id = path.basename(file, '.yml');
    try {
      if (plugins.some((plugin) => plugin.id.toLowerCase() === id.toLowerCase()))
        throw new Error(`plugin ID ${id} already exists`);
      const manifest = Manifest.parse(parse(readFileSync(file, 'utf8')));
      plugins.push({ id, folder: path.dirname(file), manifest });
    } catch (error) {
      log.write('Error', `Error loading plugin ${file}: ${String(error)}`);
    }
  };
  const reload = (): void => {
    plugins = [];
    for (const root of roots) for (const file of manifestsBelow(root)) load(file);
    plugins.sort((a, b) => (a.id < b.id ? -1 : 1));
  };
  reload();
  return {
    all: () => plugins,
    get: (id) => plugins.find((plugin) => plugin.id === id),
    reload,
    disabled,
  };
}

function manifestsBelow(folder: string): string[] {
  if (!statSync(folder, { throwIfNoEntry: false })?.isDirectory()) return [];
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.yml'))
    .map((name) => path.join(folder, name))
    .toSorted();
}
