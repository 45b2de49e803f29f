/** Fetches the published pack. See `fetch-http.test.ts`. */
import { fetchPack } from '../../../plugin/reference-packs/channel/fetch-pack.ts';
import { readIndex } from '../../../plugin/reference-packs/channel/read-index.ts';
import { createOwner } from '../../../plugin/system/process-owner.ts';
import { ID, USING } from './published.ts';

const [dataFolder = '', address = ''] = process.argv.slice(2);
const base = new URL(address);
const index = await readIndex(base);
await fetchPack(
  { dataFolder, owner: createOwner(), using: USING, base, installedId: ID, log: { warn: () => undefined } },
  index!.packs[0]!,
);
