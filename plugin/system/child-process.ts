/**
The one place that starts other programs. A child gets an environment of its own, made from a list of names that may pass:
an API key, a token or a proxy's password in ours is nothing that ffmpeg or a trial of the engine needs.
*/
import { spawn, type ChildProcess, type SpawnOptions } from 'node:child_process';
import { NO_TELEMETRY } from '../../core/no-telemetry.ts';

export type { ChildProcess } from 'node:child_process';

/** In capitals, as Windows compares names without regard to case. */
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
  // Windows: without SystemRoot no socket and no library opens.
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
/** Of the system's locale, and of drivers of graphics cards: NVIDIA, VA-API, VDPAU, Mesa, AMD, Intel, OpenCL. */
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
/** Such as NVIDIA_API_KEY. */
const SECRET = /KEY|TOKEN|SECRET|PASS|CREDENTIAL|AUTH/;

/** What a child process sees of `environment`. onnxruntime's telemetry is off in it, whatever ours says. */
export function childEnvironment(environment: NodeJS.ProcessEnv = process.env): Record<string, string> {
  const passed: Record<string, string> = {};
  for (const [name, value] of Object.entries(environment))
    if (value !== undefined && mayPass(name.toUpperCase())) passed[name] = value;
  return { ...passed, ...NO_TELEMETRY };
}

/** As `spawn` of Node, with `childEnvironment`; there is no shell, so no argument can become a command. */
export function startProcess(
  program: string,
  args: readonly string[],
  options: Omit<SpawnOptions, 'env' | 'shell' | 'detached'>,
): ChildProcess {
  return spawn(program, [...args], { windowsHide: true, ...options, env: childEnvironment() });
}

/** From the end of a killed child to the end of its pipes, when nobody else holds them. */
const PIPES_MS = 250;

/**
Ends the child at once. A moment after its end its pipes are closed too: a wrapper's own child may hold them open, and then
the child would never be reported as closed.
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
