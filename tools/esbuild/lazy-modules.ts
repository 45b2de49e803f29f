/**
A module of ours runs when something of it is first used, and not when what imports it begins. A question of the page needs a
third of the modules that its program imports; the others would be run, and what V8 keeps of them read, at each start.
*/
import { readFile } from 'node:fs/promises';
import { isBuiltin } from 'node:module';
import path from 'node:path';
import { transform, type Plugin } from 'esbuild';

const OURS = /^(core|models|plugin|tasks)[\\/]/;
/** Is made by another plugin. */
const MIGRATIONS = /[\\/]store[\\/]sqlite[\\/]schema\.ts$/;

export function lazyModules(root: string): Plugin {
  return {
    name: 'lazy-modules',
    setup(build) {
      // A namespace of its own: what is a file of this package counts as an ES module.
      build.onResolve({ filter: /\.ts$/ }, ({ path: name, resolveDir }) => {
        const file = path.relative(root, path.resolve(resolveDir, name));
        return OURS.test(file) && !MIGRATIONS.test(file) ? { path: file, namespace: 'ours' } : null;
      });
      build.onLoad({ filter: /.*/, namespace: 'ours' }, async ({ path: file }) => {
        const { code } = await transform(await readFile(path.join(root, file), 'utf8'), {
          loader: 'ts',
          format: 'cjs',
          target: 'node22.19',
          sourcefile: file,
          define: { 'import.meta.url': 'BUNDLE_URL' },
        });
        return { contents: lazily(code), loader: 'js', resolveDir: path.dirname(path.join(root, file)) };
      });
    },
  };
}

/** What esbuild writes before an ES module that it makes a CommonJS one: its helpers, then the exports, one a line. */
const HEAD = /^var __[\s\S]*?__export\((\w+), \{\n([\s\S]*?)\n\}\);\nmodule\.exports = __toCommonJS\(\1\);\n/;
const EXPORT = /^ {2}(\w+): \(\) => ([\w.]+),?$/;
const IMPORT = /^var (\w+) = (?:__toESM\()?require\("([^"]+)"\)(?:(?:, 1)?\))?;$/gm;

/** @param code a CommonJS module as esbuild makes it of an ES module, in whose names of imports esbuild says that they are some */
export function lazily(code: string): string {
  const [head = '', , exported = ''] = HEAD.exec(code) ?? [];
  const rest = code.slice(head.length);
  if (rest.includes('__toCommonJS')) throw new Error(`no head of esbuild: ${code.slice(0, 1000)}`);
  const members = exported.split('\n').flatMap((line) => {
    if (line === '') return [];
    const [, name, local] = EXPORT.exec(line) ?? [];
    if (name === undefined || local === undefined) throw new Error(`no export of esbuild: ${line}`);
    // A function is there before its module has run.
    return new RegExp(`^(?:async )?function\\*? ${local}\\(`, 'm').test(rest)
      ? `${name}: ${local}`
      : `get ${name}() { return ${local}; }`;
  });
  let made = `module.exports = { ${members.join(', ')} };\n${rest}`;
  for (const [line, name = '', from = ''] of rest.matchAll(IMPORT)) {
    // Of what is no module of ours esbuild takes a default export, which is the whole.
    if (!from.endsWith('.ts')) made = made.replaceAll(`${name}.default`, name);
    // Not a part of a longer name or a field, but for `...name`. A name that is none of these is `import * as name`.
    const use = new RegExp(`(?<![\\w$]|(?<!\\.\\.)\\.)${name}\\b(?! = )`, 'g');
    const loaded = isBuiltin(from) ? `process.getBuiltinModule("${from}")` : `require("${from}")`;
    if (!name.startsWith('import_') || !use.test(made)) {
      made = made.replace(line, `const ${name} = ${loaded};`);
      continue;
    }
    made = made
      .replaceAll(use, `${name}()`)
      .replaceAll(`new ${name}()`, `new (${name}())`)
      .replace(line, `var ${name}_; function ${name}() { return (${name}_ ??= ${loaded}); }`);
  }
  return made;
}
