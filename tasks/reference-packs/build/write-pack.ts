import { say } from '../../../core/messages/english.ts';
import type { AddedEmbeddings, Embedding } from '../../../core/faces/face.ts';
import { fuse, type Fusion } from '../../../core/packs/fusion.ts';
import { message } from '../../../core/messages/message.ts';
import type { LookedAtMember } from '../../../core/ports/boxes/box-people.ts';
import type { PackEntry } from '../../../core/ports/reference-packs.ts';
import { toPackPerson } from '../../../core/reference-packs/box-person.ts';
import type { BuildRequest } from '../../../core/reference-packs/build.ts';
import type { JoinedPerson } from '../../../core/reference-packs/join-people.ts';
import { pooled } from '../../../core/reference-packs/good-references.ts';
import type { ReferencePackManifest } from '../../../core/reference-packs/reference-pack.ts';
import type { Context, Slice } from '../../runs/task.ts';
import type { LeftOut } from './library-ids.ts';

/** Largest number of references that the template of a person is made of. */
const MAX_REFERENCES = 6;
const PAGE = 200;

export type WriteParts = Pick<Context, 'store' | 'vision' | 'referencePacks' | 'now' | 'version'>;

/**
Writes the pack from what is stored, in the order of the ids: what was interrupted gives the same bytes as what was not. It does
not yield, since it would have to begin anew.
*/
export async function writePack(
  context: WriteParts,
  slice: Slice,
  request: Pick<BuildRequest, 'packId' | 'endpoint' | 'scope' | 'listedAt'>,
  { boxName, fusion, leftOut }: { boxName: string; fusion: Fusion | null; leftOut: LeftOut },
): Promise<ReferencePackManifest> {
  const { vision, referencePacks, now } = context;
  slice.progress.step(message('runs.step.boxWriting'));
  const { packId: id, endpoint, scope } = request;
  const at = new Date(now()).toISOString();
  const seenBy = vision.seenBy.packId;
  const manifest = {
    id,
    name: say(`referencePacks.name.${scope}`, { box: boxName }),
    version: await nextVersion(context, id),
    builtAt: at,
    facePack: vision.packId,
    embedders: [seenBy, ...(fusion?.adds.map(({ embedder }) => embedder) ?? [])],
    sources: [{ endpoint, name: boxName, readAt: new Date(request.listedAt).toISOString() }],
    pluginVersion: context.version,
    licenseNote: say('referencePacks.licenseNote', { endpoint }),
  };
  return await referencePacks.write(manifest, entriesOf(context, slice, request, { fusion, leftOut }));
}

/** The number behind that of the pack it replaces. */
async function nextVersion({ referencePacks }: Pick<Context, 'referencePacks'>, id: string): Promise<string> {
  const before = (await referencePacks.list()).find((pack) => pack.id === id)?.manifest?.version;
  return String((Number.parseInt(before ?? '0', 10) || 0) + 1);
}

async function* entriesOf(
  { store, vision }: Pick<Context, 'store' | 'vision'>,
  slice: Slice,
  { packId, endpoint }: Pick<BuildRequest, 'packId' | 'endpoint'>,
  { fusion, leftOut }: { fusion: Fusion | null; leftOut: LeftOut },
): AsyncGenerator<PackEntry> {
  const people = await store.boxPeople.countMembers(packId);
  const joined = await store.boxPeople.joined();
  let written = 0;
  for (let after = ''; ;) {
    const page = await store.boxPeople.lookedAt(packId, after, PAGE);
    const last = page.at(-1);
    if (last === undefined) return;
    after = last.performer.id;
    for (const member of page) {
      const person = joined.get(member.number) ?? null;
      const entry = leftOut(member.performer.id)
        ? null
        : toEntry(endpoint, member, person, vision.seenBy.packId, fusion);
      if (entry !== null) yield entry;
    }
    written += page.length;
    slice.progress.say(message('referencePacks.build.isWriting', { written, people }));
  }
}

/** Null: there is no good picture of them, or none that this face pack has seen. */
function toEntry(
  endpoint: string,
  { performer, pictures }: LookedAtMember,
  joined: JoinedPerson | null,
  seenBy: string,
  fusion: Fusion | null,
): PackEntry | null {
  const pool = poolOf(pictures, seenBy, fusion);
  if (pool === null) return null;
  const { template, quality, references: count, bestImageId } = pool;
  const person = toPackPerson(endpoint, performer, bestImageId, joined);
  return { person, template, quality, references: count };
}

/** The good pictures of somebody as one template. Null: there is none, or none that this face pack has seen. */
export function poolOf(
  pictures: LookedAtMember['pictures'],
  seenBy: string,
  fusion: Fusion | null,
): ReturnType<typeof pooled> {
  const references = pictures.flatMap(({ imageId, state, face }) => {
    const embedding = state === 'used' && face !== null ? embeddingOf(face.embeddings, seenBy, fusion) : null;
    return embedding === null || face === null ? [] : [{ imageId, quality: face.quality, embedding }];
  });
  return pooled(references, MAX_REFERENCES);
}

export function embeddingOf(
  embeddings: AddedEmbeddings,
  seenBy: string,
  fusion: Fusion | null,
): Embedding | null {
  const own = embeddings[seenBy];
  if (own === undefined) return null;
  return fusion === null ? own : fuse(own, embeddings, fusion);
}
