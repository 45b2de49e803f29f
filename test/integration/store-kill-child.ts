/**
Writes to a store without end, in an order that follows from the seed; says a number after each round that is done.
`store-kill.test.ts` kills it and holds what is left against the rules noted here.
*/
import { writeSync } from 'node:fs';
import { notSeen } from '../../core/suggestions/dismissal.ts';
import type { Store } from '../../core/ports/store.ts';
import { openStore } from '../../plugin/store/store.ts';
import {
  contentId,
  look,
  offered,
  performer,
  plannedEntry,
  proposal,
  reference,
} from '../contract/store-samples.ts';
import { plain } from '../../core/messages/message.ts';

export const SCENES = 30;
const OWNER = 'killed';

async function writeForEver(store: Store, seedNumber: number): Promise<void> {
  let state = seedNumber * 7_919;
  const random = (below: number): number => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
  const begun = (await store.state.get('matched-at:round')) ?? 0;
  for (let round = begun + 1; ; round++) {
    await WRITES[random(WRITES.length)]?.(store, random);
    await store.state.set('matched-at:round', round);
    writeSync(1, `${round}\n`);
  }
}

type Write = (store: Store, random: (below: number) => number) => Promise<unknown>;

const WRITES: readonly Write[] = [
  // As many journal entries as the state says.
  (store) =>
    store.transaction(async () => {
      const count = ((await store.state.get('matched-at:entries')) ?? 0) + 1;
      await store.state.set('matched-at:entries', count);
      await store.journal.plan(plannedEntry({ entity: { kind: 'scene', id: String(count) } }));
      await new Promise((resolve) => setImmediate(resolve));
      await store.state.set('matched-at:twin of entries', count);
    }),
  // As many crops as persons.
  async (store, random) => {
    const number = random(SCENES);
    await store.observations.put(look(number, { persons: 1 + random(4), cropBytes: 4_000 }));
    await store.observations.link({ kind: 'scene', id: String(number) }, 'Scene', [contentId(number)]);
  },
  // A look in a transaction that fails.
  (store, random) =>
    store
      .transaction(async () => {
        await store.observations.put(look(random(SCENES), { persons: 5, cropBytes: 4_000 }));
        throw new Error('on purpose');
      })
      .catch((error: unknown) => {
        if (!(error instanceof Error) || error.message !== 'on purpose') throw error;
      }),
  // Every used reference has its crop.
  async (store, random) => {
    const id = random(10);
    await store.people.putPerformer(performer(id, { name: `Name ${random(100)}` }));
    await store.people.putReference(reference(id, { quality: random(100) / 100 }));
    if (random(5) === 0) await store.people.dropMissing(new Set(['1', '2', '3']));
  },
  // Open suggestions of one entity have the same confidence: they were made at once.
  (store, random) => {
    const confidence = random(1_000) / 1_000;
    const entity = { kind: 'scene', id: String(random(5)) } as const;
    return store.suggestions.replace(
      entity,
      'faces',
      [1, 2, 3, 4]
        .slice(random(3))
        .map((performerId) => proposal(Number(entity.id), performerId, { entity, confidence })),
    );
  },
  // Items come in lots of 100.
  async (store, random) => {
    const first = random(5) * 100;
    await store.work.enqueue(
      'scan',
      Array.from({ length: 100 }, (_, i) => offered(first + i, 0, `${random(2)}`)),
    );
  },
  async (store, random) => {
    const item = await store.work.claim('scan', OWNER, 1_000);
    if (item && random(2) === 0) await store.work.finish(item, OWNER, 'done');
    else if (item) await store.work.fail(item, OWNER, plain('on purpose'), false);
  },
  // At most one running run.
  async (store, random) => {
    const { run } = await store.runs.begin('scan', OWNER, {}, 1_000);
    await store.runs.heartbeat(run.id, OWNER, { done: random(9) });
    if (random(3) === 0) await store.runs.end(run.id, OWNER, 'finished', plain(''));
  },
  async (store, random) => {
    await store.dismissals.dismiss(notSeen([contentId(1), contentId(2)], performer(random(5))), 1);
    await store.dismissals.withdraw(notSeen([contentId(1), contentId(2)], performer(random(5))));
  },
];

const [folder = '', seed = '1'] = process.argv.slice(2);
if (folder !== '') await writeForEver(await openStore({ folder, isAlive: () => false }), Number(seed));
