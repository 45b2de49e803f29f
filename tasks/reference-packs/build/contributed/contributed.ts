/** References of files beside those of the stash-box's pictures: each is checked against everybody of the pack. */
import type { Fusion } from '../../../../core/packs/fusion.ts';
import { createPauses } from '../../../../core/pauses.ts';
import { message, type Message } from '../../../../core/messages/message.ts';
import type { LookedAtMember } from '../../../../core/ports/boxes/box-people.ts';
import {
  acceptForKnown,
  acceptForUnknown,
  createTally,
  type Refusal,
} from '../../../../core/reference-packs/contributed/accept.ts';
import { parsePerson } from '../../../../core/reference-packs/contributed/reference-file.ts';
import { templateOf, type SeenFace } from '../../../../core/reference-packs/good-references.ts';
import type { JoinedPerson } from '../../../../core/reference-packs/join-people.ts';
import { keyOfStashId } from '../../../../core/reference-packs/reference-pack.ts';
import type { Context } from '../../../runs/task.ts';
import { readIsLeftOut, type LeftOut } from '../library-ids.ts';
import { knownDimensions } from './take-references.ts';
import { createTemplateTable, type TemplateTable } from '../templates/template-table.ts';
import { embeddingOf, ownReferences, pooledOwn } from '../templates/own-references.ts';

/** Largest number of references of files that a template is made of. */
const MAX_CONTRIBUTED = 6;
/** A person is in one line of a file, and no one can have the time of a build by writing them in many. */
const MAX_LINES_EACH = 32;
/** Of the lines of a person the best ones: the faces of somebody are compared with one another. */
const MAX_FACES_EACH = 256;
/** Comparisons of two embeddings that looking up the ids of a line is worth. */
const COMPARISONS_PER_LINE = 20;
const PAGE = 200;

export type Contributed = {
  /** By the number of the member; of whom nothing is accepted is absent. */
  acceptedOf(page: readonly LookedAtMember[]): Promise<ReadonlyMap<string, readonly SeenFace[]>>;
  /** What became of the references of the members so far, and of who is no member. */
  said(): Message;
};

type Parts = Pick<Context, 'store' | 'vision' | 'exclusions' | 'referencePacks'>;
type Making = {
  readonly packId: string;
  readonly fusion: Fusion | null;
  readonly leftOut: LeftOut;
  readonly joined: ReadonlyMap<string, JoinedPerson>;
};

