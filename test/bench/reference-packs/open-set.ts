/** Open-set identification by a library with a reference pack beside it: what the pack finds, and what it costs the library. */
import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import type { PackCalibration } from '../../../core/faces/pack-calibration.ts';
import { createMatcher } from '../../../core/matching/matcher.ts';
import { createMemoryGallery } from '../../../core/matching/memory-gallery.ts';
import type { GalleryPerson, Identification } from '../../../core/people/person.ts';
import type { Gallery } from '../../../core/ports/gallery.ts';
import type { PackEntry } from '../../../core/ports/reference-packs.ts';
import { pooled } from '../../../core/reference-packs/good-references.ts';
import { packPersonId } from '../../../core/reference-packs/reference-pack.ts';
import { createExactIndex } from '../../../models/index/exact.ts';
import { createQuantizedSearch } from '../../../models/index/quantized.ts';
import { joinedGallery } from '../../../tasks/cli/reference-packs.ts';
import { packPerson, referencePacksIn, writeReferencePack } from '../../fixtures/reference-packs.ts';
import { seeded } from '../../fixtures/random.ts';
import { type Actor, type Actors, toGalleryPerson } from '../gallery/actors.ts';
import { wilson } from '../statistics.ts';

type Matching = PackCalibration['matching'];

export const PACK_ID = 'gallery';
/** References that a template is made of at most, as in a pack that is built. */
const MAX_REFERENCES = 6;

/** A gallery of these people and of a pack of these actors, written and read as a pack is. */
export async function withPackOf(
  people: readonly GalleryPerson[],
  actors: readonly Actor[],
  facePack: string,
): Promise<Gallery> {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'stash-sense-open-set-'));
  try {
    const { packs } = referencePacksIn(folder, { facePack });
    await writeReferencePack(packs, actors.flatMap(toEntry), { id: PACK_ID, facePack });
    const own = await createMemoryGallery(people, (dimensions) =>
      Promise.resolve(createExactIndex(dimensions)),
    );
    return await joinedGallery(own, await packs.open(), createQuantizedSearch);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function toEntry({ id, references }: Actor): PackEntry[] {
  const pool = pooled(
    references.map((reference, n) => ({ ...reference, imageId: `${n}` })),
    MAX_REFERENCES,
  );
  if (pool === null) return [];
  const { template, quality, references: count } = pool;
  return [{ person: packPerson(1, { id, name: id, stashIds: [] }), template, quality, references: count }];
}

/** How people are asked about: without a pack; with one, as one gallery; with one, the own ones apart. */
const WAYS = ['without the pack', 'with it, all as one gallery', 'with it'] as const;

type Count = { n: number; named: number; wrong: number };
type Counts = Record<'own' | 'ofPack' | 'strangers', Count>;

/** Libraries of this size are drawn from the people with two pictures, and everybody else who is known is in the pack. */
export async function measureBesidePack(
  size: number,
  { known, strangers }: Pick<Actors, 'known' | 'strangers'>,
  { facePack, matching, draws }: { facePack: string; matching: Matching; draws: number },
): Promise<void> {
  const random = seeded(size);
  const sought = known
    .filter(({ probe }) => probe)
    .map((actor) => ({ actor, order: random() }))
    .toSorted((a, b) => a.order - b.order)
    .map(({ actor }) => actor);
  const counts = Object.fromEntries(
    WAYS.map((way) => [way, { own: none(), ofPack: none(), strangers: none() }]),
  ) as Record<(typeof WAYS)[number], Counts>;
  let people = 0;
  for (let draw = 0; draw < draws; draw++) {
    const own = sought.slice(draw * size, (draw + 1) * size);
    const isOwn = new Set(own.map(({ id }) => id));
    const others = known.filter(({ id }) => !isOwn.has(id));
    const library = own.map((actor) => toGalleryPerson(actor, 1));
    const joined = await withPackOf(library, others, facePack);
    people = joined.size;
    const alone = await createMemoryGallery(library, (dimensions) =>
      Promise.resolve(createExactIndex(dimensions)),
    );
    const galleries = [alone, { ...joined, ownSize: joined.size }, joined];
    const ofPack = others.filter(({ probe }, n) => probe && n % draws === draw);
    const lookedFor = strangers.filter((_, n) => n % draws === draw);
    for (const [w, way] of WAYS.entries()) {
      await look(galleries[w]!, own, matching, counts[way].own, ({ id }) => id);
      await look(galleries[w]!, ofPack, matching, counts[way].ofPack, ({ id }) => packPersonId(PACK_ID, id));
      await look(galleries[w]!, lookedFor, matching, counts[way].strangers, () => null);
    }
  }
  console.log(`\n${size} people of the library, ${people - size} of a pack, ${draws} libraries:`);
  for (const way of WAYS) {
    const { own, ofPack, strangers: nobody } = counts[way];
    console.log(
      `  ${way.padEnd(28)} own named ${said(own.named, own.n)}, as somebody else ${said(own.wrong, own.n)}; of the pack named ${said(ofPack.named, ofPack.n)}, as somebody else ${said(ofPack.wrong, ofPack.n)}; strangers named ${said(nobody.wrong, nobody.n)}`,
    );
  }
}

async function look(
  gallery: Gallery,
  probes: readonly Actor[],
  calibration: Matching,
  count: Count,
  rightOf: (actor: Actor) => string | null,
): Promise<void> {
  const found = await createMatcher(gallery, { calibration }).identify(
    probes.map(({ probe }) => (probe ? [{ ...probe, apartFrom: [] }] : [])),
  );
  for (const [n, actor] of probes.entries()) {
    const name = nameIn(found[n]?.identifications[0]);
    count.n++;
    if (name === null) continue;
    if (name === rightOf(actor)) count.named++;
    else count.wrong++;
  }
}

function nameIn(identification: Identification | undefined): string | null {
  if (identification?.decision !== 'match') return null;
  return identification.candidates[0]?.personId ?? null;
}

function none(): Count {
  return { n: 0, named: 0, wrong: 0 };
}

function said(hits: number, n: number): string {
  const { share, low, high } = wilson(hits, n);
  return `${percent(share)} % [${percent(low)}, ${percent(high)}] of ${n}`;
}

function percent(value: number): string {
  return (100 * value).toFixed(1);
}
