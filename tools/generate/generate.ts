/** Writes the generated files of the source tree anew: `npm run generate`. */
import { writeFileSync } from 'node:fs';
import { GENERATED, missingSchemas } from './documents.ts';

const missing = missingSchemas();
if (missing !== null) {
  console.error(missing);
  process.exitCode = 1;
} else
  for (const [file, make] of Object.entries(GENERATED)) {
    writeFileSync(file, await make());
    console.log(file);
  }
