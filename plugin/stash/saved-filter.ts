/**
Converts a saved scene filter from the page's format to the input of the server. The server stores the page's format without
reading it, and the page converts it on each load (Stash: ui/v2.5/src/models/list-filter/criteria/*.ts).
*/
import { z } from 'zod';
import { StashSenseError } from '../../core/errors.ts';
import { message } from '../../core/messages/message.ts';

const Saved = z.object({
  modifier: z.string().default('EQUALS'),
  value: z.unknown().optional(),
  value2: z.unknown().optional(),
});
type Saved = z.output<typeof Saved>;

/** @throws StashSenseError `bad-input` naming the criterion that cannot be translated */
export function toSceneFilter(name: string, objectFilter: Record<string, unknown>): Record<string, unknown> {
  const filter: Record<string, unknown> = {};
  for (const [type, saved] of Object.entries(objectFilter)) {
    const read = Object.hasOwn(READERS, type) ? READERS[type] : undefined;
    if (!read)
      throw new StashSenseError(
        'bad-input',
        message('stash.filterUnknownCriterion', { name, criterion: type }),
      );
    try {
      // `movies` is the former name of groups.
      filter[type === 'movies' ? 'groups' : type] = read(Saved.parse(saved));
    } catch (cause) {
      throw new StashSenseError(
        'bad-input',
        message('stash.filterUnreadableCriterion', { name, criterion: type }),
        { cause },
      );
    }
  }
  return filter;
}

const string = ({ modifier, value }: Saved): unknown => ({
  modifier,
  value: z.string().parse(value ?? ''),
});
const truth = ({ value }: Saved): 'true' | 'false' => z.enum(['true', 'false']).parse(String(value));
const boolean = (saved: Saved): boolean => truth(saved) === 'true';

/** A range `{ value, value2 }`; in old filters a plain value with `value2` beside it. */
const range = <T>(item: z.ZodType<T>, empty: T, { modifier, value, value2 }: Saved): unknown => {
  // With these modifiers the page keeps earlier input of its fields, which is ignored.
  if (modifier === 'IS_NULL' || modifier === 'NOT_NULL') return { modifier, value: empty };
  const pair =
    typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : { value, value2 };
  const upper = pair['value2'] ?? undefined;
  return {
    modifier,
    value: pair['value'] === undefined || pair['value'] === null ? empty : item.parse(pair['value']),
    ...(upper === undefined || upper === '' ? {} : { value2: item.parse(upper) }),
  };
};
const number = (saved: Saved): unknown => range(z.number(), 0, saved);
const date = (saved: Saved): unknown => range(z.string(), '', saved);
/** The server expects a T between date and time. */
const Timestamp = z
  .string()
  .regex(/^\d{4}-\d{2}-\d{2}([ T]\d{2}:\d{2})?$/)
  .transform((time) => time.replace(' ', 'T'));
const timestamp = (saved: Saved): unknown => range<string>(Timestamp, '', saved);

const Labeled = z
  .array(z.object({ id: z.coerce.string() }))
  .nullish()
  .transform((rows) => (rows ?? []).map(({ id }) => id));
const Hierarchy = z.object({ items: Labeled, excluded: Labeled, depth: z.number().nullish() });

/** EXCLUDES is an old form of INCLUDES with excluded values only. */
const labels = ({ modifier, value }: Saved) => {
  const { items, excluded, depth } = Hierarchy.parse(Array.isArray(value) ? { items: value } : (value ?? {}));
  const list =
    modifier === 'EXCLUDES'
      ? { modifier: 'INCLUDES', value: [], excludes: [...excluded, ...items] }
      : { modifier, value: items, excludes: excluded };
  return { list, depth: modifier === 'EQUALS' ? 0 : (depth ?? 0) };
};
const flat = (saved: Saved): unknown => labels(saved).list;
const hierarchical = (saved: Saved): unknown => {
  const { list, depth } = labels(saved);
  return { ...list, depth };
};

const StashId = z.object({ endpoint: z.string().nullish(), stashID: z.string().nullish() });
const Phash = z.object({ value: z.string(), distance: z.number().nullish() });

/** Page's names to the server's. */
const RESOLUTIONS = {
  '144p': 'VERY_LOW',
  '240p': 'LOW',
  '360p': 'R360P',
  '480p': 'STANDARD',
  '540p': 'WEB_HD',
  '720p': 'STANDARD_HD',
  '1080p': 'FULL_HD',
  '1440p': 'QUAD_HD',
  '4k': 'FOUR_K',
  '5k': 'FIVE_K',
  '6k': 'SIX_K',
  '7k': 'SEVEN_K',
  '8k': 'EIGHT_K',
  Huge: 'HUGE',
} as const;
const Resolution = z
  .string()
  .refine((name) => Object.hasOwn(RESOLUTIONS, name))
  .transform((name) => RESOLUTIONS[name as keyof typeof RESOLUTIONS]);
const Orientation = z.enum(['Landscape', 'Portrait', 'Square']).transform((name) => name.toUpperCase());

/** Not supported: `captions` (its languages are in the page's display names) and criteria newer than 0.30. */
const READERS: Record<string, (saved: Saved) => unknown> = {
  title: string,
  code: string,
  details: string,
  director: string,
  path: string,
  oshash: string,
  checksum: string,
  video_codec: string,
  audio_codec: string,
  url: string,
  rating100: number,
  o_counter: number,
  framerate: number,
  bitrate: number,
  duration: number,
  resume_time: number,
  play_duration: number,
  play_count: number,
  tag_count: number,
  performer_count: number,
  performer_age: number,
  interactive_speed: number,
  file_count: number,
  date,
  created_at: timestamp,
  updated_at: timestamp,
  last_played_at: timestamp,
  organized: boolean,
  interactive: boolean,
  performer_favorite: boolean,
  has_markers: truth,
  is_missing: ({ value }) => z.string().min(1).parse(value),
  tags: hierarchical,
  performer_tags: hierarchical,
  studios: hierarchical,
  groups: hierarchical,
  movies: hierarchical,
  performers: flat,
  galleries: flat,
  stash_id_endpoint: ({ modifier, value }) => {
    const one = StashId.parse(typeof value === 'string' ? { stashID: value } : (value ?? {}));
    return { modifier, endpoint: one.endpoint ?? '', stash_id: one.stashID ?? '' };
  },
  phash_distance: ({ modifier, value }) => {
    const one = Phash.parse(typeof value === 'string' ? { value } : value);
    return { modifier, value: one.value, distance: one.distance ?? 0 };
  },
  duplicated: (saved) => ({ duplicated: boolean(saved) }),
  resolution: ({ modifier, value }) => ({ modifier, value: Resolution.parse(value) }),
  orientation: ({ value }) => ({ value: z.array(Orientation).parse(value) }),
};
