import { StashSenseError } from '../../../core/errors.ts';
import { jsonOf } from '../../../core/json-of.ts';
import { message, type Message } from '../../../core/messages/message.ts';
import { PACK_INDEX, PackIndex, type PublishedPack } from '../../../core/reference-packs/pack-index.ts';
import { shownUrl } from '../../artifacts/channel.ts';
import { openSource, SourceFailure } from '../../artifacts/source.ts';
import { PackDamage } from '../damage.ts';
import { manifestText, parseManifest } from '../folders.ts';
import { MAX_MANIFEST_BYTES } from '../install/pack-source.ts';

/** A hundred packs with all their deltas have about 3 MB. */
export const MAX_INDEX_BYTES = 16 << 20;

/** For all of a text: a server can send a byte now and then for ever. */
const WITHIN_MS = 60_000;

type Options = { readonly silenceMs?: number; readonly withinMs?: number };

/** Null: nobody publishes packs there. @throws StashSenseError `fetch-failed` */
export async function readIndex(base: URL, options: Options = {}): Promise<PackIndex | null> {
  const text = await textAt(new URL(PACK_INDEX, base), MAX_INDEX_BYTES, options);
  if (text === null) return null;
  const index = parseIndex(text);
  if (index !== null) return index;
  throw new StashSenseError(
    'fetch-failed',
    message('referencePacks.channel.badIndex', { address: shownUrl(base), file: PACK_INDEX }),
  );
}

/** Null: it is none. */
export function parseIndex(text: string): PackIndex | null {
  const parsed = PackIndex.safeParse(jsonOf(text));
  if (!parsed.success) return null;
  try {
    return { ...parsed.data, packs: parsed.data.packs.map(withOwnFiles) };
  } catch (error) {
    if (error instanceof PackDamage) return null;
    throw error;
  }
}

/** @throws PackDamage where the manifest is none, or names other files */
function withOwnFiles({ manifest: given, files, deltas }: PublishedPack): PublishedPack {
  // A longer one could not be read where it is installed.
  if (Buffer.byteLength(manifestText(given)) > MAX_MANIFEST_BYTES)
    throw new PackDamage(message('referencePacks.damage.manifest'));
  const manifest = parseManifest(JSON.stringify(given));
  const named = Object.entries(manifest.files);
  const isSame =
    named.length === Object.keys(files).length &&
    named.every(([name, { bytes, sha256 }]) => {
      const file = Object.hasOwn(files, name) ? files[name] : undefined;
      return file?.bytes === bytes && file.sha256 === sha256;
    });
  if (!isSame) throw new PackDamage(message('referencePacks.damage.manifest'));
  return { manifest, files, deltas };
}

/** Null: it is not there. @throws StashSenseError `fetch-failed` */
export async function textAt(url: URL, maxBytes: number, options: Options = {}): Promise<string | null> {
  const chunks: Uint8Array[] = [];
  const isThere = await readAt(url, maxBytes, options, (chunk) => void chunks.push(chunk));
  return isThere ? Buffer.concat(chunks).toString('utf8') : null;
}

/**
Hands on what is at an address, in its order.
@returns false: it is not there
@throws StashSenseError `fetch-failed`; what `take` throws
*/
export async function readAt(
  url: URL,
  maxBytes: number,
  { withinMs = WITHIN_MS, ...options }: Options,
  take: (chunk: Uint8Array) => void | Promise<void>,
): Promise<boolean> {
  let bytes = 0;
  const signal = AbortSignal.timeout(withinMs);
  const failed = (reason: Message, cause: unknown): StashSenseError =>
    new StashSenseError(
      'fetch-failed',
      message('referencePacks.channel.notRead', { address: shownUrl(url), reason }),
      { cause },
    );
  try {
    const source = await openSource(url, { ...options, signal });
    try {
      for await (const chunk of source.bytes) {
        bytes += chunk.length;
        if (bytes > maxBytes)
          throw new SourceFailure(message('fetch.tooLong', { expected: maxBytes }), false);
        await take(chunk);
      }
    } finally {
      source.close();
    }
    return true;
  } catch (error) {
    if (signal.aborted)
      throw failed(message('network.noAnswerWithin', { seconds: Math.round(withinMs / 1000) }), error);
    if (!(error instanceof SourceFailure)) throw error;
    if (['fetch.statusNotThere', 'fetch.notThere'].includes(error.said.id)) return false;
    throw failed(error.said, error);
  }
}
