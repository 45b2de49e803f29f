import type { CropFile } from './crop-file.ts';
import type { Connection, Database } from './database.ts';

/** A write of the main file that can add or delete crops. */
export async function writeWithCrops<T>(
  database: Database,
  crops: CropFile,
  work: (sql: Connection) => T,
  options?: { durable?: boolean },
): Promise<T> {
  await crops.open();
  try {
    return await database.write(work, options);
  } finally {
    await database.onTransactionEnd(() => crops.collectOrphans());
  }
}
