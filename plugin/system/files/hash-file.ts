import { createHash } from 'node:crypto';
import { openRegularFile } from './regular-file.ts';

/**
In hex. Links are followed.
@throws NotRegularFile; the system's error when it cannot be read to its end
*/
export async function sha256OfFile(file: string): Promise<string> {
  const { handle } = await openRegularFile(file);
  const hash = createHash('sha256');
  // The stream closes the handle.
  for await (const chunk of handle.createReadStream()) hash.update(chunk as Buffer);
  return hash.digest('hex');
}
