import assert from 'node:assert/strict';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { test } from 'node:test';
import { build, transform } from 'esbuild';
import { lazily, lazyModules } from './lazy-modules.ts';

type Ran = { ran: string[]; exports: Record<string, unknown> };

/** What modules in `core/` say to `ran(name)` when they run, and what `core/main.ts` exports. */
async function run(modules: Readonly<Record<string, string>>): Promise<Ran> {
  const root = await mkdtemp(path.join(tmpdir(), 'stash-sense-lazy-'));
  try {
    await mkdir(path.join(root, 'core'));
    for (const [name, text] of Object.entries(modules))
      await writeFile(path.join(root, 'core', name), `ran(${JSON.stringify(name)});\n${text}`);
    const { outputFiles } = await build({
      absWorkingDir: root,
      entryPoints: ['core/main.ts'],
      bundle: true,
      write: false,
      format: 'cjs',
      platform: 'node',
      minifySyntax: true,
      plugins: [lazyModules(root)],
    });
    const ran: string[] = [];
    const module = { exports: {} };
    // oxlint-disable-next-line typescript/no-implied-eval -- it is the bundle that was just made
    new Function('module', 'ran', outputFiles[0]!.text)(module, (name: string) => ran.push(name));
    return { ran, exports: module.exports };
  } finally {
    await rm(root, { recursive: true, force: true });
  }
}

test('a module runs when something of it is first used, and once', async () => {
  const { ran, exports } = await run({
    'main.ts': `
      import { one, Two, list, type Kind } from './parts.ts';
      import { other } from './other.ts';
      export const both = (): unknown[] => [one(), new Two().value, ...list];
      export const unused = (kind: Kind): unknown => other(kind);`,
    'parts.ts': `
      export type Kind = 'a';
      export function one(): number { return 1; }
      export class Two { value = 2; }
      export const list = [3, 4];`,
    'other.ts': `export const other = (kind: unknown): unknown => kind;`,
  });
  assert.deepEqual(ran, ['main.ts']);
  const both = exports['both'] as () => unknown;
  assert.deepEqual(
    [both(), both()],
    [
      [1, 2, 3, 4],
      [1, 2, 3, 4],
    ],
  );
  assert.deepEqual(ran, ['main.ts', 'parts.ts']);
});

test('what is imported for its effect runs at once, and what is imported as a whole too', async () => {
  const { ran, exports } = await run({
    'main.ts': `
      import './effect.ts';
      import * as documents from './documents.ts';
      import path from 'node:path';
      import { join } from 'node:path';
      export { again } from './again.ts';
      export const value = () => [documents.query, path.sep, join('a', 'b')];`,
    'effect.ts': '',
    'documents.ts': `export const query = 'q';`,
    'again.ts': `export const again = 'same';`,
  });
  assert.deepEqual(ran, ['effect.ts', 'documents.ts', 'main.ts']);
  assert.deepEqual((exports['value'] as () => unknown)(), ['q', path.sep, path.join('a', 'b')]);
  assert.equal(exports['again'], 'same');
});

test('two modules that import each other see what each has by then', async () => {
  const { exports } = await run({
    'main.ts': `import { even } from './even.ts'; export const answer = () => even(4);`,
    'even.ts': `import { odd } from './odd.ts'; export const even = (n: number): boolean => n === 0 || odd(n - 1);`,
    'odd.ts': `import { even } from './even.ts'; export const odd = (n: number): boolean => n !== 0 && even(n - 1);`,
  });
  assert.equal((exports['answer'] as () => unknown)(), true);
});

// What esbuild declares it calls as nothing else is called: a longer name is never one of an import.
test('where it is used, a field and a longer name stay as they are', async () => {
  const made = lazily(
    'var import_b = require("./b.ts");\nconst import_b2 = 2;\nuse(o.import_b, ...import_b.list, import_b2);\n',
  );
  await assert.doesNotReject(transform(made, { loader: 'js' }), 'it can be parsed');
  assert.match(made, /use\(o\.import_b, \.\.\.import_b\(\)\.list, import_b2\)/);
});
