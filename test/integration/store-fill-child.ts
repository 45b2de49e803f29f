/** Fills a store until it fails, and says on one line how many looks are in it and why it ended. See `store-trouble.test.ts`. */
import { StashSenseError } from '../../core/errors.ts';
import { openStore } from '../../plugin/store/store.ts';
import { look } from '../contract/store-samples.ts';

const store = await openStore({ folder: process.argv[2] ?? '' });
let kept = 0;
try {
  for (; kept < 1_000; kept++) await store.observations.put(look(kept, { cropBytes: 20_000 }));
  console.log(`${kept} no failure`);
} catch (error) {
  console.log(
    `${kept} ${error instanceof StashSenseError ? `${error.code}: ${error.message}` : String(error)}`,
  );
}
