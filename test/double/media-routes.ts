/** Pictures and clips of what the library holds (Stash: internal/api/routes_{scene,image,gallery,performer}.go). */
import { existsSync, readFileSync } from 'node:fs';
import type { IncomingMessage, ServerResponse } from 'node:http';
import path from 'node:path';
import { unzipSync } from 'fflate';
import type { ImageRow, LibraryData, Picture } from './library/data.ts';
import { cachingOf, cannotOpen, notFound, sendBytes, sendFile, typeOf } from './serve-file.ts';
import type { Views } from './library/views.ts';

/** What Stash draws where there is no picture; it answers 200 with it. */
const DRAWING = Buffer.from(
  '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 16 9"><rect width="16" height="9" fill="#30404d"/></svg>',
);

/** @returns whether the path was one of these */
export function createMediaRoutes(data: LibraryData, views: Views) {
  return (request: IncomingMessage, response: ServerResponse, url: URL): boolean => {
    const [, kind = '', id = '', what = '', more] =
      /^\/(scene|image|gallery|performer)\/([^/]+)(?:\/([^/]+)(?:\/(.+))?)?$/.exec(url.pathname) ?? [];
    if (kind === '') return false;
    // Stash supports only GET here, not even HEAD.
    if (request.method !== 'GET') {
      response.writeHead(405).end();
      return true;
    }
    const answer = { request, response, url };
    if (kind === 'scene' && what === '') notFound(response);
    else if (!/^\d+$/.test(id)) response.writeHead(400).end();
    else if (kind === 'scene') sendScene(data, answer, id, what);
    else if (kind === 'performer') sendPerformer(data, answer, id);
    else if (kind === 'image') sendImage(data, answer, data.images.get(id), what);
    else {
      const gallery = data.galleries.get(id);
      const images = gallery ? views.imagesOf(gallery) : [];
      const image = images[what === 'preview' ? Number(more) : 0];
      if (!gallery || (what === 'preview' && !image)) notFound(response);
      else if (image) sendImage(data, answer, image, 'thumbnail');
      else sendPicture(answer, null);
    }
    return true;
  };
}

type Answer = { request: IncomingMessage; response: ServerResponse; url: URL };

function sendScene(data: LibraryData, answer: Answer, id: string, what: string): void {
  const { request, response } = answer;
  const scene = data.scenes.get(id);
  const file = data.files.get(scene?.fileIds[0] ?? '');
  if (!scene) notFound(response);
  else if (what === 'screenshot') sendPicture(answer, scene.cover);
  else if (what === 'preview' && scene.preview)
    sendFile(request, response, scene.preview, { 'Cache-Control': 'no-cache' });
  else if (what === 'stream' && file)
    sendFile(request, response, file.path, {
      'Content-Type': 'video/mp4',
      'Content-Disposition': `inline; filename=${encodeURIComponent(path.basename(file.path))}`,
    });
  else notFound(response);
}

function sendPerformer(data: LibraryData, answer: Answer, id: string): void {
  const performer = data.performers.get(id);
  if (!performer) notFound(answer.response);
  else sendPicture(answer, answer.url.searchParams.get('default') === 'true' ? null : performer.image);
}

/** The thumbnail of a picture that cannot be scaled is the picture itself, in Stash too. */
function sendImage(data: LibraryData, answer: Answer, image: ImageRow | undefined, what: string): void {
  const { request, response, url } = answer;
  const file = data.files.get(image?.fileIds[0] ?? '');
  if (!file || (what !== 'image' && what !== 'thumbnail')) return notFound(response);
  const zip = data.files.get(file.zipFileId ?? '');
  // Stash shows its own drawing in place of a thumbnail.
  if (!existsSync(zip?.path ?? file.path))
    return what === 'thumbnail' ? sendPicture(answer, null) : cannotOpen(response, file.path);
  if (!zip) return sendFile(request, response, file.path, cachingOf(url));
  const inner = file.path.slice(zip.path.length + 1);
  const bytes = unzipSync(readFileSync(zip.path), { filter: (info) => info.name === inner })[inner];
  if (!bytes) return cannotOpen(response, file.path);
  sendBytes(request, response, bytes, { 'Content-Type': typeOf(inner), ...cachingOf(url) });
}

function sendPicture({ request, response, url }: Answer, picture: Picture | null): void {
  const bytes = picture === null ? DRAWING : typeof picture === 'string' ? readFileSync(picture) : picture;
  sendBytes(request, response, bytes, { 'Content-Type': sniff(bytes), ...cachingOf(url) });
}

function sniff(bytes: Uint8Array): string {
  if (bytes[0] === 0xff && bytes[1] === 0xd8) return 'image/jpeg';
  if (bytes[0] === 0x89 && bytes[1] === 0x50) return 'image/png';
  if (bytes[0] === 0x47 && bytes[1] === 0x49) return 'image/gif';
  if (bytes[0] === 0x52 && bytes[8] === 0x57) return 'image/webp';
  return bytes[0] === 0x3c ? 'image/svg+xml' : 'application/octet-stream';
}
