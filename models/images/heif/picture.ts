/** Pictures of HEVC in HEIF files: one coded picture, or tiles of a grid, as every iPhone writes them. */
import { StashSenseError } from '../../../core/errors.ts';
import { message } from '../../../core/messages/message.ts';
import { MAX_PIXELS } from '../limits.ts';
import { type HevcConfig, readHevcConfig, toAnnexB } from './hevc.ts';
import { type HeifItems, readItems } from './items.ts';
import { createReader, damaged } from './reader.ts';
import { readTransforms, type Size, type Transform } from './transforms.ts';

export type HevcPicture = {
  /** One picture a tile, row by row, from left to right. */
  readonly stream: Uint8Array;
  readonly columns: number;
  readonly rows: number;
  /** Of the whole picture before `transforms`; the last column and the last row of tiles can reach over it. */
  readonly coded: Size;
  readonly transforms: readonly Transform[];
  /** After them. */
  readonly size: Size;
};

/** Read and given to the decoder. Items can share bytes, so that a small file could state any amount. */
const MAX_STREAM_BYTES = 256e6;
/** A picture derived from one that is derived from one, …. */
const MAX_DERIVATIONS = 8;

/**
The primary picture of the file. Null: it is coded otherwise (AV1), or there are no items.
@throws StashSenseError `unreadable-media` for a file that is damaged, or a picture that is too large or made in another way
*/
export function readHevcPicture(file: Uint8Array): HevcPicture | null {
  const items = readItems(file);
  return items && readItem(items, items.primaryId, 0);
}

function readItem(items: HeifItems, id: number, depth: number): HevcPicture | null {
  const type = items.typeOf(id);
  switch (type) {
    case 'hvc1':
    case 'hev1':
      return withTransforms(
        items,
        id,
        joinTiles(items, [id], { columns: 1, rows: 1, size: sizeOf(items, id) }),
      );
    case 'grid':
      return readGrid(items, id);
    // The same picture, which can have transformations of its own.
    case 'iden':
    // The picture with data by which a brighter screen shows more of it.
    case 'tmap': {
      const [source] = items.sourcesOf(id);
      if (source === undefined || depth === MAX_DERIVATIONS) throw damaged();
      const picture = readItem(items, source, depth + 1);
      return picture && type === 'iden' ? withTransforms(items, id, picture) : picture;
    }
    case 'iovl':
      throw new StashSenseError('unreadable-media', message('picture.heifOverlay'));
    case undefined:
      throw damaged();
    default:
      return null;
  }
}

function readGrid(items: HeifItems, id: number): HevcPicture | null {
  const reader = createReader(items.dataOf(id, MAX_STREAM_BYTES));
  reader.uint(1); // version
  const fieldSize = reader.uint(1) & 1 ? 4 : 2;
  const rows = reader.uint(1) + 1;
  const columns = reader.uint(1) + 1;
  const size = { width: reader.uint(fieldSize), height: reader.uint(fieldSize) };
  const tiles = items.sourcesOf(id);
  const first = tiles[0];
  if (first === undefined || tiles.length !== rows * columns) throw damaged();
  const types = new Set(tiles.map((tile) => items.typeOf(tile)));
  if (![...types].every((type) => type === 'hvc1' || type === 'hev1')) {
    if (types.has(undefined) || types.size > 1 || types.has('grid')) throw damaged();
    return null;
  }
  const tile = sizeOf(items, first);
  if (tile.width * columns < size.width || tile.height * rows < size.height) throw damaged();
  checkSize({ width: tile.width * columns, height: tile.height * rows });
  return withTransforms(items, id, joinTiles(items, tiles, { columns, rows, size }));
}

function joinTiles(
  items: HeifItems,
  tiles: readonly number[],
  { columns, rows, size }: { columns: number; rows: number; size: Size },
): HevcPicture {
  checkSize(size);
  const configs = new Map<Uint8Array, HevcConfig>();
  const streams: Uint8Array[] = [];
  let bytesLeft = MAX_STREAM_BYTES;
  for (const id of tiles) {
    const property = items.propertiesOf(id).find(({ type }) => type === 'hvcC')?.content;
    if (!property) throw damaged();
    const config = configs.get(property) ?? readHevcConfig(property);
    configs.set(property, config);
    const data = items.dataOf(id, bytesLeft);
    const stream = toAnnexB(data, config);
    streams.push(stream);
    bytesLeft -= data.length + stream.length;
    if (bytesLeft < 0) throw damaged();
  }
  return { stream: Buffer.concat(streams), columns, rows, coded: size, transforms: [], size };
}

function withTransforms(items: HeifItems, id: number, picture: HevcPicture): HevcPicture {
  const { transforms, size } = readTransforms(items.propertiesOf(id), picture.size);
  return { ...picture, transforms: [...picture.transforms, ...transforms], size };
}

/** The property `ispe`. */
function sizeOf(items: HeifItems, id: number): Size {
  const property = items.propertiesOf(id).find(({ type }) => type === 'ispe');
  if (!property) throw damaged();
  const reader = createReader(property.content.subarray(4));
  return { width: reader.uint(4), height: reader.uint(4) };
}

function checkSize({ width, height }: Size): void {
  if (width === 0 || height === 0) throw damaged();
  if (width * height > MAX_PIXELS)
    throw new StashSenseError('unreadable-media', message('picture.hasPixels', { width, height }));
}
