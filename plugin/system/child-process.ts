/**
The one place that starts other programs. A child process gets only environment variables on an allow list: ffmpeg or a trial
of an engine must not see an API key, a token or a proxy's password.
*/
import { spawn, type ChildProcess, type SpawnOptions } from 'node:child_process';
import path from 'node:path';
import { NO_TELEMETRY } from '../../core/no-telemetry.ts';

export type { ChildProcess } from 'node:child_process';

/** In upper case: names are compared case-insensitively, as Windows does. */
const PASSED = new Set([
  // Where programs, their libraries and temporary files are.
  'PATH',
  'HOME',
  'USER',
  'LOGNAME',
  'TMPDIR',
  'TMP',
  'TEMP',
  'LANG',
  'LANGUAGE',
  'TZ',
  'XDG_RUNTIME_DIR',
  'XDG_CACHE_HOME',
  'LD_LIBRARY_PATH',
  'LD_PRELOAD',
  'GLIBC_TUNABLES',
  'DYLD_LIBRARY_PATH',
  'DYLD_FALLBACK_LIBRARY_PATH',
  'NODE_PATH',
  // Windows needs SystemRoot to open sockets and to load libraries.
  'SYSTEMROOT',
  'SYSTEMDRIVE',
  'WINDIR',
  'COMSPEC',
  'PATHEXT',
  'USERPROFILE',
  'HOMEDRIVE',
  'HOMEPATH',
  'APPDATA',
  'LOCALAPPDATA',
  'PROGRAMDATA',
  'PROGRAMFILES',
  'PROGRAMFILES(X86)',
  'COMMONPROGRAMFILES',
  'NUMBER_OF_PROCESSORS',
]);
/** Locale, and graphics drivers: NVIDIA, VA-API, VDPAU, Mesa, AMD, Intel, OpenCL. */
const PASSED_PREFIXES = [
  'LC_',
  'PROCESSOR_',
  'CUDA_',
  'CUDNN_',
  'NVIDIA_',
  'LIBVA_',
  'VDPAU_',
  'MESA_',
  'HIP_',
  'HSA_',
  'ROCR_',
  'ROCM_',
  'ONEAPI_',
  'ZE_',
  'OCL_ICD_',
  'OPENVINO_',
];
/** Removes names such as NVIDIA_API_KEY from those prefixes. */
const SECRET = /KEY|TOKEN|SECRET|PASS|CREDENTIAL|AUTH/;

/** The part of `environment` that a child process gets, with onnxruntime's telemetry off. */
export function childEnvironment(environment: NodeJS.ProcessEnv = process.env): Record<string, string> {
  const passed: Record<string, string> = {};
  for (const [name, value] of Object.entries(environment))
    if (value !== undefined && mayPass(name.toUpperCase())) passed[name] = value;
  return { ...passed, ...NO_TELEMETRY };
}

/** Node's `spawn` with `childEnvironment` and without a shell, so that no argument can become a command. */
export function startProcess(
  program: string,
  args: readonly string[],
  options: Omit<SpawnOptions, 'env' | 'shell' | 'detached'>,
): ChildProcess {
  return spawn(program, [...args], { windowsHide: true, ...options, env: childEnvironment() });
}

/**
Starts a process that outlives this one and whoever stops it: in a session of its own, without our stdout and stderr, which Stash
reads to their end. Resolves when it has been given `input`, its stdin.
*/
export async function startDetached(program: string, args: readonly string[], input: string): Promise<void> {
  const child = spawn(program, [...args], {
    detached: true,
    windowsHide: true,
    stdio: ['pipe', 'ignore', 'ignore'],
    cwd: path.parse(process.execPath).root,
    env: childEnvironment(),
  });
  await new Promise<void>((resolve, reject) => {
    child.once('error', reject);
    child.stdin.once('error', reject);
    child.stdin.end(input, resolve);
  });
  child.unref();
}

/** Time between the end of a killed child and the end of its pipes, when no other process holds them. */
const PIPES_MS = 250;

/**
Kills the child. `PIPES_MS` after its end its pipes are closed too: a child of a wrapper script may hold them open, and then
the event `close` would never come.
*/
export function killProcess(child: ChildProcess): void {
  const closePipes = (): void => {
    setTimeout(() => {
      child.stdout?.destroy();
      child.stderr?.destroy();
    }, PIPES_MS).unref();
  };
  if (child.exitCode !== null || child.signalCode !== null) closePipes();
  else child.once('exit', closePipes);
  child.kill('SIGKILL');
}

function mayPass(name: string): boolean {
  return (
    PASSED.has(name) || (PASSED_PREFIXES.some((prefix) => name.startsWith(prefix)) && !SECRET.test(name))
  );
}
