import { z } from 'zod';
import { OFFERED_FIELDS } from './offers.ts';

/** What the user ticked of what a stash-box knows: by field the revision of the offer, so that nothing is written that was not shown. */
export const Taken = z.partialRecord(z.enum(OFFERED_FIELDS), z.string().max(100));
export type Taken = Readonly<z.infer<typeof Taken>>;
