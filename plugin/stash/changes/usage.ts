/** What refers to an object that can be made, and what it has that no change of ours gives it. */
import { z } from 'zod';
import type { CreatedKind, Usage } from '../../../core/ports/library.ts';
import type { Features } from '../capabilities.ts';
import type * as types from '../documents.generated.ts';
import { toPicturePath } from '../entities.ts';
import { operation } from '../operation.ts';
import { NAMES } from './documents.ts';

/** Counts of references. */
const USED_BY: Readonly<Record<CreatedKind, string>> = {
  performer: 'scene_count image_count gallery_count group_count',
  studio: 'scene_count image_count gallery_count group_count performer_count child_studios { id }',
  tag: 'scene_count image_count gallery_count group_count performer_count scene_marker_count studio_count children { id }',
};

/** Fields that the table of fields does not have, as far as this Stash has them. */
function extrasOf(kind: CreatedKind, { studioUrls }: UsageFeatures): string {
  if (kind === 'performer') return 'custom_fields';
  if (kind === 'studio') return studioUrls ? 'urls' : 'url';
  return 'sort_name';
}

export type UsageFeatures = Pick<Features, 'studioUrls'>;

export function usageQuery(kind: CreatedKind, features: UsageFeatures) {
  return operation<
    types.PerformerUsageQuery | types.StudioUsageQuery | types.TagUsageQuery,
    types.PerformerUsageQueryVariables | types.StudioUsageQueryVariables | types.TagUsageQueryVariables
  >()({
    document: `query Usage($id: ID!) { object: find${NAMES[kind]}(id: $id) { ${USED_BY[kind]} ${extrasOf(kind, features)} image_path } }`,
    answer: z
      .object({ object: z.record(z.string(), z.unknown()).nullable() })
      .transform(({ object }) => object && toUsage(object)),
  });
}

function toUsage({
  image_path: picture,
  custom_fields: custom,
  url,
  urls,
  sort_name: sortName,
  ...used
}: Record<string, unknown>): Usage {
  const hasCustomFields = Object.keys(custom ?? {}).length > 0;
  return {
    isUsed: Object.values(used).some((value) =>
      Array.isArray(value) ? value.length > 0 : Number(value) > 0,
    ),
    hasCustomFields,
    hasExtras: hasCustomFields || [url, urls, sortName].some(isFilled),
    picturePath: toPicturePath(typeof picture === 'string' ? picture : null),
  };
}

/** Stash answers an empty text for none. */
function isFilled(value: unknown): boolean {
  const values: unknown[] = Array.isArray(value) ? value : [value ?? ''];
  return values.some((one) => one !== '');
}
