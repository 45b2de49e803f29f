import { z } from 'zod';
import type { ComputedPhashes } from '../../../../core/ports/boxes/phashes.ts';
import type { Database } from '../../sqlite/database.ts';

export function createComputedPhashes(database: Database): ComputedPhashes {
  return {
    get: ({ contentId, durationMs }) =>
      database.read((sql) => {
        const row = sql.get(
          'SELECT phash FROM computed_phashes WHERE content_id = ? AND duration_ms = ?',
          contentId,
          durationMs,
        );
        return row && Row.parse(row).phash;
      }),

    put: ({ contentId, durationMs }, phash) =>
      database.write((sql) => {
        sql.run(
          'INSERT OR REPLACE INTO computed_phashes (content_id, duration_ms, phash) VALUES (?, ?, ?)',
          contentId,
          durationMs,
          phash,
        );
      }),
  };
}

const Row = z.object({ phash: z.string().nullable() });
