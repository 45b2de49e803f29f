import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';

/** In hex. @throws the system's error when it cannot be read to its end */
export async function sha256OfFile(file: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(file)) hash.update(chunk as Buffer);
  return hash.digest('hex');
}
