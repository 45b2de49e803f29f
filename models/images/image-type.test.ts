import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readOrientation, pictureKind } from './image-type.ts';

const bytes = (text: string): Uint8Array => Uint8Array.from(text, (it) => it.charCodeAt(0));

test('pictures are known by their first bytes', () => {
  const rows: [string, ReturnType<typeof pictureKind>][] = [
    ['\xff\xd8\xff\xe0', 'jpeg'],
    ['\x89PNG\r\n\x1a\n', 'png'],
    ['GIF89a', 'gif'],
    ['RIFF\0\0\0\0WEBPVP8 ', 'webp'],
    [`BM${'\0'.repeat(40)}`, 'bmp'],
    ['II*\0', 'tiff'],
    ['MM\0*', 'tiff'],
    ['\0\0\0\x1cftypavif\0\0\0\0mif1', 'heif'],
    ['\0\0\0\x18ftypmif1\0\0\0\0heic', 'heif'],
    // A picture by its second brand, as some cameras write it.
    ['\0\0\0\x1cftypMiHB\0\0\0\0MiHEmif1heix', 'heif'],
    ['\xff\x0a', 'jxl'],
    ['\0\0\0\x0cJXL \r\n\x87\n\0\0\0\x14ftypjxl ', 'jxl'],
    // No picture of pixels: a video, a drawing, a login page, a riff of another kind, nothing.
    ['\0\0\0\x18ftypisom\0\0\0\0', null],
    // `mif1` is its version, or lies behind the brands.
    ['\0\0\0\x14ftypisommif1mp42', null],
    ['\0\0\0\x10ftypisom\0\0\0\0mif1', null],
    ['<svg xmlns="http://www.w3.org/2000/svg"/>', null],
    ['<!doctype html>', null],
    ['RIFF\0\0\0\0WAVEfmt ', null],
    ['BM', null],
    ['', null],
  ];
  for (const [head, kind] of rows) assert.equal(pictureKind(bytes(head)), kind, JSON.stringify(head));
});

const tiff = (orientation: number, little: boolean): string => {
  const view = new DataView(new ArrayBuffer(26));
  view.setUint16(0, little ? 0x4949 : 0x4d4d);
  view.setUint16(2, 42, little);
  view.setUint32(4, 8, little);
  view.setUint16(8, 1, little);
  view.setUint16(10, 0x0112, little);
  view.setUint16(12, 3, little);
  view.setUint32(14, 1, little);
  view.setUint16(18, orientation, little);
  return String.fromCharCode(...new Uint8Array(view.buffer));
};
const big = (value: number): string => String.fromCharCode(0, 0, value >> 8, value & 255);

test('the orientation is found wherever a format keeps its EXIF, in both byte orders', () => {
  for (const little of [true, false]) {
    const exif = tiff(6, little);
    const jpeg = `\xff\xd8\xff\xe0\0\x04ab\xff\xe1\0${String.fromCharCode(exif.length + 8)}Exif\0\0${exif}\xff\xda\0\0`;
    assert.equal(readOrientation(bytes(jpeg), 'jpeg'), 6);
    const png = `\x89PNG\r\n\x1a\n${big(2)}tEXtab....${big(exif.length)}eXIf${exif}....`;
    assert.equal(readOrientation(bytes(png), 'png'), 6);
    for (const preface of ['', 'Exif\0\0']) {
      const size = String.fromCharCode(exif.length + preface.length, 0, 0, 0);
      const webp = `RIFF....WEBPVP8 \x03\0\0\0abc.EXIF${size}${preface}${exif}`;
      assert.equal(readOrientation(bytes(webp), 'webp'), 6);
    }
    assert.equal(readOrientation(bytes(exif), 'tiff'), 6);
  }
});

test('a header that is torn, lies about lengths or names a ninth orientation counts as upright', () => {
  const exif = tiff(6, true);
  const jpeg = `\xff\xd8\xff\xe1\0${String.fromCharCode(exif.length + 8)}Exif\0\0${exif}`;
  for (let length = 0; length < jpeg.length - 8; length++)
    assert.equal(readOrientation(bytes(jpeg.slice(0, length)), 'jpeg'), 1, `cut at ${length}`);
  assert.equal(readOrientation(bytes(tiff(9, true)), 'tiff'), 1);
  assert.equal(readOrientation(bytes('II*\0\xff\xff\xff\xff'), 'tiff'), 1);
  assert.equal(readOrientation(bytes(`\x89PNG\r\n\x1a\n\xff\xff\xff\xffeXIf`), 'png'), 1);
  assert.equal(readOrientation(bytes('GIF89a'), 'gif'), 1);
});
