import { hasCode, messageOf, StashSenseError } from '../../core/errors.ts';
import { firstLineOf } from '../../core/message-of.ts';
import { message, plain, type Message, type MessageId } from '../../core/messages/message.ts';

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

/**
Why an engine with this provider alone did not start, worded to follow a colon.

@param error of `openEngine`: what the provider said is its cause
*/
export function providerProblem(provider: string, error: unknown): Message {
  const own = hasCode(error, 'runtime-missing') && error.cause !== undefined ? error.cause : error;
  const text = messageOf(own);
  const known = KNOWN.find(([name, sign]) => name === provider && sign.test(text));
  if (known !== undefined) return message(known[2]);
  return own instanceof StashSenseError ? own.said : plain(firstLineOf(own));
}

/** Error texts of onnxruntime for a missing device or missing libraries. */
const KNOWN: readonly [provider: string, sign: RegExp, said: MessageId][] = [
  [
    'cuda',
    /failed to load shared library|libcu\w+\.so|cudart|cudnn|no kernel image|no CUDA-capable device/i,
    'setup.trial.reason.noNvidia',
  ],
  ['webgpu', /RequestAdapterStatus|no adapter/i, 'setup.trial.reason.noGraphicsCard'],
];
