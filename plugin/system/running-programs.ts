/** What runs on this machine. Where it cannot be told, nothing does: nobody depends on it for more than politeness. */
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { startProcess } from './child-process.ts';
import { statOf } from './process-owner.ts';

export type RunningProgram = { readonly parent: number; readonly args: readonly string[] };

/** Longer than a slow machine takes to list its processes. */
const PATIENCE_MS = 10_000;

/** The processes of a program, by its name without a folder and without `.exe`. */
export async function runningPrograms(name: string): Promise<readonly RunningProgram[]> {
  if (process.platform === 'linux') return fromProc(name);
  const text = await (process.platform === 'win32'
    ? outputOf('powershell.exe', [...POWERSHELL, listing(name)])
    : outputOf('ps', ['-axo', 'ppid=,args=']));
  return text.split('\n').flatMap((line) => {
    const [, parent = '', command = ''] = /^\s*(\d+)\s+(.*\S)/.exec(line) ?? [];
    const args = wordsOf(command);
    return nameOf(args[0] ?? '') === name ? [{ parent: Number(parent), args }] : [];
  });
}

/**
The ids of the process that started this one, of what started that, and so on. The first process of a system, which starts all
of its services, is one only where it started this one itself, as Stash does in a container.
*/
export async function ancestors(): Promise<ReadonlySet<number>> {
  if (process.platform !== 'win32') return await ancestorsOf(process.ppid, parentOf);
  const parents = parentsIn(await outputOf('powershell.exe', [...POWERSHELL, PARENTS]));
  return await ancestorsOf(process.ppid, (pid) => parents.get(pid) ?? 0);
}

/** @param above of a process its parent; 0: there is none */
export async function ancestorsOf(
  parent: number,
  above: (pid: number) => number | Promise<number>,
): Promise<ReadonlySet<number>> {
  const found = new Set<number>();
  for (let pid = parent; pid > 0 && !found.has(pid) && (pid !== 1 || pid === parent); pid = await above(pid))
    found.add(pid);
  return found;
}

/** Of lines with the id of a process and that of its parent. */
export function parentsIn(text: string): ReadonlyMap<number, number> {
  return new Map(
    [...text.matchAll(/^\s*(\d+) +(\d+)\s*$/gm)].map(([, pid, parent]) => [Number(pid), Number(parent)]),
  );
}

function fromProc(name: string): RunningProgram[] {
  return readdirSync('/proc').flatMap((entry) => {
    if (!/^\d+$/.test(entry)) return [];
    try {
      const args = readFileSync(`/proc/${entry}/cmdline`, 'utf8').replace(/\0$/, '').split('\0');
      const stat = nameOf(args[0] ?? '') === name ? statOf(entry) : null;
      return stat === null ? [] : [{ parent: stat.parent, args }];
    } catch {
      // It has ended, or is another user's.
      return [];
    }
  });
}

async function parentOf(pid: number): Promise<number> {
  if (process.platform === 'linux') return statOf(String(pid))?.parent ?? 0;
  return Number(await outputOf('ps', ['-o', 'ppid=', '-p', String(pid)]));
}

function nameOf(program: string): string {
  return path.win32.basename(program).replace(/\.exe$/i, '');
}

/** The words of a command line. A path with blanks comes apart, but that of the program in quotes does not. */
function wordsOf(command: string): string[] {
  return [...command.matchAll(/"([^"]*)"|(\S+)/g)].map(([, quoted, word]) => quoted ?? word ?? '');
}

const POWERSHELL = ['-NoProfile', '-NonInteractive', '-Command'];

const PARENTS = 'Get-CimInstance Win32_Process | ForEach-Object { "$($_.ProcessId) $($_.ParentProcessId)" }';

function listing(name: string): string {
  return `Get-CimInstance Win32_Process -Filter "Name='${name}.exe'" | ForEach-Object { "$($_.ParentProcessId) $($_.CommandLine)" }`;
}

/** Empty where the program is not there, fails or does not end. */
async function outputOf(program: string, args: readonly string[]): Promise<string> {
  return await new Promise((resolve) => {
    const child = startProcess(program, args, { stdio: ['ignore', 'pipe', 'ignore'], timeout: PATIENCE_MS });
    const chunks: Buffer[] = [];
    child.stdout?.on('data', (chunk: Buffer) => chunks.push(chunk));
    child.on('error', () => resolve(''));
    child.on('close', (code) => resolve(code === 0 ? Buffer.concat(chunks).toString('utf8') : ''));
  });
}
