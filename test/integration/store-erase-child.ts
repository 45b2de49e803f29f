/** Erases everything, as a process that may be killed while it does. */
import { openStore } from '../../plugin/store/store.ts';

const store = await openStore({ folder: process.argv[2] ?? '' });
process.stdout.write('begins');
await store.erase(['faces', 'people', 'decisions', 'journal']);
await store.close();
