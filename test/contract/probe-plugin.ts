/** A plugin that misbehaves on demand, as a shell script: `mode` in its args says how. */
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';

/** What each mode writes to stdout. */
const PRINTS: Record<string, string> = {
  nothing: '',
  spaces: String.raw`  \n`,
  garbage: String.raw`this is not json\n`,
  'noise-before': String.raw`loading…\n{"output":{"ok":true}}\n`,
  'noise-after': String.raw`{"output":{"ok":true}}\nbye\n`,
  error: '{"error":"could not do it"}',
  'error-empty': '{"error":""}',
  'error-object': '{"error":{"code":5}}',
  'error-and-output': '{"error":"could not do all","output":{"partial":1}}',
  array: '[1,2,3]',
  number: '42',
  string: '"hello"',
  null: 'null',
  'empty-object': '{}',
  'output-null': '{"output":null}',
  'output-string': '{"output":"text"}',
  'other-keys': '{"result":1,"data":{"x":1}}',
  'capital-keys': '{"Output":{"x":1}}',
};

const SCRIPT = String.raw`stdin=$(cat)
printf '%s' "$stdin" > "$(dirname "$0")/stdin.json"
mode=$(printf '%s' "$stdin" | sed -n 's/.*"mode":"\([^"]*\)".*/\1/p')
case $mode in
${Object.entries(PRINTS)
  .map(([mode, text]) => `${mode}) printf '${text.replaceAll('%', '%%')}' ;;`)
  .join('\n')}
exit1) exit 1 ;;
exit1-output) printf '{"output":{"partial":1}}'; exit 1 ;;
exit1-error) printf '{"error":"could not do it"}'; exit 1 ;;
exit7-stderr) printf 'fatal: something broke\n' >&2; exit 7 ;;
throw) printf 'Error: unexpected thing\n' >&2; exit 1 ;;
kill-self) kill -9 $$ ;;
abort) kill -ABRT $$ ;;
levels) printf '\001t\002t\n\001d\002d\n\001i\002i\n\001w\002w\n\001e\002e\n\001p\0020.25\nplain\n\001p\002half\n\001p\0027' >&2; printf '{}' ;;
long-line) head -c 70000 /dev/zero | tr '\0' x >&2; printf '\n\001i\002after\n' >&2; printf '{}' ;;
slow) printf '\001p\0020.5\n' >&2; exec sleep 20 ;;
child) sleep 5 > /dev/null 2>&1 & printf '{"output":"gone"}' ;;
child-holds-stdout) sleep 1 2> /dev/null & printf '{"output":"gone"}' ;;
*) printf '{"output":{"mode":"%s"}}' "$mode" ;;
esac
`;

/** Into the plugins folder of a double that has not been started yet, or is told to reload. */
export function writeProbePlugin(configDir: string, errLog: string | null = 'info'): void {
  const plugins = path.join(configDir, 'plugins');
  const put = (name: string, text: string): void => {
    mkdirSync(path.dirname(path.join(plugins, name)), { recursive: true });
    writeFileSync(path.join(plugins, name), text);
  };
  put('stash-sense/probe.sh', SCRIPT);
  put(
    'stash-sense/stash-sense.yml',
    `name: Stash Sense
exec: [sh, '{pluginDir}/probe.sh', --fixed]
${errLog === null ? '' : `errLog: ${errLog}`}
tasks:
  - name: Echo
    description: returns what it was given
    execArgs: [--from-task, '{pluginDir}/x']
    defaultArgs: { mode: echo, count: 3, flag: true, text: plain }
  - { name: Slow, defaultArgs: { mode: slow } }
  - { name: No arguments }
`,
  );
  put('no-exec/no-exec.yml', 'name: No program\nexec: [no-such-program]\ntasks: [{ name: Start }]\n');
  put('bad-yaml/bad-yaml.yml', 'name: Bad\nui: { csp: { img-src: [x] } }\n');
}
