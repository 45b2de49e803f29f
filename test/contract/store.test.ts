import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after } from 'node:test';
import type { Store } from '../../core/ports/store.ts';
import { openStore } from '../../plugin/store/store.ts';
import { testStore } from './store.ts';

const root = mkdtempSync(path.join(tmpdir(), 'stash-sense-store-'));
const opened: Store[] = [];
after(async () => {
  for (const store of opened) await store.close();
  rmSync(root, { recursive: true });
});

let count = 0;
testStore('SQLite store', async (options) => {
  count += 1;
  const folder = path.join(root, `with space ${count}`);
  const open = async (): Promise<Store> => {
    const store = await openStore({ folder, ...options });
    opened.push(store);
    return store;
  };
  return { store: await open(), reopen: open };
});
