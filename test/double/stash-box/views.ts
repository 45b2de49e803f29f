/** Rows of a stash-box as its GraphQL shows them. */
import type { BoxData, EditRow, ImageRow, PerformerRow, SceneRow, StudioRow } from './data.ts';

/** How a server writes a date of a performer. */
export type WriteDate = (date: string | null) => string | null;

export function createViews(data: BoxData, writeDate: WriteDate) {
  function sceneCount(performerId: string): number {
    return [...data.scenes.values()].filter(
      (row) => !row.deleted && row.performers.some(({ id }) => id === performerId),
    ).length;
  }

  function performer({ imageIds, ...row }: PerformerRow, baseUrl: string): Record<string, unknown> {
    const { cup_size: cup, band_size: band, waist_size: waist, hip_size: hip } = row;
    return {
      ...row,
      __typename: 'Performer',
      aliases: row.aliases.toSorted(byBytes),
      birth_date: writeDate(row.birth_date),
      death_date: writeDate(row.death_date),
      birthdate: row.birth_date && toFuzzy(row.birth_date),
      age: null,
      measurements: { cup_size: cup, band_size: band, waist, hip },
      images: () =>
        imageIds
          .flatMap((id) => data.images.get(id) ?? [])
          .toSorted(nearestToPortrait)
          .map((one) => image(one, baseUrl)),
      scene_count: () => sceneCount(row.id),
      studios: ({ studio_id: asked }: { studio_id?: string | null }) => studiosOf(row.id, asked),
    };
  }

  /** @param asked id of the only studio that is asked for */
  function studiosOf(performerId: string, asked: string | null = null): Record<string, unknown>[] {
    const counts = new Map<string, number>();
    for (const { deleted, performers, studioId } of data.scenes.values())
      if (!deleted && studioId !== null && performers.some(({ id }) => id === performerId))
        counts.set(studioId, (counts.get(studioId) ?? 0) + 1);
    return [...counts].flatMap(([id, scene_count]) => {
      const row = data.studios.get(id);
      return row === undefined || (asked !== null && asked !== id)
        ? []
        : [{ studio: () => studio(row), scene_count }];
    });
  }

  function studio({ id, name, parentId }: StudioRow): Record<string, unknown> {
    const parent = data.studios.get(parentId ?? '');
    const empty = { aliases: [], urls: [], images: [], deleted: false, is_favorite: false };
    return { ...empty, id, name, __typename: 'Studio', parent: parent ? () => studio(parent) : null };
  }

  function scene({ imageIds, tagIds, ...row }: SceneRow, baseUrl: string): Record<string, unknown> {
    const owner = data.studios.get(row.studioId ?? '');
    return {
      ...row,
      __typename: 'Scene',
      date: row.release_date,
      production_date: null,
      tags: tagIds
        .flatMap((id) => data.tags.get(id) ?? [])
        .map((tag) => ({ ...tag, deleted: false, created: row.created, updated: row.created })),
      images: () =>
        imageIds
          .flatMap((id) => data.images.get(id) ?? [])
          .toSorted((one, other) => other.width - one.width)
          .map((one) => image(one, baseUrl)),
      studio: owner ? studio(owner) : null,
      performers: row.performers.flatMap(({ id, as }) => {
        const one = data.performers.get(id);
        return one ? [{ as, performer: performer(one, baseUrl) }] : [];
      }),
    };
  }

  const edit = (row: EditRow, baseUrl: string): Record<string, unknown> => ({
    ...row,
    target_type: row.targetType,
    target: editTarget(row.targetType, row.targetId, baseUrl),
    merge_sources: row.mergeSourceIds.map((id) => editTarget(row.targetType, id, baseUrl)),
  });

  function editTarget(type: EditRow['targetType'], id: string, baseUrl: string): Record<string, unknown> {
    return type === 'SCENE'
      ? scene(data.scenes.get(id)!, baseUrl)
      : performer(data.performers.get(id)!, baseUrl);
  }

  return { performer, studio, scene, edit, sceneCount };
}

function byBytes(a: string, b: string): number {
  return Buffer.compare(Buffer.from(a), Buffer.from(b));
}

/** Nearest to two by three first, then the tallest. */
function nearestToPortrait(one: ImageRow, other: ImageRow): number {
  return fromPortrait(one) - fromPortrait(other) || other.height - one.height;
}

function fromPortrait({ width, height }: ImageRow): number {
  return Math.abs(width / height - 2 / 3);
}

function toFuzzy(date: string): { date: string; accuracy: string } {
  const parts = date.split('-').length;
  return { date: date + '-01'.repeat(3 - parts), accuracy: ['YEAR', 'MONTH', 'DAY'][parts - 1] ?? 'DAY' };
}

function image({ id, width, height }: ImageRow, baseUrl: string): Record<string, unknown> {
  return { id, width, height, url: `${baseUrl}/images/${id}` };
}
