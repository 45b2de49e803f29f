/** What the steps of the suite share: a Stash with the small library in it, and a package source. */
import path from 'node:path';
import { configureGeneral } from './stash.ts';
import { openHost, type Host } from './host.ts';
import { addPackageSource } from './install.ts';
import { fillStash, type Ids, layOutMedia, type Media } from './media.ts';
import { type PackageSource, servePackages } from './package-source.ts';

export type World = Host & {
  readonly media: Media;
  readonly ids: Ids;
  readonly source: PackageSource;
};

/** Nothing of ours is installed yet; the source is added. */
export async function openWorld(): Promise<World> {
  const host = await openHost();
  try {
    const media = await layOutMedia(host.folder);
    await configureGeneral(host.stash, {
      stashes: [{ path: media.folder, excludeVideo: false, excludeImage: false }],
    });
    const ids = await fillStash(host.stash, media);
    await media.damage();
    const source = await servePackages(path.join(host.folder, 'source'));
    await addPackageSource(host.stash, source.url);
    return {
      ...host,
      media,
      ids,
      source,
      async close() {
        await source.close();
        await host.close();
      },
    };
  } catch (error) {
    await host.close();
    throw error;
  }
}
