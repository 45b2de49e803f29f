/** Opens the store of a folder, writes to it, and says on one line how that went. */
import { StashSenseError } from '../../core/errors.ts';
import { openStore } from '../../plugin/store/store.ts';

try {
  const store = await openStore({ folder: process.argv[2] ?? '' });
  await store.state.set('matched-at:opened', 1);
  await store.close();
  console.log('written');
} catch (error) {
  console.log(error instanceof StashSenseError ? `${error.code}: ${error.message}` : error);
}
