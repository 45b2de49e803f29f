/** Stash's scan and clean: from files on disk to rows. What ffprobe cannot read gets no row, only a line in the log. */
import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import { unzipSync } from 'fflate';
import { computeOshash } from '../../../plugin/media/hashes.ts';
import { fingerprint, md5, type FileRow, type LibraryData } from './data.ts';
import type { StashLog } from '../stash-log.ts';

const run = promisify(execFile);
const VIDEOS = /\.(m4v|mp4|mov|wmv|avi|mpg|mpeg|mkv|webm|flv|ts)$/i;
const IMAGES = /\.(png|jpg|jpeg|gif|webp|bmp)$/i;
const ZIPS = /\.(zip|cbz)$/i;

export type ScanOptions = { readonly covers: boolean; readonly previews: boolean };
export type ScanParts = {
  readonly data: LibraryData;
  readonly log: StashLog;
  readonly ffmpeg: () => string;
  readonly ffprobe: () => string;
  /** Where generated clips go. */
  readonly generated: () => string;
};

type Probed = Partial<FileRow>;

export async function scan(
  parts: ScanParts,
  roots: readonly string[],
  options: ScanOptions,
  onProgress: (fraction: number) => void = () => {},
): Promise<void> {
  const { data, log } = parts;
  const files = roots.flatMap(filesBelow);
  for (const [i, file] of files.entries()) {
    onProgress(i / files.length);
    if (data.files.all().some((row) => row.path === file && row.zipFileId === null)) continue;
    try {
      if (VIDEOS.test(file)) await addVideo(parts, file, options);
      else if (IMAGES.test(file)) addImage(parts, file, await probe(parts.ffprobe(), file));
      else if (ZIPS.test(file)) addZip(parts, file);
    } catch (error) {
      log.write('Error', `error processing ${file}: ${String(error).split('\n')[0]}`);
    }
  }
}

/** Rows whose file is gone, or lies in no folder of the library any more. */
export function clean(data: LibraryData, folders: readonly string[]): void {
  const isGone = (file: FileRow): boolean => {
    const place = file.zipFileId ? data.files.get(file.zipFileId)!.path : file.path;
    return (
      !existsSync(place) || !folders.some((folder) => place === folder || place.startsWith(folder + path.sep))
    );
  };
  const gone = new Set(
    data.files
      .all()
      .filter(isGone)
      .map((row) => row.id),
  );
  for (const table of [data.scenes, data.images, data.galleries])
    for (const row of table.all()) {
      const kept = row.fileIds.filter((id) => !gone.has(id));
      if (kept.length === 0 && row.fileIds.length > 0) table.delete(row.id);
      else row.fileIds = kept;
    }
  for (const id of gone) data.files.delete(id);
}

function filesBelow(root: string): string[] {
  if (statSync(root, { throwIfNoEntry: false })?.isFile()) return [root];
  if (!existsSync(root)) return [];
  return readdirSync(root, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && !entry.name.startsWith('.'))
    .map((entry) => path.join(entry.parentPath, entry.name))
    .toSorted();
}

async function addVideo(parts: ScanParts, file: string, options: ScanOptions): Promise<void> {
  const { data } = parts;
  const probed = await probe(parts.ffprobe(), file);
  const oshash = (await computeOshash(file)).slice('oshash:'.length);
  const twin = data.files
    .all()
    .find((candidate) => candidate.kind === 'video' && fingerprint(candidate, 'oshash') === oshash);
  const moved = twin && !existsSync(twin.path);
  if (moved) {
    twin.path = file;
    return;
  }
  const row = data.addFile({
    kind: 'video',
    ...statOf(file),
    ...probed,
    fingerprints: [{ type: 'oshash', value: oshash }],
  });
  const scene = twin && data.scenes.all().find((candidate) => candidate.fileIds.includes(twin.id));
  if (scene) {
    scene.fileIds.push(row.id);
    return;
  }
  data.addScene({
    fileIds: [row.id],
    cover: options.covers ? await makeCover(parts.ffmpeg(), file, row.duration) : null,
    preview: options.previews ? await makePreview(parts, file, oshash) : null,
  });
}

/** Stash: pkg/file/image/scan.go. What it cannot scale itself, such as a GIF, is a clip: a video file of an image. */
function addImage({ data }: ScanParts, file: string, probed: Probed): void {
  const isScalable = /^(png|mjpeg|webp|bmp|jpegxl)$/.test(probed.videoCodec ?? '');
  const { width = 0, height = 0 } = probed;
  const row = isScalable ? { width, height } : { kind: 'video' as const, ...probed };
  takeImage(data, readFileSync(file), { ...statOf(file), ...row });
}

