/** Every GraphQL document that the page sends. Their types are made from Stash's schema by `npm run generate`. */
import type * as types from './documents.generated.ts';

/** A document's text. `types` is only for the compiler: what it is sent with, and what is answered. */
export type StashDocument<Answer, Variables> = string & {
  readonly types?: (variables: Variables) => Answer;
};

export const PERFORMERS: StashDocument<
  types.StashSensePerformersQuery,
  types.StashSensePerformersQueryVariables
> = `query StashSensePerformers($q: String) {
  findPerformers(filter: { q: $q, per_page: 12, sort: "name", direction: ASC }) {
    performers { id name disambiguation alias_list image_path }
  }
}`;

/** The ids alone of those who fit, in that order. */
export const PERFORMER_IDS: StashDocument<
  types.StashSensePerformerIdsQuery,
  types.StashSensePerformerIdsQueryVariables
> = `query StashSensePerformerIds($filter: FindFilterType, $performer_filter: PerformerFilterType) {
  findPerformers(filter: $filter, performer_filter: $performer_filter) { performers { id } }
}`;

/** The ids alone of the scenes of a list, in its order. */
export const SCENE_IDS: StashDocument<types.StashSenseSceneIdsQuery, types.StashSenseSceneIdsQueryVariables> =
  `query StashSenseSceneIds($filter: FindFilterType, $scene_filter: SceneFilterType) {
  findScenes(filter: $filter, scene_filter: $scene_filter) { scenes { id } }
}`;

/** The same of images. */
export const IMAGE_IDS: StashDocument<types.StashSenseImageIdsQuery, types.StashSenseImageIdsQueryVariables> =
  `query StashSenseImageIds($filter: FindFilterType, $image_filter: ImageFilterType) {
  findImages(filter: $filter, image_filter: $image_filter) { images { id } }
}`;

/** The same of galleries. */
export const GALLERY_IDS: StashDocument<
  types.StashSenseGalleryIdsQuery,
  types.StashSenseGalleryIdsQueryVariables
> = `query StashSenseGalleryIds($filter: FindFilterType, $gallery_filter: GalleryFilterType) {
  findGalleries(filter: $filter, gallery_filter: $gallery_filter) { galleries { id } }
}`;

export const STUDIOS: StashDocument<types.StashSenseStudiosQuery, types.StashSenseStudiosQueryVariables> =
  `query StashSenseStudios($q: String) {
  findStudios(filter: { q: $q, per_page: 12, sort: "name", direction: ASC }) {
    studios { id name }
  }
}`;

export const STUDIO: StashDocument<types.StashSenseStudioQuery, types.StashSenseStudioQueryVariables> =
  `query StashSenseStudio($id: ID!) {
  findStudio(id: $id) { name }
}`;

export const PERFORMER: StashDocument<
  types.StashSensePerformerQuery,
  types.StashSensePerformerQueryVariables
> = `query StashSensePerformer($id: ID!) {
  findPerformer(id: $id) { name }
}`;

export const TAGS: StashDocument<types.StashSenseTagsQuery, types.StashSenseTagsQueryVariables> =
  `query StashSenseTags($q: String) {
  findTags(filter: { q: $q, per_page: 12, sort: "name", direction: ASC }) {
    tags { id name }
  }
}`;

/** The folders in this one; in the one above where there is none of this path. */
export const FOLDERS: StashDocument<types.StashSenseFoldersQuery, types.StashSenseFoldersQueryVariables> =
  `query StashSenseFolders($path: String!) {
  directory(path: $path) { directories }
}`;

export const VERSION: StashDocument<types.StashSenseVersionQuery, types.StashSenseVersionQueryVariables> =
  `query StashSenseVersion {
  version { version }
}`;

export const IMAGE: StashDocument<types.StashSenseImageQuery, types.StashSenseImageQueryVariables> =
  `query StashSenseImage($id: ID!) {
  findImage(id: $id) {
    id
    title
    paths { thumbnail }
    visual_files { ... on ImageFile { path } ... on VideoFile { path } }
  }
}`;

export const GALLERY: StashDocument<types.StashSenseGalleryQuery, types.StashSenseGalleryQueryVariables> =
  `query StashSenseGallery($id: ID!) {
  findGallery(id: $id) { id title files { path } folder { path } }
}`;

export const JOB: StashDocument<types.StashSenseJobQuery, types.StashSenseJobQueryVariables> =
  `query StashSenseJob($id: ID!) {
  findJob(input: { id: $id }) { status progress }
}`;

export const STASH_BOXES: StashDocument<
  types.StashSenseStashBoxesQuery,
  types.StashSenseStashBoxesQueryVariables
> = `query StashSenseStashBoxes {
  configuration { general { stashBoxes { endpoint name } } }
}`;

/** Stash's page has no document of its own for this mutation. */
export const ASK: StashDocument<types.StashSenseAskMutation, types.StashSenseAskMutationVariables> =
  `mutation StashSenseAsk($args: Map) {
  runPluginOperation(plugin_id: "stash-sense", args: $args)
}`;

/** By its mode: its name in the menu says how much there is to fetch. */
export const INSTALL_NODE: StashDocument<
  types.StashSenseInstallNodeMutation,
  types.StashSenseInstallNodeMutationVariables
> = `mutation StashSenseInstallNode($description: String, $args: Map) {
  runPluginTask(plugin_id: "stash-sense", description: $description, args_map: $args)
}`;
