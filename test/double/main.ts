/** `tsx test/double/main.ts FOLDER… [--port N] [--config DIR] [--plugin DIR]…`: a double with these folders scanned into it, until Ctrl-C. */
import { mkdtempSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { startStashDouble } from './stash-double.ts';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    port: { type: 'string', default: '9999' },
    config: { type: 'string' },
    plugin: { type: 'string', multiple: true, default: [] },
  },
});

const double = await startStashDouble({
  configDir: values.config ?? mkdtempSync(path.join(os.tmpdir(), 'stash-double-')),
  port: Number(values.port),
  pluginDirs: values.plugin.map((folder) => path.resolve(folder)),
});
await double.scan(
  positionals.map((positional) => path.resolve(positional)),
  { covers: true },
);
const { scenes, images, galleries } = double.library;
console.log(`${double.url}: ${scenes.size} scenes, ${images.size} images, ${galleries.size} galleries`);
console.log(`config folder: ${double.configDir}`);
for (const line of double.log) console.log(`${line.level}: ${line.message}`);

process.once('SIGINT', () => {
  void double.close();
});
