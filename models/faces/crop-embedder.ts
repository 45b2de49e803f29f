import { alignFace } from '../../core/faces/alignment.ts';
import { toUnit } from '../../core/faces/embedding.ts';
import type { AddedEmbeddings, FaceCrop } from '../../core/faces/face.ts';
import type { CropEmbedder, Engine, ImageCodec, Session } from '../../core/ports/vision.ts';
import type { FacePack } from '../catalog/catalog.ts';
import { createPyramid } from '../images/resample.ts';
import { ADAPTERS, adapterOf } from './adapters.ts';
import { alignedCrop } from './reader.ts';
import type { Adapters, FaceEmbedder } from './roles.ts';

/** No crop is larger (`createFaceCrop`): kept crops are read as they are. */
const MAX_SIDE = 1024;

type Opened = readonly (readonly [id: string, embedder: FaceEmbedder])[];

/** The embedders that a pack adds, opened at the first crop. */
export function createCropEmbedder({
  engine,
  pack,
  adapters = ADAPTERS,
  decode,
}: {
  readonly engine: () => Promise<Engine>;
  readonly pack: Pick<FacePack, 'adds' | 'seenBy'>;
  readonly adapters?: Adapters | undefined;
  readonly decode: ImageCodec['decode'];
}): CropEmbedder {
  const { minLuma } = pack.seenBy.calibration.reading;
  let opening: Promise<Opened> | null = null;
  let openSessions: readonly Session[] = [];

  async function open(): Promise<Opened> {
    const sessions: Session[] = [];
    const embedders: [string, FaceEmbedder][] = [];
    for (const { embedder } of pack.adds) {
      const adapt = adapterOf(adapters.embedders, embedder);
      const session = await (await engine()).open(embedder.id);
      sessions.push(session);
      embedders.push([embedder.id, adapt(session, embedder)]);
    }
    openSessions = sessions;
    return embedders;
  }

  return {
    async embed({ jpeg, landmarks }: FaceCrop): Promise<AddedEmbeddings> {
      if (pack.adds.length === 0) return {};
      // A failure is not kept: the user can install what is missing before the next call.
      const embedders = await (opening ??= open().catch((error: unknown) => {
        opening = null;
        throw error;
      }));
      const alignment = alignFace(landmarks);
      if (alignment === null) return {};
      const aligned = alignedCrop(createPyramid(await decode(jpeg, MAX_SIDE)), alignment, minLuma);
      const added: [string, NonNullable<AddedEmbeddings[string]>][] = [];
      for (const [id, embedder] of embedders) {
        const unit = toUnit(await embedder.embed(aligned));
        if (unit !== null) added.push([id, unit]);
      }
      return Object.fromEntries(added);
    },

    async close() {
      const closing = openSessions;
      [opening, openSessions] = [null, []];
      for (const session of closing) await session.close();
    },
  };
}
