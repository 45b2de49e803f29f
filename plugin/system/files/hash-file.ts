import { createHash } from 'node:crypto';
import { openRegularFile } from './regular-file.ts';

/**
SHA-256 of a file in hex. Follows links.
@throws NotRegularFile; the system's error when the file cannot be read completely
*/
export async function sha256OfFile(file: string): Promise<string> {
  const { handle } = await openRegularFile(file);
  const hash = createHash('sha256');
  // The stream closes the handle.
  for await (const chunk of handle.createReadStream()) hash.update(chunk as Buffer);
  return hash.digest('hex');
}
