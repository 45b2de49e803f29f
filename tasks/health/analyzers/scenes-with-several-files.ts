import { filesOfOneFilm, keeperOf } from '../../../core/health/keeper.ts';
import { toldProposal } from '../../../core/health/told.ts';
import { message } from '../../../core/messages/message.ts';
import type { StashFile } from '../../../core/ports/library.ts';
import { baseName } from '../../../core/health/base-name.ts';
import { contentIdsOf } from '../content-ids-of.ts';
import type { SceneAnalyzer } from '../analyzer.ts';

/** A scene with more than one file: which of them is the best, where they are the same film, or that they are not. Nothing is deleted. */
export const scenesWithSeveralFiles: SceneAnalyzer<'scenes-with-several-files'> = {
  id: 'scenes-with-several-files',
  version: 1,
  kinds: ['scene-several-files'],
  looksAt: 'scenes',
  readsFaces: false,
  // A file that is deleted in Stash is no change of its scene there.
  looksAgain: true,
  look(_parts, { scenes }) {
    return Promise.resolve(
      scenes
        .filter(({ files }) => files.length > 1)
        .map((scene) => {
          const { id, title, files } = scene;
          const areOne = filesOfOneFilm(files);
          const keeper = areOne ? keeperOf(files) : null;
          const first =
            keeper === null
              ? message('health.filesDiffer', { count: files.length })
              : message('health.filesKeeper', { count: files.length, file: baseName(keeper.path) });
          // Another file is another finding.
          const what = files.map((file) => file.fingerprints['oshash'] ?? file.path).toSorted();
          return toldProposal(
            {
              kind: 'scene-several-files',
              entity: { kind: 'scene', id },
              entityTitle: title,
              severity: 'info',
              found: [{ what: `files ${what.join(' ')}`, said: [first, ...files.map(fileSaid)] }],
              contentIds: contentIdsOf(scene),
            },
            scenesWithSeveralFiles,
          );
        }),
    );
  },
};

function fileSaid({ path, width, height, durationMs, sizeBytes }: StashFile) {
  return message('health.file', {
    file: baseName(path),
    width,
    height,
    seconds: Math.round((durationMs ?? 0) / 1000),
    megabytes: Math.max(1, Math.round(sizeBytes / 1e6)),
  });
}
