/** Performers of several stash-boxes as persons: who is one is found at each build, and written to each pack that it concerns. */
import { createHash } from 'node:crypto';
import type { Fusion } from '../../../core/packs/fusion.ts';
import { inEnglish } from '../../../core/messages/english.ts';
import { message } from '../../../core/messages/message.ts';
import type { BuiltPack } from '../../../core/reference-packs/build.ts';
import { joinPeople, type BoxMember, type JoinedPerson } from '../../../core/reference-packs/join-people.ts';
import type { Context, Slice } from '../../runs/task.ts';
import { readBuilt } from './built-packs.ts';
import { readLeftOut } from './library-ids.ts';
import { readRequests } from './requests.ts';
import { ownReferences, pooledOwn } from './templates/own-references.ts';
import { writePack, type WriteParts } from './write-pack.ts';

const PAGE = 200;

type Parts = Pick<Context, 'store' | 'vision'>;

/** Of everybody who is in a pack that was built here. */
export async function joinBoxes({ store, vision }: Parts, fusion: Fusion | null): Promise<void> {
  const { boxPeople } = store;
  if ((await boxPeople.endpoints()).length < 2) {
    await boxPeople.putJoins({ people: [], doubtful: [] });
    return;
  }
  const members: BoxMember[] = [];
  for (let after = '0'; ;) {
    const page = await boxPeople.everybody(after, PAGE);
    const last = page.at(-1);
    if (last === undefined) break;
    after = last.number;
    for (const { endpoint, performer, pictures } of page) {
      // Who is of a table has their ids from it.
      if (performer.stashIds !== undefined) continue;
      const { id, name, aliases, birthDate, gender, pages, mergedIds } = performer;
      const template = pooledOwn(ownReferences(pictures, vision.seenBy.packId, fusion))?.template ?? null;
      const said = { name, aliases, birthDate, gender, urls: pages, mergedIds, mergedIntoId: null };
      members.push({ endpoint, stashId: id, ...said, template });
    }
  }
  await boxPeople.putJoins(joinPeople(members, vision.calibration.references));
}

/** Another one when the joins of a member of the pack are others. Empty: there are none. */
export async function joinsOf({ store }: Pick<Context, 'store'>, packId: string): Promise<string> {
  const joined = await store.boxPeople.joined();
  const people = new Set<JoinedPerson>();
  for (const number of joined.size === 0 ? [] : await store.boxPeople.memberNumbers(packId)) {
    const person = joined.get(number);
    if (person !== undefined) people.add(person);
  }
  const texts = [...people].map((person) => JSON.stringify(person)).toSorted();
  return texts.length === 0 ? '' : createHash('sha256').update(texts.join('\n')).digest('hex').slice(0, 16);
}

/**
Writes the packs that were built here and whose people are joined otherwise than when they were written, since another pack was
built or changed. What was interrupted is found by the next call.
*/
export async function writeJoined(
  context: WriteParts & Pick<Context, 'library' | 'exclusions' | 'log'>,
  slice: Slice,
): Promise<void> {
  const { vision, referencePacks, log } = context;
  const waiting = (await readRequests(context)).filter(({ what, isWanted }) => what === 'build' && isWanted);
  const packs = await referencePacks.describe();
  for (const [packId, built] of Object.entries(await readBuilt(context))) {
    const manifest = packs.find(({ id }) => id === packId)?.manifest;
    if (manifest?.facePack !== vision.packId || waiting.some((it) => it.packId === packId)) continue;
    const joins = await joinsOf(context, packId);
    if (joins === built.joins) continue;
    const { endpoint, scope, out } = built;
    const boxName = manifest.sources.find((source) => source.endpoint === endpoint)?.name ?? endpoint;
    const fusion = (await vision.addedBy(vision.packId))?.fusion ?? null;
    const leftOut = await readLeftOut(context, endpoint);
    await writePack(
      context,
      slice,
      { packId, endpoint, scope, listedAt: built.readAt },
      { boxName, fusion, leftOut },
    );
    await noteJoins(context, packId, joins);
    if (out !== null) await referencePacks.copyOut(packId, out);
    log.info(inEnglish(message('referencePacks.build.isJoined', { name: manifest.name })));
    slice.advanced();
  }
}

async function noteJoins(
  { store }: Pick<Context, 'store'>,
  packId: string,
  joins: BuiltPack['joins'],
): Promise<void> {
  await store.transaction(async () => {
    const built = await readBuilt({ store });
    const pack = built[packId];
    if (pack !== undefined)
      await store.state.set('reference-packs-built', { ...built, [packId]: { ...pack, joins } });
  });
}