/** A zip of pictures is a gallery; its pictures have the path `<zip>/<name inside>`. */
function addZip({ data }: ScanParts, file: string): void {
  const bytes = readFileSync(file);
  const checksum = md5(bytes);
  const zip = data.addFile({
    kind: 'gallery',
    ...statOf(file),
    fingerprints: [{ type: 'md5', value: checksum }],
  });
  const gallery = data.addGallery({ fileIds: [zip.id] });
  const inner = unzipSync(bytes, { filter: (info) => IMAGES.test(info.name) });
  for (const [name, content] of Object.entries(inner).toSorted(([a], [b]) => (a < b ? -1 : 1)))
    takeImage(
      data,
      content,
      { path: `${file}/${name}`, size: content.length, zipFileId: zip.id },
      gallery.id,
    );
}

/** The same picture once more is another file of the same image; within one zip it is left out. */
function takeImage(
  data: LibraryData,
  bytes: Uint8Array,
  row: Partial<FileRow> & Pick<FileRow, 'path'>,
  galleryId: string | null = null,
): void {
  const checksum = md5(bytes);
  const isSame = (id: string): boolean => fingerprint(data.files.get(id)!, 'md5') === checksum;
  const known = data.images.all().find((candidate) => candidate.fileIds.some(isSame));
  const inSameZip = (id: string): boolean =>
    row.zipFileId != null && data.files.get(id)?.zipFileId === row.zipFileId;
  if (known?.fileIds.some(inSameZip)) return;
  const file = data.addFile({ kind: 'image', fingerprints: [{ type: 'md5', value: checksum }], ...row });
  const galleryIds = galleryId === null ? [] : [galleryId];
  if (!known) data.addImage({ fileIds: [file.id], galleryIds });
  else
    Object.assign(known, {
      fileIds: [...known.fileIds, file.id],
      galleryIds: [...known.galleryIds, ...galleryIds],
    });
}

function statOf(file: string): Pick<FileRow, 'path' | 'size' | 'modTime'> {
  const { size, mtime } = statSync(file);
  return { path: file, size, modTime: mtime.toISOString().replace(/\.\d+Z$/, 'Z') };
}

type ProbeJson = {
  streams?: {
    codec_type?: string;
    codec_name?: string;
    width?: number;
    height?: number;
    avg_frame_rate?: string;
  }[];
  format?: { duration?: string; format_name?: string; bit_rate?: string };
};

async function probe(ffprobe: string, file: string): Promise<Probed> {
  const { stdout } = await run(ffprobe, [
    '-v',
    'error',
    '-print_format',
    'json',
    '-show_format',
    '-show_streams',
    file,
  ]);
  const { streams = [], format = {} } = JSON.parse(stdout) as ProbeJson;
  const video = streams.find((stream) => stream.codec_type === 'video');
  const [frames = 0, per = 1] = (video?.avg_frame_rate ?? '0/1').split('/').map(Number);
  return {
    duration: Number(format.duration ?? 0),
    width: video?.width ?? 0,
    height: video?.height ?? 0,
    videoCodec: video?.codec_name ?? '',
    audioCodec: streams.find((stream) => stream.codec_type === 'audio')?.codec_name ?? '',
    format: (format.format_name ?? '').split(',').at(-1) ?? '',
    frameRate: per > 0 ? frames / per : 0,
    bitRate: Number(format.bit_rate ?? 0),
  };
}

/** As Stash: a frame at a fifth of the film. */
async function makeCover(ffmpeg: string, file: string, durationSeconds: number): Promise<Uint8Array | null> {
  const { stdout } = await run(
    ffmpeg,
    [
      '-v',
      'error',
      '-nostdin',
      '-ss',
      String(durationSeconds * 0.2),
      '-i',
      file,
      '-frames:v',
      '1',
      '-q:v',
      '3',
      '-f',
      'image2pipe',
      '-c:v',
      'mjpeg',
      'pipe:1',
    ],
    { encoding: 'buffer', maxBuffer: 64 << 20 },
  );
  return stdout.length > 0 ? stdout : null;
}

async function makePreview(parts: ScanParts, file: string, hash: string): Promise<string | null> {
  const folder = path.join(parts.generated(), 'screenshots');
  mkdirSync(folder, { recursive: true });
  const target = path.join(folder, `${hash}.mp4`);
  await run(parts.ffmpeg(), [
    '-v',
    'error',
    '-nostdin',
    '-y',
    '-i',
    file,
    '-t',
    '6',
    '-an',
    '-vf',
    'scale=640:-2',
    '-c:v',
    'libx264',
    '-pix_fmt',
    'yuv420p',
    '-preset',
    'veryfast',
    target,
  ]);
  return target;
}
