import { z } from 'zod';
import { LinkedBox } from './link-request.ts';

/** Which scenes a run of *Link scenes* is to look up. */
export const SceneLinkRequest = z.object({
  id: z.string(),
  /** Null: all. */
  sceneIds: z.array(z.string()).nullable(),
  /** Also those that were looked up before and have not changed. */
  force: z.boolean(),
  /** `checkedTo`: up to this scene the hashes that Stash lacks were computed and asked for. */
  boxes: z.array(LinkedBox),
});
export type SceneLinkRequest = z.infer<typeof SceneLinkRequest>;
