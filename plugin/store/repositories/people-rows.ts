import { z } from 'zod';
import type { ReferenceState, StoredReference } from '../../../core/ports/people.ts';
import type { StashPerformer } from '../../../core/ports/library.ts';
import { fromVectorBytes } from '../codecs/bytes.ts';
import type { Row } from '../sqlite/database.ts';

export function toReferenceState(value: unknown): ReferenceState {
  return State.parse(value);
}

const State = z.enum(['used', 'no-face', 'several-faces', 'drawing', 'outlier', 'unreadable', 'withdrawn']);
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
  const it = ReferenceRow.parse(row);
  return {
    id: String(it.id),
    performerId: it.performer_id,
    source: it.source,
    sourceKey: it.source_key,
    revision: it.revision,
    contentHash: it.content_hash,
    packId: it.pack_id,
    state: it.state,
    embedding: it.embedding && fromVectorBytes(it.embedding),
    quality: it.quality,
    cropsId: it.crops_id,
  };
}

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
  const it = PerformerRow.parse(row);
  return {
    id: it.id,
    name: it.name,
    disambiguation: it.disambiguation,
    aliases: Aliases.parse(JSON.parse(it.aliases)),
    stashIds: StashIds.parse(JSON.parse(it.stash_ids)),
    imagePath: it.image_path,
  };
}
