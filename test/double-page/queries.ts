/** What the page asks of Stash. Small on purpose: whatever serves the page must answer these. */
import { gql } from '@apollo/client';

export const PLUGINS = gql`
  query Plugins {
    plugins {
      id
      enabled
      paths {
        javascript
        css
      }
    }
  }
`;

export const FIND_SCENES = gql`
  query FindScenes($filter: FindFilterType, $scene_filter: SceneFilterType) {
    findScenes(filter: $filter, scene_filter: $scene_filter) {
      count
      scenes {
        id
        title
        files {
          id
          basename
        }
        paths {
          screenshot
        }
        performers {
          id
          name
        }
      }
    }
  }
`;

export const FIND_SCENE = gql`
  query FindScene($id: ID!) {
    findScene(id: $id) {
      id
      title
      files {
        id
        basename
        path
        duration
        width
        height
      }
      paths {
        screenshot
        stream
      }
      performers {
        id
        name
        image_path
      }
      tags {
        id
        name
      }
    }
  }
`;

/** Answers what the page shows, so that Apollo's cache holds it: as Stash's own. */
export const UPDATE_SCENE = gql`
  mutation SceneUpdate($input: SceneUpdateInput!) {
    sceneUpdate(input: $input) {
      id
      title
      performers {
        id
        name
        image_path
      }
    }
  }
`;

export const UPDATE_IMAGE = gql`
  mutation ImageUpdate($input: ImageUpdateInput!) {
    imageUpdate(input: $input) {
      id
      title
      performers {
        id
        name
        image_path
      }
    }
  }
`;

export const FIND_IMAGE = gql`
  query FindImage($id: ID!) {
    findImage(id: $id) {
      id
      title
      paths {
        image
      }
      performers {
        id
        name
        image_path
      }
    }
  }
`;

export const FIND_IMAGES = gql`
  query FindImages($filter: FindFilterType, $image_filter: ImageFilterType) {
    findImages(filter: $filter, image_filter: $image_filter) {
      count
      images {
        id
        title
      }
    }
  }
`;

export const FIND_PERFORMER = gql`
  query FindPerformer($id: ID!) {
    findPerformer(id: $id) {
      id
      name
      image_path
    }
  }
`;

export const FIND_PERFORMERS = gql`
  query FindPerformers($filter: FindFilterType, $performer_filter: PerformerFilterType) {
    findPerformers(filter: $filter, performer_filter: $performer_filter) {
      count
      performers {
        id
        name
        image_path
      }
    }
  }
`;
