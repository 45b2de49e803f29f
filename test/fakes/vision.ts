/**
A vision for tests that are not about finding faces: a "picture" is a text that names who is in it, such as `1 2` (the
persons along axes 1 and 2), and a video file and its cover hold the same. `broken` cannot be read.
*/
import { readFile } from 'node:fs/promises';
import { StashSenseError } from '../../core/errors.ts';
import { plain } from '../../core/messages/message.ts';
import type { Face, RgbImage } from '../../core/faces/face.ts';
import type { ObservationWithCrops, ObservedFace } from '../../core/faces/observation.ts';
import { PARTIAL_OBSERVATION, SAMPLING_VERSION } from '../../core/faces/observation.ts';
import type { ContentId } from '../../core/content-id.ts';
import { createExactIndex } from '../../models/index/exact.ts';
import { createQuantizedSearch } from '../../models/index/quantized.ts';
import type { FacePipeline, Vision } from '../../tasks/runs/task.ts';
import { CALIBRATION } from '../fixtures/calibration.ts';
import { aPerson, aVector, closedVision, PACK } from './context.ts';

export type FakeVision = Vision & {
  /** Names of the decoded files, in order. */
  readonly looked: string[];
};

export function fakeVision({
  workMs = 0,
  now = () => 1_700_000_000_000,
}: { workMs?: number; now?: () => number } = {}): FakeVision {
  const looked: string[] = [];
  const look = async (
    name: string,
    text: string,
    contentId: ContentId,
    isVideo: boolean,
    cover = '',
  ): Promise<ObservationWithCrops> => {
    looked.push(name);
    if (workMs > 0) await new Promise((resolve) => setTimeout(resolve, workMs));
    if (text.startsWith('broken'))
      throw new StashSenseError('unreadable-media', plain(`${name} is damaged.`));
    const inFilm = axesOf(text);
    const axes = [...inFilm, ...axesOf(cover).filter((axis) => !inFilm.includes(axis))];
    return {
      observation: {
        contentId,
        media: isVideo ? 'video' : 'picture',
        sizeBytes: text.length,
        durationMs: isVideo ? 60_000 : null,
        packId: PACK,
        samplingVersion: SAMPLING_VERSION,
        frameCount: 1,
        persons: axes.map((axis, key) =>
          aPerson(key, {
            template: aVector(axis),
            exemplars: [aVector(axis)],
            ...(key >= inFilm.length && { faces: [COVER_FACE] }),
          }),
        ),
        observedAt: now(),
      },
      crops: axes.map((_, key) => ({
        ...CROP,
        personKey: key,
        rank: 0,
        timeMs: isVideo && key < inFilm.length ? 1000 : null,
      })),
    };
  };
  const open: FacePipeline = {
    analyzer: {
      packId: PACK,
      dimensions: 8,
      calibration: CALIBRATION,
      engine: 'fake cpu',
      analyze: (image) => Promise.resolve(axesOf(textOf(image)).map(toFace)),
      find: async (image) =>
        (await open.analyzer.analyze(image)).map(({ embedding, ...face }) => ({
          ...face,
          embed: () => Promise.resolve(embedding),
        })),
      close: () => Promise.resolve(),
    },
    codec: {
      name: 'sharp',
      decodeFrames: async (bytes, maxSide) => [await open.codec.decode(bytes, maxSide)],
      decode: (bytes) => {
        const text = Buffer.from(bytes).toString('utf8');
        looked.push(`picture ${text}`);
        if (text.startsWith('broken'))
          return Promise.reject(new StashSenseError('unreadable-media', plain('This is no picture.')));
        return Promise.resolve({ width: text.length, height: 1, data: new Uint8Array(bytes) });
      },
      encodeJpeg: () => Promise.resolve(CROP.jpeg),
    },
    observeVideo: async (video) => {
      video.report?.(0.5, plain('Half'));
      return await look(
        video.path,
        await readFile(video.path, 'utf8'),
        video.contentId,
        true,
        coverText(video.cover),
      );
    },
    observeFrame: async ({ path, contentId, timeMs }) => {
      const { observation, crops } = await look(path, await readFile(path, 'utf8'), contentId, true);
      const pointedAt = (face: ObservedFace): ObservedFace => ({ ...face, timeMs, pointedAt: true });
      const persons = observation.persons.map((one) => ({ ...one, faces: one.faces.map(pointedAt) }));
      return { observation: { ...observation, samplingVersion: PARTIAL_OBSERVATION, persons }, crops };
    },
    observePicture: async ({ bytes, contentId }) => {
      const text = Buffer.from(bytes).toString('utf8');
      return await look(`picture ${text}`, text, contentId, false);
    },
    crop: () => Promise.resolve(CROP),
  };
  return {
    ...closedVision,
    looked,
    open: () => Promise.resolve(open),
    openForPictures: () => Promise.resolve(open),
    createIndex: (dimensions) => Promise.resolve(createExactIndex(dimensions)),
    createRowSearch: (vectors) => Promise.resolve(createQuantizedSearch(vectors)),
    createPlainRowSearch: (vectors) => createQuantizedSearch(vectors),
    selfTest: () => Promise.resolve({ ok: true, message: plain('As it should be.') }),
  };
}

function coverText(cover: Uint8Array | null | undefined): string {
  return cover == null ? '' : Buffer.from(cover).toString('utf8');
}

function textOf({ data }: RgbImage): string {
  return Buffer.from(data).toString('utf8');
}

function axesOf(text: string): number[] {
  return [...text.matchAll(/\d+/g)].map(([it]) => Number(it));
}

const LANDMARKS = [
  { x: 0, y: 0 },
  { x: 1, y: 0 },
  { x: 2, y: 0 },
  { x: 0, y: 1 },
  { x: 1, y: 1 },
] as const;
const COVER_FACE = { ...aPerson(0).faces[0]!, timeMs: null, fromCover: true } as const;
const CROP = { jpeg: Uint8Array.of(255, 216, 255), width: 3, height: 4, landmarks: LANDMARKS };

function toFace(axis: number): Face {
  return {
    box: { x: 0, y: 0, width: 100, height: 120 },
    score: 0.99,
    landmarks: LANDMARKS,
    quality: { overall: 0.8, sizePx: 100, sharpness: 0.8, yaw: 0, roll: 0, detector: 0.99 },
    embedding: aVector(axis),
  };
}
