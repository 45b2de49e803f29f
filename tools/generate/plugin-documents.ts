/** Every document that our Node side sends. */
import { FIELDS } from '../../core/changes/fields.ts';
import { StashKind } from '../../core/stash-ref.ts';
import { featuresOperation, type Features } from '../../plugin/stash/capabilities.ts';
import * as changes from '../../plugin/stash/changes/documents.ts';
import { coverMutation, pictureMutation } from '../../plugin/stash/changes/picture.ts';
import { lackingFields } from '../../plugin/stash/changes/wire.ts';
import { usageQuery } from '../../plugin/stash/changes/usage.ts';
import * as exclusions from '../../plugin/stash/exclusions/documents.ts';
import { namedStudiosQuery, namedTagsQuery } from '../../plugin/stash/changes/named.ts';
import * as catalogue from '../../plugin/stash/catalogue/documents.ts';
import { linkedScenesQuery, scenesStudiosQuery } from '../../plugin/stash/lookups/linked-scenes.ts';
import { scenesOfBoxQuery } from '../../plugin/stash/lookups/scenes-of-box.ts';
import { submitFingerprintsMutation } from '../../plugin/stash/lookups/submit-fingerprints.ts';
import { askOwnOperation, newestSceneQuery } from '../../plugin/stash/lookups/scheduler-link.ts';
import * as queries from '../../plugin/stash/queries.ts';
import {
  scrapedPerformersQuery,
  scrapedPicturesQuery,
  scrapersQuery,
} from '../../plugin/stash/lookups/scrapers.ts';

const MEDIA = ['scene', 'image', 'gallery'] as const;
const CREATED = ['performer', 'studio', 'tag'] as const;

/** By the name of its types: the document's own, after the kind where there is one of each kind. */
export function pluginDocuments(features: Features): ReadonlyMap<string, string> {
  return new Map([...readingDocuments(features), ...writingDocuments(features)]);
}

export function readingDocuments(features: Features): ReadonlyMap<string, string> {
  const { add, addSingle, all } = collected();
  for (const kind of MEDIA) {
    add(kind, 'Items', queries.itemsQuery(kind, features));
    add(kind, 'Count', queries.countQuery(kind));
    add(kind, 'Item', queries.itemQuery(kind, features));
  }
  for (const kind of CREATED) add(kind, 'Usage', usageQuery(kind, features));
  const single = Object.values(queries).filter(
    (it): it is Exclude<typeof it, (...args: never[]) => unknown> => typeof it === 'object',
  );
  addSingle([
    ...single,
    ...Object.values(exclusions),
    ...Object.values(catalogue),
    featuresOperation,
    queries.stashBoxesQuery(features),
    linkedScenesQuery(2),
    scenesStudiosQuery(2),
    scenesOfBoxQuery,
    submitFingerprintsMutation,
    queries.performersAlikeQuery(2),
    scrapersQuery,
    scrapedPerformersQuery,
    scrapedPicturesQuery,
    newestSceneQuery,
    askOwnOperation,
    namedStudiosQuery,
    namedTagsQuery(features),
  ]);
  return all;
}

/** Of the write path. */
export function writingDocuments(features: Features): ReadonlyMap<string, string> {
  const { add, addSingle, all } = collected();
  for (const kind of StashKind.options) {
    const lacking = lackingFields(kind, features);
    const fields = Object.keys(FIELDS[kind]).filter((name) => !lacking.includes(name));
    add(kind, 'Object', changes.objectQuery(kind, lacking));
    add(kind, 'Fields', changes.fieldsQuery(kind, fields));
  }
  for (const kind of changes.kindsWith('bulk')) add(kind, 'Change', changes.bulkMutation(kind));
  for (const kind of new Set([...changes.kindsWith('merge'), ...changes.kindsWith('set')]))
    add(kind, 'Update', changes.updateMutation(kind));
  for (const kind of CREATED) {
    add(kind, 'Create', changes.createMutation(kind));
    add(kind, 'Destroy', changes.destroyMutation(kind));
  }
  addSingle([changes.performersByNameQuery, pictureMutation, coverMutation]);
  return all;
}

type Document = { readonly document: string };

function collected() {
  const all = new Map<string, string>();
  return {
    all,
    add: (kind: StashKind, name: string, { document }: Document): void => {
      all.set(`${kind.charAt(0).toUpperCase()}${kind.slice(1)}${name}`, document);
    },
    addSingle: (operations: readonly Document[]): void => {
      for (const { document } of operations)
        all.set(/^(?:query|mutation) (\w+)/.exec(document)?.[1] ?? '', document);
    },
  };
}
