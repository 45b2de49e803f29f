/** Makes the file of a gallery over and over, until it is killed or has made five. See `gallery-file.test.ts`. */
import { createQuantizedSearch } from '../../models/index/quantized.ts';
import { createOpenGallery } from '../../plugin/gallery/open-gallery.ts';
import { galleryFile } from '../../plugin/system/files/gallery-files.ts';
import { rmSync } from 'node:fs';
import { memorySource, randomPeople } from '../fixtures/gallery.ts';

const TIMES = 5;
const [folder = '', killAfterMs = '0'] = process.argv.slice(2);
const source = memorySource(randomPeople(2000, 64, 5));
if (Number(killAfterMs) > 0) setTimeout(() => process.kill(process.pid, 'SIGKILL'), Number(killAfterMs));
for (let time = 0; time < TIMES; time++) {
  if (time + 1 < TIMES) rmSync(galleryFile(folder, 'performers'), { force: true });
  const open = createOpenGallery({
    dataFolder: folder,
    name: 'performers',
    source,
    log: { debug: console.error, warn: console.error, error: console.error },
    search: {
      packId: 'test-1',
      createPlainRowSearch: (vectors) => createQuantizedSearch(vectors),
      createRowSearch: (vectors) => Promise.resolve(createQuantizedSearch(vectors)),
    },
  });
  await open('few probes');
}
