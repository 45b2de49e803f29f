import { saidOf, StashSenseError } from '../../../core/errors.ts';
import { message } from '../../../core/messages/message.ts';
import { PACK_INDEX, PackIndex, type PublishedPack } from '../../../core/reference-packs/pack-index.ts';
import { shownUrl } from '../../artifacts/channel.ts';
import { openSource, SourceFailure } from '../../artifacts/source.ts';
import { jsonOf } from '../bytes.ts';
import { PackDamage } from '../damage.ts';
import { parseManifest } from '../folders.ts';

/** A hundred packs with all their deltas have about 3 MB. */
export const MAX_INDEX_BYTES = 16 << 20;

type Options = { readonly silenceMs?: number };

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
  let bytes = 0;
  try {
    const source = await openSource(url, options);
    try {
      for await (const chunk of source.bytes) {
        bytes += chunk.length;
        if (bytes > maxBytes)
          throw new SourceFailure(message('fetch.tooLong', { expected: maxBytes }), false);
        chunks.push(chunk);
      }
    } finally {
      source.close();
    }
  } catch (error) {
    if (!(error instanceof SourceFailure)) throw error;
    if (['fetch.statusNotThere', 'fetch.notThere'].includes(error.said.id)) return null;
    throw new StashSenseError(
      'fetch-failed',
      message('referencePacks.channel.notRead', { address: shownUrl(url), reason: saidOf(error) }),
      { cause: error },
    );
  }
  return Buffer.concat(chunks).toString('utf8');
}
