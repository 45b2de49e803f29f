/** What a plugin gives to the page: its scripts joined, its styles, its assets (Stash: internal/api/routes_plugin.go). */
import { readFileSync } from 'node:fs';
import type { IncomingMessage, ServerResponse } from 'node:http';
import path from 'node:path';
import type { Plugin, Plugins } from './plugins.ts';
import { notFound, sendBytes, sendFile } from '../serve-file.ts';

/** @returns whether the path was one of these */
export function createPluginRoutes(plugins: Plugins) {
  return (request: IncomingMessage, response: ServerResponse, url: URL): boolean => {
    const [, id = '', what = '', rest = ''] =
      /^\/plugin\/([^/]+)(?:\/([^/]+)(\/.*)?)?$/.exec(url.pathname) ?? [];
    if (id === '') return false;
    const plugin = plugins.get(decodeURIComponent(id));
    if (!plugin) notFound(response);
    else if (plugins.disabled.has(plugin.id)) response.writeHead(400).end('plugin disabled\n');
    else if (request.method !== 'GET') response.writeHead(405).end();
    else if (what === 'javascript' || what === 'css') sendJoined(request, response, url, plugin, what);
    else if (what === 'assets') sendAsset(request, response, plugin, decodeURIComponent(rest || '/'));
    else notFound(response);
    return true;
  };
}

function sendJoined(
  request: IncomingMessage,
  response: ServerResponse,
  url: URL,
  plugin: Plugin,
  what: 'javascript' | 'css',
): void {
  const files = (plugin.manifest.ui?.[what] ?? []).filter((file) => !/^https?:/.test(file));
  const bytes = Buffer.concat(
    files.flatMap((file) => [readFileSync(path.join(plugin.folder, file)), Buffer.from('\n')]),
  );
  sendBytes(request, response, bytes, {
    'Content-Type': what === 'css' ? 'text/css' : 'text/javascript',
    'Cache-Control': url.searchParams.has('t') ? 'private, max-age=31536000, immutable' : 'no-cache',
  });
}

function sendAsset(request: IncomingMessage, response: ServerResponse, plugin: Plugin, place: string): void {
  const assets = Object.entries(plugin.manifest.ui?.assets ?? {}).toSorted(([a], [b]) => b.length - a.length);
  const found = assets.find(([prefix]) => place.startsWith(prefix));
  if (!found || place.includes('..')) return notFound(response);
  const [prefix, folder] = found;
  sendFile(request, response, path.join(plugin.folder, folder, place.slice(prefix.length)));
}
