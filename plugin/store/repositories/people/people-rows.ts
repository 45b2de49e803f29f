import { z } from 'zod';
import {
  REFERENCE_STATES,
  type ReferencePicture,
  type ReferenceState,
  type StoredReference,
} from '../../../../core/ports/people.ts';
import type { StashPerformer } from '../../../../core/ports/library.ts';
import { fromVectorBytes } from '../../codecs/bytes.ts';
import type { Row } from '../../sqlite/database.ts';

export function toReferenceState(value: unknown): ReferenceState {
  return State.parse(value);
}

const State = z.enum(REFERENCE_STATES);
const ReferenceRow = z.object({
  id: z.int(),
  performer_id: z.string(),
  source: z.enum(['profile', 'image', 'confirmed']),
  source_key: z.string(),
  revision: z.string(),
  content_hash: z.string(),
  pack_id: z.string(),
  state: State,
  quality: z.number(),
  crops_id: z.int().nullable(),
  embedding: z.instanceof(Uint8Array).nullable(),
});

export function toReference(row: Row): Omit<StoredReference, 'crop'> & { cropsId: number | null } {
  const parsed = ReferenceRow.parse(row);
  return {
    id: String(parsed.id),
    performerId: parsed.performer_id,
    source: parsed.source,
    sourceKey: parsed.source_key,
    revision: parsed.revision,
    contentHash: parsed.content_hash,
    packId: parsed.pack_id,
    state: parsed.state,
    embedding: parsed.embedding && fromVectorBytes(parsed.embedding),
    quality: parsed.quality,
    cropsId: parsed.crops_id,
  };
}

export function toPicture(row: Row): ReferencePicture {
  const parsed = PictureRow.parse(row);
  return {
    id: String(parsed.id),
    performerId: parsed.performer_id,
    source: parsed.source,
    sourceKey: parsed.source_key,
    contentHash: parsed.content_hash,
    packId: parsed.pack_id,
    state: parsed.state,
  };
}

const PictureRow = ReferenceRow.omit({ revision: true, quality: true, crops_id: true, embedding: true });

const PerformerRow = z.object({
  id: z.string(),
  name: z.string(),
  disambiguation: z.string(),
  aliases: z.string(),
  stash_ids: z.string(),
  image_path: z.string().nullable(),
});
const Aliases = z.array(z.string());
const StashIds = z.array(z.object({ endpoint: z.string(), stashId: z.string() }));

export function toPerformer(row: Row): StashPerformer {
  const parsed = PerformerRow.parse(row);
  return {
    id: parsed.id,
    name: parsed.name,
    disambiguation: parsed.disambiguation,
    aliases: Aliases.parse(JSON.parse(parsed.aliases)),
    stashIds: StashIds.parse(JSON.parse(parsed.stash_ids)),
    imagePath: parsed.image_path,
  };
}
