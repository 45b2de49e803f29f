/** A tar.gz with the same bytes for the same files, on every machine: sorted, no times, no owners, one compressor at one level. */
import { buffer } from 'node:stream/consumers';
import { gzipSync } from 'fflate';
import { type Header, pack } from 'tar-stream';

export type TarFile = {
  readonly name: string;
  readonly bytes: Uint8Array;
  readonly executable?: boolean;
  readonly type?: Header['type'];
  /** Where a link points to. */
  readonly link?: string;
};

export async function writeTarGz(files: readonly TarFile[]): Promise<Uint8Array> {
  return gzip(await writeTar(files.toSorted((a, b) => (a.name < b.name ? -1 : 1))));
}

/** In the order given. */
export async function writeTar(files: readonly TarFile[]): Promise<Buffer> {
  const tar = pack();
  for (const { name, bytes, executable = false, type = 'file', link } of files)
    tar.entry(
      {
        name,
        type,
        mode: executable ? 0o755 : 0o644,
        mtime: new Date(0),
        ...(link !== undefined && { linkname: link }),
      },
      Buffer.from(bytes),
    );
  tar.finalize();
  return await buffer(tar);
}

export function gzip(bytes: Uint8Array): Uint8Array {
  const packed = gzipSync(bytes, { level: 9, mtime: 0 });
  // The system it was packed on: unknown.
  packed[9] = 255;
  return packed;
}
