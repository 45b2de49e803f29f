/** The items of a HEIF file (ISO/IEC 23008-12): coded pictures, pictures derived of others, and what belongs to each. */
import { type Box, boxesIn, createReader, damaged, findBox, openFullBox, requireBox } from './reader.ts';

export type HeifItems = {
  readonly primaryId: number;
  /** Such as `hvc1`, `grid`, `Exif`; undefined where there is no such item. */
  typeOf(id: number): string | undefined;
  /** What a derived picture is made of, in their order. */
  sourcesOf(id: number): number[];
  /** The properties of an item in the order in which they apply. */
  propertiesOf(id: number): Box[];
  /** The item's bytes. @throws StashSenseError `unreadable-media` where they lie outside the file, or are more than `maxBytes` */
  dataOf(id: number, maxBytes: number): Uint8Array;
};

/** A grid has at most 256 x 256 tiles; beside it there are thumbnails and metadata. */
const MAX_ITEMS = 70_000;
/** A property is named by 15 bits. */
const MAX_PROPERTIES = 0x7fff;

/** Null: a file without items, such as a sequence of pictures in a film track. */
export function readItems(file: Uint8Array): HeifItems | null {
  const metaBox = findBox(file, 'meta');
  if (metaBox === null) return null;
  const meta = metaBox.subarray(4);
  const iprp = requireBox(meta, 'iprp');
  const primary = openFullBox(requireBox(meta, 'pitm'));
  const types = readTypes(requireBox(meta, 'iinf'));
  const associations = readAssociations(iprp);
  const locations = readLocations(requireBox(meta, 'iloc'));
  const iref = findBox(meta, 'iref');
  const idat = findBox(meta, 'idat');
  const properties: Box[] = [];
  for (const box of boxesIn(requireBox(iprp, 'ipco')))
    if (properties.push(box) > MAX_PROPERTIES) throw damaged();

  return {
    primaryId: primary.reader.uint(primary.version === 0 ? 2 : 4),
    typeOf: (id) => types.get(id),
    sourcesOf: (id) => (iref ? readReferences(iref, 'dimg', id) : []),
    propertiesOf: (id) =>
      (associations.get(id)?.() ?? [])
        .map((index) => properties[index - 1])
        .filter((box) => box !== undefined),
    dataOf(id, maxBytes) {
      const location = locations.get(id);
      const container = location?.isInIdat ? idat : file;
      if (!location || !container) throw damaged();
      return join(location.readExtents(container.length), container, maxBytes);
    },
  };
}

function readTypes(iinf: Uint8Array): Map<number, string> {
  const { version, reader } = openFullBox(iinf);
  const types = new Map<number, string>();
  // The stated count of entries is not believed; the boxes themselves are counted.
  reader.uint(version === 0 ? 2 : 4);
  for (const { type, content } of boxesIn(reader.bytes(reader.bytesLeft()))) {
    if (type !== 'infe') continue;
    const entry = openFullBox(content);
    // Versions 0 and 1 have no type of four characters, and are no pictures.
    if (entry.version < 2) continue;
    const id = entry.reader.uint(entry.version === 2 ? 2 : 4);
    entry.reader.uint(2); // index of a protection scheme
    if (types.set(id, entry.reader.type()).size > MAX_ITEMS) throw damaged();
  }
  return types;
}

function readReferences(iref: Uint8Array, type: string, from: number): number[] {
  const { version, reader } = openFullBox(iref);
  const idSize = version === 0 ? 2 : 4;
  for (const box of boxesIn(reader.bytes(reader.bytesLeft()))) {
    if (box.type !== type) continue;
    const entry = createReader(box.content);
    if (entry.uint(idSize) === from) return Array.from({ length: entry.uint(2) }, () => entry.uint(idSize));
  }
  return [];
}

/** For each item a function that reads the numbers of its properties, counted from 1. */
function readAssociations(iprp: Uint8Array): Map<number, () => number[]> {
  const associations = new Map<number, () => number[]>();
  for (const { type, content } of boxesIn(iprp)) {
    if (type !== 'ipma') continue;
    const { version, flags, reader } = openFullBox(content);
    const indexSize = flags & 1 ? 2 : 1;
    for (let entries = reader.uint(4); entries > 0; entries--) {
      const id = reader.uint(version === 0 ? 2 : 4);
      const count = reader.uint(1);
      const indices = reader.bytes(count * indexSize);
      const read = (): number[] => {
        const entry = createReader(indices);
        // The highest bit says that a reader must know the property.
        return Array.from({ length: count }, () => entry.uint(indexSize) & (indexSize === 2 ? 0x7fff : 0x7f));
      };
      if (associations.set(id, read).size > MAX_ITEMS) throw damaged();
    }
  }
  return associations;
}

/** From the beginning of the container; a length of 0 means up to its end. */
type Extent = { readonly start: number; readonly length: number };

type ItemLocation = {
  /** In the box `idat`, else in the file. */
  readonly isInIdat: boolean;
  readExtents(containerLength: number): Extent[];
};

/** The extents of an item are read when they are asked for: a small file can state billions. */
function readLocations(iloc: Uint8Array): Map<number, ItemLocation> {
  const { version, reader } = openFullBox(iloc);
  const sizes = reader.uint(2);
  const [offsetSize, lengthSize, baseSize] = [sizes >> 12, (sizes >> 8) & 15, (sizes >> 4) & 15];
  const indexSize = version === 0 ? 0 : sizes & 15;
  if ([offsetSize, lengthSize, baseSize, indexSize].some((size) => ![0, 4, 8].includes(size)))
    throw damaged();
  const idSize = version < 2 ? 2 : 4;
  const extentSize = indexSize + offsetSize + lengthSize;
  const locations = new Map<number, ItemLocation>();
  for (let count = reader.uint(idSize); count > 0; count--) {
    const id = reader.uint(idSize);
    const method = version === 0 ? 0 : reader.uint(2) & 15;
    reader.uint(2); // index of another file that holds the data
    const base = reader.uint(baseSize);
    const extents = reader.uint(2);
    if (extentSize === 0 && extents > 1) throw damaged();
    const bytes = reader.bytes(extents * extentSize);
    // Method 2 takes bytes of another item; nobody writes it.
    if (method > 1) continue;
    const readExtents = (containerLength: number): Extent[] => {
      const entry = createReader(bytes);
      return Array.from({ length: extents }, () => {
        entry.uint(indexSize);
        const start = base + entry.uint(offsetSize);
        const length = entry.uint(lengthSize);
        return { start, length: length === 0 ? containerLength - start : length };
      });
    };
    if (locations.set(id, { isInIdat: method === 1, readExtents }).size > MAX_ITEMS) throw damaged();
  }
  return locations;
}

function join(extents: readonly Extent[], container: Uint8Array, maxBytes: number): Uint8Array {
  if (extents.some(({ start, length }) => length < 0 || start + length > container.length)) throw damaged();
  const total = extents.reduce((sum, { length }) => sum + length, 0);
  if (total > maxBytes) throw damaged();
  const [only] = extents;
  if (only && extents.length === 1) return container.subarray(only.start, only.start + only.length);
  const joined = new Uint8Array(total);
  let at = 0;
  for (const { start, length } of extents) {
    joined.set(container.subarray(start, start + length), at);
    at += length;
  }
  return joined;
}
