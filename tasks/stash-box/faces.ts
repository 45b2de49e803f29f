/** Compares the faces of performers with those of performers of one stash-box. */
import { similarity } from '../../core/faces/embedding.ts';
import type { Embedding } from '../../core/faces/face.ts';
import { logLikelihoodRatio } from '../../core/matching/likelihood.ts';
import { dequantizedRow } from '../../core/matching/quantize.ts';
import { centreOf } from '../../core/people/centre.ts';
import type { Reference } from '../../core/people/person.ts';
import type { OpenReferencePack } from '../../core/ports/reference-packs.ts';
import type { BoxPerformer, StashBoxClient } from '../../core/ports/stash-box.ts';
import { candidateImages } from '../../core/reference-packs/candidate-images.ts';
import { pooled } from '../../core/reference-packs/good-references.ts';
import { keyOfStashId, type PackPerson } from '../../core/reference-packs/reference-pack.ts';
import { idsOfBox } from '../../core/changes/values.ts';
import type { StashIdValue } from '../../core/changes/change.ts';
import type { LinkSign } from '../../core/stash-box/signs.ts';
import { createDownloads } from '../reference-packs/build/downloads.ts';
import { lookAtPerson, type LookParts } from '../reference-packs/build/look.ts';
import { embeddingOf } from '../reference-packs/build/templates/own-references.ts';
import type { Context } from '../runs/task.ts';

/** One face that stands for somebody of the stash-box. */
type Template = {
  readonly embedding: Embedding;
  readonly quality: number;
  readonly references: number;
};
export type FaceFound = {
  /** Null: there is nothing to compare. */
  readonly face: LinkSign | null;
  /** The picture of the stash-box that shows them best. */
  readonly imageId: string | null;
};

/** The people of reference packs who are of this stash-box. */
export type BoxFaces = {
  /** The ids of those who look like this. */
  nearest(references: readonly Reference[]): Promise<readonly string[]>;
  /** Null: no pack has them. */
  compare(references: readonly Reference[], boxId: string): FaceFound | null;
  /** The ids here of who has this id of another stash-box, as the packs join them. */
  joinedWith(stashId: StashIdValue): readonly string[];
  /** Whether a pack that joins these two says why. */
  showsJoin(stashId: StashIdValue, boxId: string): boolean;
};

/** Nearest people of a pack who are looked at: the person is among the first, if at all. */
const NEAREST = 6;
/** Below this nobody is a candidate by the face alone. */
const MIN_WEIGHT = 4;
/** One comparison of faces says no more than this. */
const MOST = 14;
const LEAST = -6;
/** Of each candidate of whom no pack has a face. */
const MAX_PICTURES = 3;

export async function openBoxFaces(
  { referencePacks, vision }: Pick<Context, 'referencePacks' | 'vision'>,
  endpoint: string,
): Promise<BoxFaces> {
  const packs = (await referencePacks.open()).filter((pack) => pack.endpoints.includes(endpoint));
  const searches = await Promise.all(packs.map((pack) => vision.createRowSearch(pack.vectors, 'few probes')));
  const idsOf = (person: PackPerson | null): string[] => idsOfBox(person?.stashIds ?? [], endpoint);
  const compareRow = (
    references: readonly Reference[],
    pack: OpenReferencePack,
    row: number,
  ): LinkSign | null => {
    const embedding = dequantizedRow(pack.vectors, row);
    if (embedding === null) return null;
    return compareFaces(
      references,
      { embedding, quality: pack.quality(row), references: pack.references(row) },
      vision.calibration.matching.likelihood,
    );
  };

  return {
    async nearest(references) {
      const centre = centreOf({ references });
      if (centre === null) return [];
      const found = new Set<string>();
      for (const [n, pack] of packs.entries()) {
        const [near = []] = (await searches[n]?.search([centre], NEAREST)) ?? [];
        for (const { row } of near) {
          const sign = compareRow(references, pack, row);
          if (sign !== null && sign.weight >= MIN_WEIGHT)
            for (const id of idsOf(pack.person(row))) found.add(id);
        }
      }
      return [...found];
    },

    compare(references, boxId) {
      let best: FaceFound | null = null;
      for (const pack of packs)
        for (const row of pack.rowsWith({ endpoint, stashId: boxId })) {
          const face = compareRow(references, pack, row);
          if (best !== null && (best.face?.weight ?? LEAST) >= (face?.weight ?? LEAST)) continue;
          const picture = pack.person(row)?.picture ?? null;
          best = { face, imageId: picture?.endpoint === endpoint ? picture.imageId : null };
        }
      return best;
    },

    joinedWith: (stashId) => [
      ...new Set(packs.flatMap((pack) => pack.rowsWith(stashId).flatMap((row) => idsOf(pack.person(row))))),
    ],

    showsJoin: (stashId, boxId) =>
      packs.some((pack) =>
        pack.rowsWith(stashId).some((row) => {
          const joined = pack.person(row)?.joins?.flatMap(({ one, other }) => [one, other]) ?? [];
          const keys = new Set(joined.map(keyOfStashId));
          return keys.has(keyOfStashId(stashId)) && keys.has(keyOfStashId({ endpoint, stashId: boxId }));
        }),
      ),
  };
}

/** Fetches a few pictures of somebody and compares them. Null: none shows a good face. */
export async function compareWithPictures(
  context: LookParts & Pick<Context, 'vision'>,
  client: Pick<StashBoxClient, 'picture'>,
  references: readonly Reference[],
  { images }: BoxPerformer,
): Promise<FaceFound | null> {
  const { vision } = context;
  const fetched = await createDownloads(client).take(candidateImages(images, MAX_PICTURES), 'is left out');
  const added = await vision.addedBy(vision.packId);
  const seen = await lookAtPerson(context, fetched, { addsEmbedders: added !== null, keepCrops: false });
  const pool = pooled(
    seen.flatMap(({ imageId, face }) => {
      const embedding =
        face === null ? null : embeddingOf(face.embeddings, vision.seenBy.packId, added?.fusion ?? null);
      return face === null || embedding === null ? [] : [{ imageId, quality: face.quality, embedding }];
    }),
    MAX_PICTURES,
  );
  if (pool === null) return null;
  const { template, quality, references: count, bestImageId } = pool;
  const face = compareFaces(
    references,
    { embedding: template, quality, references: count },
    vision.calibration.matching.likelihood,
  );
  return face && { face, imageId: bestImageId };
}

/** As a cluster of a film is compared with a performer: by the nearest reference, or their mean. */
function compareFaces(
  references: readonly Reference[],
  theirs: Template,
  likelihood: Parameters<typeof logLikelihoodRatio>[1],
): LinkSign | null {
  const centre = centreOf({ references });
  let [best] = references;
  if (best === undefined || centre === null) return null;
  let nearest = -1;
  for (const reference of references) {
    const value = similarity(reference.embedding, theirs.embedding);
    if (value > nearest) [best, nearest] = [reference, value];
  }
  const most = Math.max(nearest, similarity(centre, theirs.embedding));
  const ratio = logLikelihoodRatio(
    {
      similarity: most,
      probeQuality: theirs.quality,
      faces: theirs.references,
      referenceQuality: best.quality,
      references: references.length,
    },
    likelihood,
  );
  const weight = Math.min(MOST, Math.max(LEAST, ratio));
  return { sign: 'face', weight, mine: most.toFixed(3), theirs: '' };
}
