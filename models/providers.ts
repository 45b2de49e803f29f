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
  if (wanted) return wanted.filter((it) => supported.includes(it));
  return ORDER.filter((it) => supported.includes(it) && (it === 'cpu' || (it === 'cuda' && hasNvidiaDevice)));
}

/** `cuda, cpu` → its names; null when it names none. */
export function parseProviders(text: string | undefined): string[] | null {
  const names = (text ?? '')
    .toLowerCase()
    .split(/[\s,]+/)
    .filter(Boolean);
  return names.length > 0 ? names.map((it) => (it === 'directml' ? 'dml' : it)) : null;
}
