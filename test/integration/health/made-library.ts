/** A library of known defects on the Stash double, each several times, with what is nearly one; what was seen is made up. */
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { TestContext } from 'node:test';
import type { ContentId } from '../../../core/content-id.ts';
import type { MessageId } from '../../../core/messages/message.ts';
import { message } from '../../../core/messages/message.ts';
import type { Candidate } from '../../../core/people/person.ts';
import type { FileRow, SceneRow } from '../../double/library/data.ts';
import { openedStash } from '../../contract/opened-stash.ts';
import { crop } from '../../contract/store-samples.ts';
import { aPerson, aVector, anObservation, fakeContext, PACK, type FakeContext } from '../../fakes/context.ts';

/** A cluster: whom it is recognised as (null: a stranger), how often it was seen, with whom in one frame. */
export type Shown = {
  readonly as: string | null;
  readonly faces?: number;
  readonly apartFrom?: readonly number[];
  /** Somebody else whom it could be, with this confidence. */
  readonly orElse?: { readonly id: string; readonly confidence: number };
};

export type MadeLibrary = {
  readonly context: FakeContext;
  readonly folder: string;
  readonly double: Awaited<ReturnType<typeof openedStash>>['double'];
  /** A scene without any defect but what is asked for. @param files names; `gone/…` and `away/…` are not on the disk */
  scene(over?: Partial<SceneRow>, files?: readonly string[], fileOver?: Partial<FileRow>): Promise<string>;
  /** *Update people* found that these two look like one person. */
  looksAlike(performerId: string, otherId: string): Promise<void>;
  sees(sceneId: string, shown: readonly Shown[]): Promise<void>;
  /** References of a performer of this quality. */
  learns(performerId: string, count: number, quality?: number, withCrop?: boolean): Promise<void>;
  fails(sceneId: string, why: MessageId): Promise<void>;
};

const JPEG = Buffer.from([0xff, 0xd8, 0xff, 0xe0, 1, 2, 3]);

export async function madeLibrary(t: TestContext): Promise<MadeLibrary> {
  const { double, stash, folder } = await openedStash(t);
  const root = path.join(folder, 'library');
  mkdirSync(root);
  mkdirSync(path.join(folder, 'empty'));
  double.config.stashes = ['library', 'away', 'empty'].map((name) => ({
    path: path.join(folder, name),
    excludeVideo: false,
    excludeImage: false,
  }));
  const context = await fakeContext(t, stash);
  const { library } = double;
  const studioId = library.addStudio({ name: 'Everyday' }).id;
  let files = 0;

  const addFile = (name: string, over: Partial<FileRow> = {}): string => {
    files++;
    const place = name.includes('/') ? path.join(folder, name) : path.join(root, name);
    if (!name.includes('/')) writeFileSync(place, name);
    return library.addFile({
      kind: 'video',
      path: place.replace(`${path.sep}gone${path.sep}`, `${path.sep}library${path.sep}`),
      duration: 600,
      width: 1920,
      height: 1080,
      size: 1000 + files,
      fingerprints: [
        { type: 'oshash', value: files.toString(16).padStart(16, '0') },
        { type: 'phash', value: (files * 7919).toString(16) },
      ],
      ...over,
    }).id;
  };

  return {
    context,
    folder,
    double,
    async scene(over = {}, names = [`${files + 1}.mp4`], fileOver = {}) {
      const fileIds = names.map((name) => addFile(name, fileOver));
      const row = { studioId, date: '2026-01-01', cover: JPEG, ...over };
      const { id } = library.addScene({ title: `Scene of file ${files}`, fileIds, ...row });
      return id;
    },

    async sees(sceneId, shown) {
      const item = await context.library.item({ kind: 'scene', id: sceneId });
      const contentId: ContentId = `oshash:${item?.files[0]?.fingerprints['oshash'] ?? ''}`;
      const persons = shown.map(({ faces = 8, apartFrom = [] }, key) => {
        const [face] = aPerson(key).faces;
        return aPerson(key, { faces: Array.from({ length: faces }, () => face!), apartFrom });
      });
      const observation = anObservation(0, { contentId, persons });
      await context.store.observations.put({ observation, crops: [] });
      const entity = { kind: 'scene', id: sceneId } as const;
      await context.store.observations.link(entity, item?.title ?? '', [contentId]);
      await context.store.identifications.save(entity, {
        matcherVersion: 'v1',
        persons: shown.map(({ as, orElse }, key) => ({
          key,
          decision: as === null ? 'unknown' : 'match',
          confidence: as === null ? 0 : 0.99,
          margin: 0.5,
          members: [{ contentId, personKey: key }],
          candidates: [
            ...(as === null ? [] : [candidate(as, 0.99)]),
            ...(orElse === undefined ? [] : [candidate(orElse.id, orElse.confidence)]),
          ],
        })),
      });
      await context.store.identifications.notePerformers([
        { ...entity, performerIds: item?.performerIds ?? [] },
      ]);
    },

    async learns(performerId, count, quality = 0.8, withCrop = true) {
      const performer = await context.library.performer(performerId);
      if (performer !== null) await context.store.people.putPerformer(performer);
      for (let n = 0; n < count; n++)
        await context.store.people.putReference({
          performerId,
          source: 'image',
          sourceKey: `image:${performerId}${n}`,
          revision: '1',
          contentHash: `${performerId} ${n}`,
          packId: PACK,
          state: 'used',
          embedding: aVector(Number(performerId), { lean: 0.01 * n }),
          quality,
          crop: withCrop ? crop(500) : null,
        });
    },

    async looksAlike(performerId, otherId) {
      await context.store.lookAlikes.save(
        [performerId, otherId].map((id) => [`stash:${id}`, id, id] as const),
        [{ pair: [performerId, otherId], similarity: 0.8 }],
      );
    },

    async fails(sceneId, why) {
      const { work } = context.store;
      const item = { kind: 'scene', id: sceneId, title: sceneId, revision: '1', priority: 0 } as const;
      await work.enqueue('scan', [item]);
      const claimed = await work.claim('scan', 'somebody', 60_000);
      if (claimed?.id !== sceneId) throw new Error('another item was claimed');
      const error = message('media.unreadable', {
        path: '/film.mp4',
        reason: message(why, {
          seconds: 3,
          program: 'ffprobe',
          complaint: 'x',
          signal: 'SIGKILL',
          reason: 'x',
        }),
      });
      await work.fail(claimed, 'somebody', error, true);
    },
  };
}

function candidate(performerId: string, confidence: number): Candidate {
  return {
    personId: `stash:${performerId}`,
    performerId,
    name: `Performer ${performerId}`,
    similarity: 0.6,
    confidence,
    referenceId: '1',
  };
}
