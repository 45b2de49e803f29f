/** What a first run of *Check library health* leaves in the store, written at once: it would look at 100 000 scenes for minutes. */
import { toldProposal } from '../../../core/health/told.ts';
import { message } from '../../../core/messages/message.ts';
import type { StashEntity } from '../../../core/ports/library.ts';
import type { Store } from '../../../core/ports/store.ts';
import { EXCLUSION_SETTINGS } from '../../../core/settings.ts';
import type { Proposal } from '../../../core/suggestions/suggestion.ts';
import type { LookParts } from '../../../tasks/health/analyzer.ts';
import { analyzers } from '../../../tasks/health/analyzers/index.ts';
import { scenesIncomplete } from '../../../tasks/health/analyzers/scenes-incomplete.ts';
import { scenesWithSeveralFiles } from '../../../tasks/health/analyzers/scenes-with-several-files.ts';
import { scenesWithoutPerformers } from '../../../tasks/health/analyzers/scenes-without-performers.ts';
import type { FileRow, SceneRow } from '../../double/library/data.ts';
import type { StashDouble } from '../../double/stash-double.ts';

const PAGE = 1000;

/** Each analyzer of scenes has told of those that it is about, and looked up to the newest one. */
export async function leaveLooked(store: Store, { library }: Pick<StashDouble, 'library'>): Promise<void> {
  const scenes = library.scenes.all();
  for (let from = 0; from < scenes.length; from += PAGE)
    await store.transaction(async () => {
      for (const scene of scenes.slice(from, from + PAGE)) {
        const entity = { kind: 'scene', id: scene.id } as const;
        for (const proposal of await toldOf(scene, library))
          await store.suggestions.replace(entity, proposal.analyzer, [proposal]);
      }
    });
  const newest = Math.max(...scenes.map(({ updatedAt }) => updatedAt));
  for (const { id, version, looksAt } of analyzers)
    if (looksAt === 'scenes')
      await store.state.set(`health-looked:${id}`, {
        settled: JSON.stringify([version, ...EXCLUSION_SETTINGS.map(() => '')]),
        newest: `${new Date(newest * 1000).toISOString().slice(0, 19)}Z`,
        change: await store.changedScenes.latest(),
      });
}

async function toldOf(scene: SceneRow, library: StashDouble['library']): Promise<readonly Proposal[]> {
  const { id, title: entityTitle, performerIds, stashIds, date } = scene;
  const about = { entity: { kind: 'scene', id }, entityTitle, severity: 'info' } as const;
  const files = scene.fileIds.flatMap((fileId) => library.files.get(fileId) ?? []);
  const contentIds = files.map(({ fingerprints: [first] }) => `oshash:${first?.value ?? ''}` as const);
  const nobody = { what: 'nobody', said: [message('health.neverLooked')] };
  const undated = { what: 'date', said: [message('health.lacksDate')] };
  return [
    ...(performerIds.length > 0
      ? []
      : [
          toldProposal(
            { ...about, kind: 'scene-without-performers', found: [nobody], contentIds },
            scenesWithoutPerformers,
          ),
        ]),
    ...(stashIds.length === 0 || date !== null
      ? []
      : [
          toldProposal(
            { ...about, kind: 'scene-incomplete', found: [undated], contentIds },
            scenesIncomplete,
          ),
        ]),
    ...(files.length === 1
      ? []
      : // It looks again at what it told of at each run, so that what it tells has to be its own; it asks for nothing.
        await scenesWithSeveralFiles.look({} as LookParts, { scenes: [asRead(scene, files)], listed: null })),
  ];
}

function asRead({ id, title, performerIds, tagIds }: SceneRow, files: readonly FileRow[]): StashEntity {
  return {
    kind: 'scene',
    id,
    title,
    performerIds,
    tagIds,
    updatedAt: '',
    coverPath: null,
    previewPath: null,
    files: files.map(({ size, duration, fingerprints, id: fileId, path, modTime, width, height }) => ({
      id: fileId,
      path,
      modTime,
      width,
      height,
      sizeBytes: size,
      durationMs: duration * 1000,
      zipPath: null,
      fingerprints: Object.fromEntries(fingerprints.map(({ type, value }) => [type, value])),
    })),
  };
}
