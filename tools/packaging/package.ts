/**
`npm run package`: what a user installs, in dist/, byte-identical for the same commit. With a channel, also what is fetched later:

  --channel DIR      makes the folder to publish: index, packages, channel.json and the compiled packages for every platform
  --channel-url URL  where that folder will be; without it the plugin looks beside the index it was installed from
  --tag TAG          refuses to go on unless this is the tag of package.json's version, `v1.2.3`
  --with-node DIR    Node's own archives, for "Install Node"
  --with-cuda DIR    DIR/<platform>/…: archives with onnxruntime's CUDA provider and NVIDIA's libraries
*/
import { execFileSync } from 'node:child_process';
import { copyFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { catalog } from '../../models/catalog/catalog.ts';
import { bakeInto, writeChannel } from './channel.ts';
import { createPackageSource } from './channel-packages.ts';
import { writePackages } from './packages.ts';
import { writeSamplePeople } from './sample-people.ts';
import { versionOfPackage, versionOfSources } from './version.ts';

const root = path.join(path.dirname(fileURLToPath(import.meta.url)), '../..');
const dist = path.join(root, 'dist');
const { values: wanted } = parseArgs({
  options: {
    channel: { type: 'string' },
    'channel-url': { type: 'string' },
    tag: { type: 'string' },
    'with-node': { type: 'string' },
    'with-cuda': { type: 'string' },
  },
});

const version = versionOfSources(root);
const full = versionOfPackage(root);
const date = new Date(Number(process.env['SOURCE_DATE_EPOCH'] ?? git('log', '-1', '--format=%ct')) * 1000);

if (wanted.tag !== undefined && wanted.tag !== `v${version}`)
  throw new Error(
    `The tag is ${wanted.tag} and package.json says ${version}: tag v${version}, or change the version first.`,
  );

const channelUrl = wanted['channel-url'];
if (channelUrl !== undefined && !/^https?:\/\/[^@?#]+$/.test(channelUrl))
  throw new Error(`--channel-url is ${channelUrl} and must be a plain http(s) address of a folder.`);
if (wanted.channel === undefined && (wanted['with-node'] ?? wanted['with-cuda']) !== undefined)
  throw new Error('--with-node and --with-cuda put archives into a channel: name its folder with --channel.');

if (wanted.channel !== undefined)
  bakeInto(
    path.join(dist, 'stash-sense'),
    await writeChannel({
      out: path.resolve(wanted.channel),
      version: full,
      packages: createPackageSource(path.join(root, 'package-lock.json')),
      weights: path.join(dist, 'stash-sense-faces'),
      models: catalog.models,
      withNode: wanted['with-node'],
      withCuda: wanted['with-cuda'],
      channelUrl,
      say: (line) => console.log(line),
    }),
  );
else if (channelUrl !== undefined)
  bakeInto(path.join(dist, 'stash-sense'), { format: 1, channelUrl, artifacts: [] });

await writeSamplePeople(dist, date);
for (const { id, zip, bytes } of writePackages({ built: dist, out: dist, version: full, date })) {
  if (wanted.channel !== undefined) copyFileSync(zip, path.join(wanted.channel, path.basename(zip)));
  console.log(`${id}.zip  ${(bytes / 1e6).toFixed(2)} MB`);
}
if (wanted.channel !== undefined)
  copyFileSync(path.join(dist, 'index.yml'), path.join(wanted.channel, 'index.yml'));
console.log(`index.yml  ${full}`);

function git(...args: string[]): string {
  return execFileSync('git', args, { cwd: root, encoding: 'utf8' }).trim();
}
