/** A tar.gz with the same bytes for the same files, on every machine: sorted, no times, no owners, one compressor at one level. */
import { gzipSync } from 'fflate';

export type TarFile = {
  readonly name: string;
  readonly bytes: Uint8Array;
  readonly executable?: boolean;
  /** As in the header: `0` a file, `2` a link. */
  readonly type?: string;
  readonly link?: string;
};

export function writeTarGz(files: readonly TarFile[]): Uint8Array {
  const sorted = files.toSorted((a, b) => (a.name < b.name ? -1 : 1));
  return gzip(Buffer.concat([...sorted.flatMap(entry), Buffer.alloc(1024)]));
}

export function gzip(bytes: Uint8Array): Uint8Array {
  const packed = gzipSync(bytes, { level: 9, mtime: 0 });
  // The system it was packed on: unknown.
  packed[9] = 255;
  return packed;
}

/** Header and content; a long name goes before it as pax has it. */
export function entry(file: TarFile): Buffer[] {
  const { name, bytes, type = '0' } = file;
  if (Buffer.byteLength(name) <= 100) return [header(file), padded(bytes)];
  const line = (length: number): string => `${length} path=${name}\n`;
  let length = Buffer.byteLength(line(0));
  while (Buffer.byteLength(line(length)) !== length) length = Buffer.byteLength(line(length));
  const attributes = Buffer.from(line(length));
  return [
    header({ name: 'pax', bytes: attributes, type: 'x' }),
    padded(attributes),
    header({ ...file, name: Buffer.from(name).subarray(0, 100).toString('latin1'), type }),
    padded(bytes),
  ];
}

function header({ name, bytes, executable = false, type = '0', link = '' }: TarFile): Buffer {
  const block = Buffer.alloc(512);
  block.write(name, 0, 100, 'utf8');
  block.write(executable ? '0000755\0' : '0000644\0', 100, 'latin1');
  block.write('0000000\0'.repeat(2), 108, 'latin1');
  block.write(`${bytes.length.toString(8).padStart(11, '0')}\0`, 124, 'latin1');
  block.write('00000000000\0', 136, 'latin1');
  block.write(' '.repeat(8), 148, 'latin1');
  block.write(type, 156, 'latin1');
  block.write(link, 157, 100, 'utf8');
  block.write('ustar\u000000', 257, 'latin1');
  const sum = block.reduce((total, it) => total + it, 0);
  block.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148, 'latin1');
  return block;
}

function padded(bytes: Uint8Array): Buffer {
  return Buffer.concat([bytes, Buffer.alloc((512 - (bytes.length % 512)) % 512)]);
}
