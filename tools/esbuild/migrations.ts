import type { Plugin } from 'esbuild';
import { CROP_MIGRATIONS, MIGRATIONS, PICTURE_CACHE_MIGRATIONS } from '../../plugin/store/sqlite/schema.ts';

/** Bundles the text of the `.sql` files: an installed plugin has no folder of them. */
export const inlineMigrations: Plugin = {
  name: 'inline-migrations',
  setup(build) {
    build.onLoad({ filter: /[/\\]store[/\\]sqlite[/\\]schema\.ts$/ }, () => ({
      contents: Object.entries({ MIGRATIONS, CROP_MIGRATIONS, PICTURE_CACHE_MIGRATIONS })
        .map(([name, texts]) => `export const ${name} = ${JSON.stringify(texts)};`)
        .join('\n'),
      loader: 'js',
    }));
  },
};
