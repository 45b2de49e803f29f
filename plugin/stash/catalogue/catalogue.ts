import type { Catalogue } from '../../../core/ports/library.ts';
import type { Graphql } from '../graphql.ts';
import * as documents from './documents.ts';

export function createCatalogue(graphql: Pick<Graphql, 'query'>): Catalogue {
  const unused = {
    performer: documents.unusedPerformersQuery,
    studio: documents.unusedStudiosQuery,
    tag: documents.unusedTagsQuery,
  };
  return {
    unused: (kind) => graphql.query(unused[kind]),
    pictureless: () => graphql.query(documents.picturelessQuery),
    folders: () => graphql.query(documents.foldersQuery),
  };
}
