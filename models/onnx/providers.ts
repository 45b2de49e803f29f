/** Fastest first, given the hardware. */
const ORDER = ['cuda', 'webgpu', 'dml', 'coreml', 'cpu'];

/**
The execution providers of onnxruntime-node to try, in order: `wanted` (from `STASH_SENSE_PROVIDERS`, or the fastest in
"Set up"); without it the CPU, and CUDA before it when there is an NVIDIA device.

The others are tried only when named: for three models of 7 MB in total they are seldom faster, and their drivers can
block for seconds or crash the process, which cannot be caught.
*/
export function chooseProviders(
  supported: readonly string[],
  wanted: readonly string[] | null,
  hasNvidiaDevice: boolean,
): string[] {
  if (wanted) return wanted.filter((provider) => supported.includes(provider));
  return ORDER.filter(
    (provider) =>
      supported.includes(provider) && (provider === 'cpu' || (provider === 'cuda' && hasNvidiaDevice)),
  );
}

/** Parses `cuda, cpu`; null when the text has no name. */
export function parseProviders(text: string | undefined): string[] | null {
  const names = (text ?? '')
    .toLowerCase()
    .split(/[\s,]+/)
    .filter(Boolean);
  return names.length > 0 ? names.map((name) => (name === 'directml' ? 'dml' : name)) : null;
}

/** Why an engine with this provider alone did not start, worded to follow a colon. */
export function providerProblem(provider: string, message: string): string {
  const [line = ''] = message.split('\n', 1);
  const own = /\(native \w+: (.*?)\)?(; install the plugin again.*)?$/.exec(line)?.[1] ?? line;
  const known = KNOWN.find(([name, sign]) => name === provider && sign.test(message));
  return known?.[2] ?? own.slice(0, 300);
}

/** Error texts of onnxruntime for a missing device or missing libraries. */
const KNOWN: readonly [provider: string, sign: RegExp, words: string][] = [
  [
    'cuda',
    /failed to load shared library|libcu\w+\.so|cudart|cudnn|no kernel image|no CUDA-capable device/i,
    "there is no NVIDIA card, or NVIDIA's CUDA libraries are not beside onnxruntime",
  ],
  [
    'webgpu',
    /RequestAdapterStatus|no adapter/i,
    'no graphics card was found; on Linux it takes a Vulkan loader and the driver',
  ],
];
