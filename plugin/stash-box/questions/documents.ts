/** The GraphQL documents that a stash-box is sent, as far as its version has what they ask for. */
import type { BoxEdit, BoxPerformerFilter } from '../../../core/ports/stash-box.ts';
import {
  NEW_SCENE_SEARCH,
  performerFragment,
  SCENE_SEARCH,
  sceneFields,
  sceneProfileFields,
  sceneStateFields,
  STUDIOS,
  type Features,
} from './features.ts';

/** Up to v0.6.17 a page is cut to this without a word, and from v0.7.0 on nothing cuts it. */
export const PER_PAGE = 100;

export const ME = 'query Me { me { name } }';

/** Variables `id0`, `id1` and so on; there is no query of several performers by their ids. */
export function performersDocument(features: Features, count: number): string {
  return byIds('Performers', 'findPerformer', '{ ...Person }', count) + performerFragment(features);
}

/** Variables as above. */
export function castDocument(count: number): string {
  return byIds('Cast', 'findScene', '{ id performers { performer { id } } }', count);
}

/** Variables as above; for a box whose performers have studios. */
export function studiosDocument(count: number): string {
  return byIds('Studios', 'findPerformer', `{ id ${STUDIOS} { studio { id } } }`, count);
}

/** Variables as above. */
export function appearancesDocument(features: Features, count: number): string {
  const cast = '{ id performers { as performer { ...Person } } }';
  return byIds('Appearances', 'findScene', cast, count) + performerFragment(features);
}

/** Variables as above. */
export function sceneProfilesDocument(features: Features, count: number): string {
  const selection = `{ ${sceneProfileFields(features)} }`;
  return byIds('SceneProfiles', 'findScene', selection, count) + performerFragment(features);
}

/** Variables as above. */
export function sceneStatesDocument(features: Features, count: number): string {
  return byIds('SceneStates', 'findScene', `{ ${sceneStateFields(features)} }`, count);
}

/** Of each scene, in whichever of its roles, more edits than can be closed at the moment of the last. */
const MERGES_OF_ONE = 5;

/** Variables as above; for a box that has edits. Those that merged the scene, or others into it, closed last first. */
export function sceneMergesDocument(count: number): string {
  const asked = `target_type: SCENE, operation: MERGE, applied: true, page: 1, per_page: ${MERGES_OF_ONE}, sort: CLOSED_AT, direction: DESC`;
  const selection =
    '{ edits { operation applied target { ... on Scene { id } } merge_sources { ... on Scene { id } } } }';
  const fields = numbersTo(count).map(
    (n) => `a${n}: queryEdits(input: { ${asked}, target_id: $id${n} }) ${selection}`,
  );
  return `query SceneMerges(${variablesOf(count, 'ID!')}) { ${fields.join(' ')} }\n`;
}

function byIds(name: string, field: string, selection: string, count: number): string {
  const fields = numbersTo(count).map((n) => `a${n}: ${field}(id: $id${n}) ${selection}`);
  return `query ${name}(${variablesOf(count, 'ID!')}) { ${fields.join(' ')} }\n`;
}

/** Variable `input`. */
export function pageDocument(features: Features): string {
  return `query PerformersPage($input: PerformerQueryInput!) { found: queryPerformers(input: $input) { count performers { ...Person } } }
${performerFragment(features)}`;
}

export function pageVariables(
  page: number,
  perPage: number,
  order: 'created' | 'updated',
  { studioId }: BoxPerformerFilter,
): Readonly<Record<string, unknown>> {
  const sorted =
    order === 'created'
      ? { sort: 'CREATED_AT', direction: 'ASC' }
      : { sort: 'UPDATED_AT', direction: 'DESC' };
  return {
    input: { page, per_page: perPage, ...sorted, ...(studioId !== undefined && { studio_id: studioId }) },
  };
}

/** Variable `fingerprints`, a list of lists, of which a box takes at most 40. */
export function scenesDocument(features: Features): string {
  return `query Scenes($fingerprints: [[FingerprintQueryInput!]!]!) { found: findScenesBySceneFingerprints(fingerprints: $fingerprints) { ${sceneFields(features)} } }`;
}

/** As `searchDocument`, for scenes: `searchScenes` exists since v0.8.0 too. */
export function searchScenesDocument(features: Features, count: number, most: number): string {
  const selection = `{ ${sceneFields(features)} }`;
  const fields = numbersTo(count).map((n) =>
    features.query.has(NEW_SCENE_SEARCH)
      ? `a${n}: ${NEW_SCENE_SEARCH}(term: $id${n}, page: 1, per_page: ${most}) { scenes ${selection} }`
      : `a${n}: ${SCENE_SEARCH}(term: $id${n}) ${selection}`,
  );
  return `query SearchScenes(${variablesOf(count, 'String!')}) { ${fields.join(' ')} }\n`;
}

/** Variable `input`. */
export function scenesOfDocument(features: Features): string {
  return `query ScenesOf($input: SceneQueryInput!) { found: queryScenes(input: $input) { count scenes { ${sceneFields(features)} } } }`;
}

export function scenesOfVariables(performerId: string, page: number): Readonly<Record<string, unknown>> {
  const performers = { value: [performerId], modifier: 'INCLUDES' };
  return { input: { performers, page, per_page: PER_PAGE, sort: 'DATE', direction: 'DESC' } };
}

/** Variable `input`. Edits that were applied to performers, closed last first. */
export const editsDocument = `query Edits($input: EditQueryInput!) { found: queryEdits(input: $input) { count edits { id operation applied closed target { ... on Performer { id } } merge_sources { ... on Performer { id } } } } }`;

/** For a box that has no such question. */
export const NOTHING = 'query Nothing { __typename }';

export function editsVariables(
  page: number,
  perPage: number,
  operation: BoxEdit['operation'],
): Readonly<Record<string, unknown>> {
  const sorted = { sort: 'CLOSED_AT', direction: 'DESC' };
  return {
    input: { target_type: 'PERFORMER', operation, applied: true, page, per_page: perPage, ...sorted },
  };
}

/**
Variables `id0`, `id1` and so on, each a term. `searchPerformers` exists since v0.8.0, and says that the other is to go. That one is
asked as Stash asks it, without a limit, and gives ten then.
*/
export function searchDocument(features: Features, count: number, most: number): string {
  const isNew = features.query.has('searchPerformers');
  const fields = numbersTo(count).map((n) =>
    isNew
      ? `a${n}: searchPerformers(term: $id${n}, page: 1, per_page: ${most}) { performers { ...Person } }`
      : `a${n}: searchPerformer(term: $id${n}) { ...Person }`,
  );
  return `query Search(${variablesOf(count, 'String!')}) { ${fields.join(' ')} }
${performerFragment(features)}`;
}

function numbersTo(count: number): number[] {
  return Array.from({ length: count }, (_, n) => n);
}

function variablesOf(count: number, type: string): string {
  return numbersTo(count)
    .map((n) => `$id${n}: ${type}`)
    .join(', ');
}
