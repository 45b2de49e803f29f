/** Every document that our Node side sends. */
import { FIELDS } from '../../core/changes/fields.ts';
import { StashKind } from '../../core/stash-ref.ts';
import { featuresOperation, type Features } from '../../plugin/stash/capabilities.ts';
import * as changes from '../../plugin/stash/changes/documents.ts';
import * as exclusions from '../../plugin/stash/exclusions/documents.ts';
import * as queries from '../../plugin/stash/queries.ts';

const MEDIA = ['scene', 'image', 'gallery'] as const;
const CREATED = ['performer', 'studio', 'tag'] as const;

/** By the name of its types: the document's own, after the kind where there is one of each kind. */
export function pluginDocuments(features: Features): ReadonlyMap<string, string> {
  const named: [string, { readonly document: string }][] = [];
  const add = (kind: StashKind, name: string, operation: { readonly document: string }): void => {
    named.push([`${kind.charAt(0).toUpperCase()}${kind.slice(1)}${name}`, operation]);
  };
  for (const kind of MEDIA) {
    add(kind, 'Items', queries.itemsQuery(kind, features));
    add(kind, 'Count', queries.countQuery(kind));
    add(kind, 'Item', queries.itemQuery(kind, features));
  }
  for (const kind of StashKind.options) {
    add(kind, 'Object', changes.objectQuery(kind));
    add(kind, 'Fields', changes.fieldsQuery(kind, Object.keys(FIELDS[kind])));
  }
  for (const kind of changes.kindsWith('bulk')) add(kind, 'Change', changes.bulkMutation(kind));
  for (const kind of new Set([...changes.kindsWith('merge'), ...changes.kindsWith('set')]))
    add(kind, 'Update', changes.updateMutation(kind));
  for (const kind of CREATED) {
    add(kind, 'Create', changes.createMutation(kind));
    add(kind, 'Destroy', changes.destroyMutation(kind));
    add(kind, 'Usage', changes.usageQuery(kind));
  }
  const single = Object.values(queries).filter(
    (it): it is Exclude<typeof it, (...args: never[]) => unknown> => typeof it === 'object',
  );
  for (const operation of [
    ...single,
    ...Object.values(exclusions),
    changes.performersByNameQuery,
    featuresOperation,
  ])
    named.push([/^(?:query|mutation) (\w+)/.exec(operation.document)?.[1] ?? '', operation]);
  return new Map(named.map(([name, { document }]) => [name, document]));
}
