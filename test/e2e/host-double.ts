/** The double with the stand-in page in front, started for the suite and gone with it. */
import path from 'node:path';
import { pageRoutes } from '../double-page/page-routes.ts';
import { startStashDouble } from '../double/stash-double.ts';
import type { Started } from './host.ts';
import { connectStash } from './stash.ts';

export async function openDouble(options: {
  folder: string;
  ffmpegPath: string;
  ffprobePath: string;
}): Promise<Started> {
  const pages = await pageRoutes();
  const speaking: { config?: { readonly language: string } } = {};
  const double = await startStashDouble({
    configDir: path.join(options.folder, 'config of Stash'),
    ffmpegPath: options.ffmpegPath,
    ffprobePath: options.ffprobePath,
    logLevel: 'Debug',
    extraRoutes(request, response, { pathname }) {
      const page = request.method === 'GET' ? pages(pathname, '', speaking.config?.language) : null;
      if (page) response.writeHead(page.status, page.headers).end(page.body);
      return page !== null;
    },
  });
  speaking.config = double.config;
  return {
    kind: 'double',
    version: double.config.version,
    stash: connectStash(double.url),
    configDir: double.configDir,
    restart: () => Promise.resolve(double.restart()),
    close: () => double.close(),
  };
}
