/** Files over HTTP as Go's ServeFile sends them: types by extension, one range, 304. */
import { createHash } from 'node:crypto';
import { createReadStream, statSync } from 'node:fs';
import type { IncomingMessage, ServerResponse } from 'node:http';
import path from 'node:path';

const TYPES: Record<string, string> = {
  '.jpg': 'image/jpeg',
  '.jpeg': 'image/jpeg',
  '.png': 'image/png',
  '.gif': 'image/gif',
  '.webp': 'image/webp',
  '.svg': 'image/svg+xml',
  '.mp4': 'video/mp4',
  '.mkv': 'video/x-matroska',
  '.webm': 'video/webm',
  '.avi': 'video/x-msvideo',
  '.js': 'text/javascript; charset=utf-8',
  '.mjs': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json',
  '.html': 'text/html; charset=utf-8',
  '.wasm': 'application/wasm',
};

export function typeOf(file: string): string {
  return TYPES[path.extname(file).toLowerCase()] ?? 'application/octet-stream';
}

/** Covers and pictures: kept by browsers for ever when `?t=` says which they are. */
export function cachingOf(url: URL): Record<string, string> {
  return {
    'Cache-Control': url.searchParams.has('t') ? 'private, max-age=31536000, immutable' : 'no-cache',
  };
}

export function notFound(response: ServerResponse): void {
  response.writeHead(404, { 'Content-Type': 'text/plain; charset=utf-8' }).end('Not Found\n');
}

/** Go's `http.Error`: what Stash says of a picture whose file it cannot open. */
export function cannotOpen(response: ServerResponse, file: string): void {
  response
    .writeHead(500, { 'Content-Type': 'text/plain; charset=utf-8' })
    .end(`open ${file}: no such file or directory\n`);
}

export function sendFile(
  request: IncomingMessage,
  response: ServerResponse,
  file: string,
  headers: Record<string, string> = {},
): void {
  const info = statSync(file, { throwIfNoEntry: false });
  if (!info?.isFile()) return notFound(response);
  const modified = info.mtime.toUTCString();
  const all = {
    'Content-Type': typeOf(file),
    'Last-Modified': modified,
    'Accept-Ranges': 'bytes',
    ...headers,
  };
  if (request.headers['if-modified-since'] === modified) return void response.writeHead(304, all).end();
  const { start, end, partial } = rangeOf(request.headers.range, info.size);
  if (start > end && info.size > 0)
    return void response.writeHead(416, { 'Content-Range': `bytes */${info.size}` }).end();
  response.writeHead(partial ? 206 : 200, {
    ...all,
    'Content-Length': end - start + 1,
    ...(partial ? { 'Content-Range': `bytes ${start}-${end}/${info.size}` } : {}),
  });
  if (info.size === 0) return void response.end();
  const stream = createReadStream(file, { start, end });
  stream.on('error', () => response.destroy());
  response.on('close', () => stream.destroy());
  stream.pipe(response);
}

export function sendBytes(
  request: IncomingMessage,
  response: ServerResponse,
  bytes: Uint8Array,
  headers: Record<string, string>,
): void {
  const etag = `"${createHash('md5').update(bytes).digest('hex')}"`;
  const all = { ETag: etag, 'Accept-Ranges': 'bytes', ...headers };
  if (request.headers['if-none-match'] === etag) return void response.writeHead(304, all).end();
  response.writeHead(200, { ...all, 'Content-Length': bytes.length }).end(bytes);
}

function rangeOf(header: string | undefined, size: number): { start: number; end: number; partial: boolean } {
  const match = /^bytes=(\d*)-(\d*)$/.exec(header ?? '');
  if (!match || (!match[1] && !match[2])) return { start: 0, end: size - 1, partial: false };
  const [, from = '', to = ''] = match;
  if (from === '') return { start: Math.max(0, size - Number(to)), end: size - 1, partial: true };
  return { start: Number(from), end: to === '' ? size - 1 : Math.min(Number(to), size - 1), partial: true };
}