/** Null: the pack has nothing of files. */
export async function openContributed(context: Parts, making: Making): Promise<Contributed | null> {
  const { vision } = context;
  const { packId, fusion } = making;
  const { contributedPeople } = context.store;
  const lines = await withoutLeftOut(context, packId);
  if (lines.length === 0) return null;
  const { known, byKey } = await readMembers(context, making);
  /** Number of the member → lines about them. */
  const hashesOf = new Map<string, string[]>();
  const counts = { people: 0, accepted: 0, strangers: 0, contradictory: 0 };
  const { refused, refuse } = createTally();
  const pause = createPauses();
  for (const { hash, stashIds } of lines) {
    const members = new Set(stashIds.flatMap((it) => byKey.get(keyOfStashId(it)) ?? []));
    const [number] = members;
    if (number === undefined) counts.strangers++;
    else if (members.size > 1) counts.contradictory++;
    else if ((hashesOf.get(number)?.length ?? 0) >= MAX_LINES_EACH) refuse('enough');
    else pushTo(hashesOf, number, hash);
    await pause(COMPARISONS_PER_LINE);
  }

  const dimensions = await knownDimensions(vision);
  const { references, clustering } = vision.calibration;
  const thresholds = { onePerson: references.onePerson, sameView: clustering.sameView };
  const facesOf = async (number: string): Promise<SeenFace[]> => {
    const texts = await contributedPeople.lines(packId, hashesOf.get(number) ?? []);
    const faces = texts.flatMap((text) =>
      parsePerson(text, dimensions).references.flatMap(({ quality, embeddings }) => {
        const embedding = embeddingOf(embeddings, vision.seenBy.packId, fusion);
        return embedding === null || quality < references.minQuality ? [] : [{ quality, embedding }];
      }),
    );
    return faces.toSorted((a, b) => b.quality - a.quality).slice(0, MAX_FACES_EACH);
  };
  // Those of whom nothing but files is known are compared with one another too: one file may call somebody what another one
  // calls somebody else.
  const unknown = createTemplateTable(context);
  for (const number of [...hashesOf.keys()].filter((it) => !known.has(it))) {
    const alone = (await facesOf(number)).map((face) => ({ ...face, another: -1 }));
    const template = templateOf(acceptForUnknown(alone, MAX_CONTRIBUTED, thresholds).accepted);
    if (template !== null) unknown.add(number, template);
  }
  const refusedFor = (...whys: readonly Refusal[]): number =>
    whys.reduce((sum, why) => sum + (refused[why] ?? 0), 0);

  return {
    async acceptedOf(page) {
      const accepted = new Map<string, readonly SeenFace[]>();
      for (const { number, pictures } of page) {
        if (!hashesOf.has(number)) continue;
        const faces = await facesOf(number);
        const own = ownReferences(pictures, vision.seenBy.packId, fusion);
        const template = pooledOwn(own)?.template ?? null;
        const offered = await withAnother(number, faces, template === null ? [known, unknown] : [known]);
        const judged =
          template === null
            ? acceptForUnknown(offered, MAX_CONTRIBUTED, thresholds)
            : acceptForKnown(
                offered,
                { template, faces: own.map(({ embedding }) => embedding) },
                MAX_CONTRIBUTED,
                thresholds,
              );
        for (const [why, count] of Object.entries(judged.refused) as [Refusal, number][]) refuse(why, count);
        if (judged.accepted.length === 0) continue;
        counts.accepted += judged.accepted.length;
        counts.people++;
        accepted.set(number, judged.accepted);
      }
      return accepted;
    },

    said: () =>
      message('contributed.taken', {
        ...counts,
        known: refusedFor('known', 'enough'),
        unlike: refusedFor('unlike'),
        another: refusedFor('another'),
        alone: refusedFor('alone'),
      }),
  };
}

async function withAnother(number: string, faces: readonly SeenFace[], tables: readonly TemplateTable[]) {
  const embeddings = faces.map(({ embedding }) => embedding);
  const nearest = await Promise.all(tables.map((table) => table.nearestOthers(number, embeddings)));
  return faces.map((face, n) => ({ ...face, another: Math.max(...nearest.map((of) => of[n]!)) }));
}

/** What is kept of somebody who is left out by now is erased. */
async function withoutLeftOut(context: Parts, packId: string) {
  const { contributedPeople } = context.store;
  const isOut = await readIsLeftOut(context);
  const lines = await contributedPeople.of(packId);
  const out = new Set(lines.flatMap(({ hash, stashIds }) => (isOut(stashIds) ? [hash] : [])));
  if (out.size > 0) await contributedPeople.drop(packId, [...out]);
  return lines.filter(({ hash }) => !out.has(hash));
}

/** The templates of the members' own pictures, and the numbers of the members by each id they are known by. */
async function readMembers(
  context: Parts,
  { packId, fusion, leftOut, joined }: Making,
): Promise<{ known: TemplateTable; byKey: ReadonlyMap<string, readonly string[]> }> {
  const known = createTemplateTable(context);
  const byKey = new Map<string, string[]>();
  for (let after = ''; ;) {
    const page = await context.store.boxPeople.lookedAt(packId, after, PAGE);
    const last = page.at(-1);
    if (last === undefined) return { known, byKey };
    after = last.performer.id;
    for (const { number, endpoint, performer, pictures } of page) {
      if (leftOut(performer.id)) continue;
      const template = pooledOwn(ownReferences(pictures, context.vision.seenBy.packId, fusion))?.template;
      if (template !== undefined) known.add(number, template);
      const own = [performer.id, ...performer.mergedIds].map((stashId) => ({ endpoint, stashId }));
      const others = performer.stashIds ?? joined.get(number)?.members ?? [];
      for (const key of new Set([...own, ...others].map(keyOfStashId))) pushTo(byKey, key, number);
    }
  }
}

/** In the list that is there: a copy for each would take a time that grows with the square of their number. */
function pushTo<Value>(lists: Map<string, Value[]>, key: string, value: Value): void {
  const list = lists.get(key);
  if (list === undefined) lists.set(key, [value]);
  else list.push(value);
}
