import path from 'node:path';
import type { Excluded, Forgotten } from '../../../core/ports/store.ts';
import { dropGalleryFiles } from '../../system/files/gallery-files.ts';
import { dropScratch } from '../../system/files/temp-files.ts';
import type { StoreParts } from '../parts.ts';
import { vacuum, type Connection } from '../sqlite/database.ts';
import { writeWithCrops } from '../sqlite/write-crops.ts';
import { messageFromText, type Message } from '../../../core/messages/schema.ts';
import { deleteBackups } from './backups.ts';
import { forgetContributed, hasContributed } from './forget-contributed.ts';
import { forgetEntities } from './forget-entities.ts';
import { findKept, forgetPerformers } from './forget-performers.ts';

export type Forgetting = {
  forget(what: Excluded): Promise<Forgotten>;
  scrub(): Promise<{ shrunk: boolean }>;
};

const SCRUB_DUE = 'scrub-due';

/** Erases what is excluded: one transaction deletes the rows, `scrub` what is left of them on the disk. Both can be killed at any moment. */
export function createForgetting({
  database,
  crops,
  leases,
}: Pick<StoreParts, 'database' | 'crops' | 'leases'>): Forgetting {
  return {
    async forget(what) {
      // Every operation asks this for all excluded performers, of whom mostly nothing is kept: it must not wait for other writers.
      if (what.entities.length === 0) {
        const isKept = await database.read(
          (sql) => findKept(sql, what.performerIds).length > 0 || hasContributed(sql, what.stashIds ?? []),
        );
        if (!isKept) return { entities: 0, performers: 0 };
      }
      return await writeWithCrops(
        database,
        crops,
        (sql) => {
          const orphans: number[] = [];
          const titles: string[] = [];
          const entities = forgetEntities(sql, what.entities, orphans, titles);
          const performers = forgetPerformers(sql, what.performerIds, orphans, titles);
          const lines = forgetContributed(sql, what.stashIds ?? []);
          if (orphans.length > 0) crops.addOrphans([...new Set(orphans)]);
          if (entities + performers + lines > 0) {
            forgetTitles(sql, titles);
            // As `store.state` keeps it.
            sql.run(`INSERT OR REPLACE INTO state (key, value) VALUES (?, '{"value":true}')`, SCRUB_DUE);
          }
          return { entities, performers };
        },
        { durable: true },
      );
    },

    async scrub() {
      const isDue = await database.read(
        (sql) => sql.get('SELECT 1 FROM state WHERE key = ?', SCRUB_DUE) !== undefined,
      );
      if (!isDue) return { shrunk: true };
      await crops.open();
      const folder = path.dirname(database.file);
      dropScratch(folder);
      dropGalleryFiles(folder);
      deleteBackups([database.file, crops.file]);
      const shrunk = [await database.read((sql) => vacuum(sql, leases.renew)), await crops.shrink()];
      // Deleted content is zeros in the files already; a log that a reader holds is emptied the next time.
      if (shrunk.every(Boolean))
        await database.write((sql) => void sql.run('DELETE FROM state WHERE key = ?', SCRUB_DUE), {
          durable: true,
        });
      return { shrunk: shrunk.every(Boolean) };
    },
  };
}

/** Shorter titles are looked for as a whole value of a message, not as a part of one. */
const PART_FROM_LENGTH = 4;

/** The messages of ended runs can contain titles and names. */
function forgetTitles(sql: Connection, titles: readonly string[]): void {
  const isNamed = (text: string): boolean =>
    titles.some(
      (title) =>
        title !== '' && (text === title || (title.length >= PART_FROM_LENGTH && text.includes(title))),
    );
  for (const row of sql.all(`SELECT id, message FROM runs WHERE state <> 'running' AND message <> ''`))
    if (textsIn(messageFromText(String(row['message']))).some(isNamed))
      sql.run(`UPDATE runs SET message = '' WHERE id = ?`, Number(row['id']));
}

function textsIn({ values = {} }: Message): string[] {
  return Object.values(values).flatMap((value) => {
    if (typeof value === 'object') return textsIn(value);
    return typeof value === 'string' ? [value] : [];
  });
}
