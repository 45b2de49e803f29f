import { z } from 'zod';
import { isContentId } from '../../content-id.ts';

export const SeenCluster = z.object({ contentId: z.string().refine(isContentId), personKey: z.int() });
export type SeenCluster = z.infer<typeof SeenCluster>;

/** The clusters that were matched; several when a scene has several files or a gallery several pictures. */
export const SeenClusters = z.array(SeenCluster);
