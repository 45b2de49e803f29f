/** What a stash-box can be asked, read from its schema: versions differ, and one unknown field costs the whole answer. */
import { z } from 'zod';
import type { BoxLack } from '../../../core/ports/stash-box.ts';
import type { Question } from '../connection.ts';

export type Features = {
  /** Of `Scene`. */
  readonly scene: ReadonlySet<string>;
  /** Of `Performer`. */
  readonly performer: ReadonlySet<string>;
  /** Of `Studio`. */
  readonly studio: ReadonlySet<string>;
  /** Of `Tag`. */
  readonly tag: ReadonlySet<string>;
  /** Of `Fingerprint`. */
  readonly fingerprint: ReadonlySet<string>;
  /** Of `Query`. */
  readonly query: ReadonlySet<string>;
};

/** What is read of a performer, with the fields of what is an object. */
const PERFORMER_FIELDS = {
  id: '',
  name: '',
  disambiguation: '',
  aliases: '',
  gender: '',
  birth_date: '',
  death_date: '',
  ethnicity: '',
  country: '',
  eye_color: '',
  hair_color: '',
  height: '',
  band_size: '',
  cup_size: '',
  waist_size: '',
  hip_size: '',
  breast_type: '',
  career_start_year: '',
  career_end_year: '',
  tattoos: '{ location description }',
  piercings: '{ location description }',
  urls: '{ url }',
  images: '{ id width height }',
  deleted: '',
  merged_into_id: '',
  merged_ids: '',
  updated: '',
} as const satisfies Record<string, string>;

/** What is read of a scene that was found by its fingerprints. */
const SCENE_FIELDS = {
  id: '',
  title: '',
  code: '',
  release_date: '',
  date: '',
  duration: '',
  studio: '{ id name }',
  images: '{ id width height }',
  performers: '{ as performer { id name } }',
  fingerprints: '',
} as const satisfies Record<string, string>;
const PARENT = 'parent';
/** Of a performer: in whose scenes they are. Not asked for together with the rest, since it costs the box a query of its own. */
export const STUDIOS = 'studios';
/** What is read of one scene beside what is written down here; in the place of fingerprints. */
const SCENE_PROFILE_FIELDS = {
  deleted: '',
  details: '',
  director: '',
  urls: '{ url }',
  tags: '',
} as const satisfies Record<string, string>;
const TAG_FIELDS = { id: '', name: '', description: '', aliases: '' } as const satisfies Record<
  string,
  string
>;
/** What is read of a fingerprint of a scene. */
const FINGERPRINT_FIELDS = {
  algorithm: '',
  hash: '',
  duration: '',
  submissions: '',
  reports: '',
} as const satisfies Record<string, string>;
const LIST = 'queryPerformers';
export const SCENES = 'queryScenes';
export const SCENE_SEARCH = 'searchScene';
export const NEW_SCENE_SEARCH = 'searchScenes';
/** What `release_date` was called before; later versions have both. */
const FORMER_DATE = 'date';

/** For a box that does not show its schema: the newest version that is known. */
export const EVERYTHING: Features = {
  scene: new Set(Object.keys({ ...SCENE_FIELDS, ...SCENE_PROFILE_FIELDS })),
  studio: new Set(['id', 'name', PARENT]),
  tag: new Set(Object.keys(TAG_FIELDS)),
  performer: new Set(Object.keys(PERFORMER_FIELDS)),
  fingerprint: new Set(Object.keys(FINGERPRINT_FIELDS)),
  query: new Set(['searchPerformers', 'queryEdits', SCENES, NEW_SCENE_SEARCH, LIST]),
};

/** What each version from v0.6.0 on has. */
export const LEAST: Features = {
  scene: new Set([
    'id',
    'title',
    FORMER_DATE,
    'duration',
    'studio',
    'images',
    'performers',
    'fingerprints',
    'deleted',
    'details',
    'director',
    'urls',
    'tags',
  ]),
  studio: new Set(['id', 'name', PARENT]),
  tag: new Set(['id', 'name']),
  performer: new Set(['id', 'name', 'disambiguation', 'aliases', 'urls', 'images', 'deleted', 'updated']),
  fingerprint: new Set(Object.keys(FINGERPRINT_FIELDS)),
  query: new Set([LIST, SCENES, SCENE_SEARCH]),
};

const Names = z
  .object({ fields: z.array(z.object({ name: z.string() })).nullable() })
  .nullish()
  .transform((type) => new Set(type?.fields?.map((field) => field.name)));

/** Of the schema, those whose fields are asked for. */
const TYPES = {
  performer: 'Performer',
  scene: 'Scene',
  studio: 'Studio',
  tag: 'Tag',
  fingerprint: 'Fingerprint',
  query: 'Query',
} as const satisfies Record<keyof Features, string>;

export const featuresQuestion: Question<Features> = {
  document: `query Features { ${Object.entries(TYPES)
    .map(([as, type]) => `${as}: __type(name: "${type}") { fields(includeDeprecated: true) { name } }`)
    .join(' ')} }`,
  read: ({ data }) => {
    const parsed = z
      .object({ performer: Names, scene: Names, studio: Names, tag: Names, fingerprint: Names, query: Names })
      .safeParse(data);
    return parsed.data?.performer.has('id') === true ? parsed.data : EVERYTHING;
  },
};

export function lacksOf({ query, performer }: Features): ReadonlySet<BoxLack> {
  if (!query.has(LIST)) return new Set(['list', 'changes']);
  return new Set(performer.has('updated') ? [] : ['changes']);
}

/** The fields to ask for, as a fragment `Person` on `Performer`. */
export function performerFragment({ performer }: Features): string {
  return `fragment Person on Performer { ${fieldsOf(PERFORMER_FIELDS, performer)} }`;
}

/** The fields to ask for of a scene. */
export function sceneFields({ scene, fingerprint }: Features): string {
  const fields = { ...SCENE_FIELDS, fingerprints: `{ ${fieldsOf(FINGERPRINT_FIELDS, fingerprint)} }` };
  return fieldsOf(fields, scene.has('release_date') ? without(scene, FORMER_DATE) : scene);
}

/** The fields to ask for of one scene, with a fragment `Person` for who is in it. */
export function sceneProfileFields({ scene, studio, tag }: Features): string {
  const { fingerprints: _, ...known } = SCENE_FIELDS;
  const fields = {
    ...known,
    ...SCENE_PROFILE_FIELDS,
    studio: `{ id name ${studio.has(PARENT) ? `${PARENT} { id name }` : ''} }`,
    tags: `{ ${fieldsOf(TAG_FIELDS, tag)} }`,
    performers: '{ as performer { ...Person } }',
  };
  return fieldsOf(fields, scene.has('release_date') ? without(scene, FORMER_DATE) : scene);
}

/** The fields to ask for of a scene of which only is asked whether it is still there, and how it is shown. */
export function sceneStateFields({ scene }: Features): string {
  const { id, title, release_date, date, images } = SCENE_FIELDS;
  const fields = { id, title, release_date, date, images, deleted: '', studio: '{ name }' };
  return fieldsOf(fields, scene.has('release_date') ? without(scene, FORMER_DATE) : scene);
}

function without(names: ReadonlySet<string>, one: string): ReadonlySet<string> {
  return new Set([...names].filter((name) => name !== one));
}

function fieldsOf(fields: Readonly<Record<string, string>>, had: ReadonlySet<string>): string {
  return Object.entries(fields)
    .filter(([name]) => had.has(name))
    .map(([name, inner]) => (inner === '' ? name : `${name} ${inner}`))
    .join(' ');
}
