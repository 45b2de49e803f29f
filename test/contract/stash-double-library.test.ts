/** The double takes in folders, large libraries and packages as Stash does. */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import path from 'node:path';
import { test } from 'node:test';
import { strToU8, zipSync } from 'fflate';
import { npmFfmpeg, npmFfprobe } from '../fixtures/footage.ts';
import { startedDouble } from './started-double.ts';

test('a folder is scanned as Stash scans it: films, pictures, a zip as a gallery, copies, what cannot be read', async (t) => {
  const { double } = await startedDouble(t);
  const media = path.join(double.configDir, '../media & more');
  mkdirSync(media, { recursive: true });
  double.config.ffmpegPath = npmFfmpeg;
  double.config.ffprobePath = npmFfprobe;
  make('-t', '2', path.join(media, 'film.mp4'));
  writeFileSync(path.join(media, 'copy of film.mp4'), readFileSync(path.join(media, 'film.mp4')));
  make('-frames:v', '1', path.join(media, 'picture.png'));
  writeFileSync(path.join(media, 'broken.mp4'), 'no film');
  const picture = readFileSync(path.join(media, 'picture.png'));
  const other = Buffer.concat([picture, Buffer.from('x')]);
  writeFileSync(path.join(media, 'set.zip'), zipSync({ 'a/1.png': picture, 'b.png': other, 'c.png': other }));

  await double.scan([media], { covers: true });
  const { scenes, images, galleries, files } = double.library;
  assert.equal(scenes.size, 1);
  assert.equal(scenes.get('1')?.fileIds.length, 2);
  assert.equal(images.size, 2);
  assert.equal(galleries.size, 1);
  assert.deepEqual(
    images
      .all()
      .map((it) => [it.fileIds.map((id) => path.relative(media, files.get(id)!.path)), it.galleryIds.length]),
    [
      [['picture.png', 'set.zip/a/1.png'], 1],
      [['set.zip/b.png'], 1],
    ],
  );
  assert.ok(double.log.some((it) => it.level === 'Error' && it.message.includes('broken.mp4')));
  const cover = await fetch(`${double.url}/scene/1/screenshot?t=1`);
  assert.equal(cover.headers.get('content-type'), 'image/jpeg');
  const inZip = await fetch(`${double.url}/image/2/image`);
  assert.deepEqual(Buffer.from(await inZip.arrayBuffer()), other);
  const part = await fetch(`${double.url}/scene/1/stream`, { headers: { Range: 'bytes=0-3' } });
  assert.deepEqual([part.status, part.headers.get('content-length')], [206, '4']);

  await double.scan([media]);
  assert.deepEqual([scenes.size, images.size], [1, 2]);
});

test('a picture whose file is gone is a 500 with the reason, its thumbnail a drawing', async (t) => {
  const { double } = await startedDouble(t);
  const file = double.library.addFile({ kind: 'image', path: '/gone/a.jpg' });
  const image = double.library.addImage({ fileIds: [file.id] });
  const picture = await fetch(`${double.url}/image/${image.id}/image`);
  assert.deepEqual(
    [picture.status, await picture.text()],
    [500, 'open /gone/a.jpg: no such file or directory\n'],
  );
  const thumbnail = await fetch(`${double.url}/image/${image.id}/thumbnail`);
  assert.equal(thumbnail.headers.get('content-type'), 'image/svg+xml');
});

test('twenty thousand scenes are held and paged', async (t) => {
  const { double, ask } = await startedDouble(t);
  for (let i = 0; i < 20_000; i++) {
    const file = double.library.addFile({ kind: 'video', path: `/media/${i}.mp4` });
    double.library.addScene({ fileIds: [file.id] });
  }
  const { data } = await ask<{ findScenes: { count: number; scenes: { id: string }[] } }>(
    '{ findScenes(scene_filter: { id: { value: 19000, modifier: GREATER_THAN }, is_missing: "performers" }, filter: { per_page: 100, sort: "id" }) { count scenes { id files { path } } } }',
  );
  assert.deepEqual(
    [data.findScenes.count, data.findScenes.scenes[0]?.id, data.findScenes.scenes.length],
    [1000, '19001', 100],
  );
});

test('a package is installed from its index, replaced by a newer one, and taken away with all its files', async (t) => {
  const { double, ask } = await startedDouble(t);
  let zip = zipSync({ 'added.yml': strToU8('name: Added\nexec: [sh]\n'), 'old/file.txt': strToU8('old') });
  const index = () =>
    `- id: added\n  name: Added\n  version: '1'\n  date: 2026-01-02 03:04:05\n  path: added.zip\n  sha256: ${createHash('sha256').update(zip).digest('hex')}\n  requires: [other]\n- id: other\n  name: Other\n  version: '1'\n  date: 2026-01-02 03:04:05\n  path: other.zip\n  sha256: bad\n`;
  const server = createServer((request, response) =>
    response.end(request.url === '/index.yml' ? index() : zip),
  );
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  t.after(() => server.close());
  const { port } = server.address() as { port: number };
  const url = `http://127.0.0.1:${port}/index.yml`;
  double.config.pluginPackageSources = [{ name: 'mine', url, local_path: 'mine' }];

  const { data } = await ask(
    'query($u: String!) { availablePackages(type: Plugin, source: $u) { package_id requires { package_id } } }',
    { u: url },
  );
  assert.deepEqual(data, {
    availablePackages: [
      { package_id: 'added', requires: [{ package_id: 'other' }] },
      { package_id: 'other', requires: [] },
    ],
  });
  const change = async (what: 'installPackages' | 'uninstallPackages', id: string) => {
    await ask(`mutation($p: [PackageSpecInput!]!) { ${what}(type: Plugin, packages: $p) }`, {
      p: [{ id, sourceURL: url }],
    });
    await double.idle();
  };
  const folder = path.join(double.configDir, 'plugins/mine/added');
  await change('installPackages', 'added');
  assert.ok(existsSync(path.join(folder, 'old/file.txt')));
  assert.match(readFileSync(path.join(folder, 'manifest'), 'utf8'), new RegExp(`source_repository: ${url}`));
  const ids = async () =>
    (await ask<{ plugins: { id: string }[] }>('{ plugins { id } }')).data.plugins.map((it) => it.id);
  assert.deepEqual(await ids(), ['added', 'no-exec', 'stash-sense']);

  writeFileSync(path.join(folder, 'own data.txt'), 'kept');
  zip = zipSync({ 'added.yml': strToU8('name: Added\nexec: [sh]\n') });
  await change('installPackages', 'added');
  assert.deepEqual(
    [existsSync(path.join(folder, 'old')), existsSync(path.join(folder, 'own data.txt'))],
    [false, true],
  );

  await change('installPackages', 'other');
  assert.ok(double.log.some((it) => it.message.includes('sha256 differs')));
  await change('uninstallPackages', 'added');
  assert.deepEqual(
    [await ids(), existsSync(path.join(folder, 'own data.txt'))],
    [['no-exec', 'stash-sense'], true],
  );
});

function make(...args: string[]): void {
  execFileSync(npmFfmpeg, ['-v', 'error', '-f', 'lavfi', '-i', 'testsrc=size=64x48:rate=5', ...args]);
}
