import { inEnglish, say } from '../../../core/messages/english.ts';
import type { Fusion } from '../../../core/packs/fusion.ts';
import { message } from '../../../core/messages/message.ts';
import type { LookedAtMember } from '../../../core/ports/boxes/box-people.ts';
import type { PackEntry } from '../../../core/ports/reference-packs.ts';
import { toPackPerson } from '../../../core/reference-packs/box-person.ts';
import type { BuildRequest } from '../../../core/reference-packs/build.ts';
import type { SeenFace } from '../../../core/reference-packs/good-references.ts';
import type { JoinedPerson } from '../../../core/reference-packs/join-people.ts';
import type { ReferencePackManifest } from '../../../core/reference-packs/reference-pack.ts';
import type { Context, Slice } from '../../runs/task.ts';
import { openContributed, type Contributed } from './contributed/contributed.ts';
import type { LeftOut } from './library-ids.ts';
import { ownReferences, pooledOwn, pooledWith } from './templates/own-references.ts';

const PAGE = 200;

export type WriteParts = Pick<
  Context,
  'store' | 'vision' | 'referencePacks' | 'exclusions' | 'now' | 'version' | 'log'
>;

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
  const joined = await context.store.boxPeople.joined();
  const contributed = await openContributed(context, { packId: id, fusion, leftOut, joined });
  const making = { fusion, leftOut, joined, contributed };
  const written = await referencePacks.write(manifest, entriesOf(context, slice, request, making));
  if (contributed !== null) context.log.info(inEnglish(contributed.said()));
  return written;
}

/** The number behind that of the pack it replaces. */
async function nextVersion({ referencePacks }: Pick<Context, 'referencePacks'>, id: string): Promise<string> {
  const before = (await referencePacks.list()).find((pack) => pack.id === id)?.manifest?.version;
  return String((Number.parseInt(before ?? '0', 10) || 0) + 1);
}

type Making = {
  readonly fusion: Fusion | null;
  readonly leftOut: LeftOut;
  readonly joined: ReadonlyMap<string, JoinedPerson>;
  readonly contributed: Contributed | null;
};

async function* entriesOf(
  { store, vision }: Pick<Context, 'store' | 'vision'>,
  slice: Slice,
  { packId, endpoint }: Pick<BuildRequest, 'packId' | 'endpoint'>,
  { fusion, leftOut, joined, contributed }: Making,
): AsyncGenerator<PackEntry> {
  const seenBy = vision.seenBy.packId;
  const people = await store.boxPeople.countMembers(packId);
  let written = 0;
  for (let after = ''; ;) {
    const page = await store.boxPeople.lookedAt(packId, after, PAGE);
    const last = page.at(-1);
    if (last === undefined) return;
    after = last.performer.id;
    const members = page.filter(({ performer }) => !leftOut(performer.id));
    const accepted = await contributed?.acceptedOf(members);
    for (const member of members) {
      const person = joined.get(member.number) ?? null;
      const entry = toEntry(endpoint, member, person, accepted?.get(member.number) ?? [], { seenBy, fusion });
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
  contributed: readonly SeenFace[],
  { seenBy, fusion }: { readonly seenBy: string; readonly fusion: Fusion | null },
): PackEntry | null {
  const own = ownReferences(pictures, seenBy, fusion);
  const pool = pooledWith(own, contributed);
  if (pool === null) return null;
  const { template, quality, references: count } = pool;
  // A file has no picture that could be shown.
  const person = toPackPerson(endpoint, performer, pooledOwn(own)?.bestImageId ?? null, joined);
  return { person, template, quality, references: count };
}
