/** Fastest first, where the hardware is there. */
const ORDER = ['cuda', 'webgpu', 'dml', 'coreml', 'cpu'];

/**
Which of onnxruntime-node's providers to try, in this order. `wanted`: what the user named (`STASH_SENSE_PROVIDERS`, or
what "Set up" measured); otherwise the CPU, and CUDA before it where an NVIDIA device is.

The others are never tried unasked: for three models of 7 MB together they are seldom faster, each opens a driver
that may take seconds or the whole process with it, and none of that can be caught.
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

/** `cuda, cpu` → its names; null when it names none. */
export function parseProviders(text: string | undefined): string[] | null {
  const names = (text ?? '')
    .toLowerCase()
    .split(/[\s,]+/)
    .filter(Boolean);
  return names.length > 0 ? names.map((name) => (name === 'directml' ? 'dml' : name)) : null;
}

/** Why an engine with this provider alone did not come up, to stand behind a colon. */
export function providerProblem(provider: string, message: string): string {
  const [line = ''] = message.split('\n', 1);
  const own = /\(native \w+: (.*?)\)?(; install the plugin again.*)?$/.exec(line)?.[1] ?? line;
  const known = KNOWN.find(([name, sign]) => name === provider && sign.test(message));
  return known?.[2] ?? own.slice(0, 300);
}

/** What onnxruntime says where the device or its libraries are not there. */
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
