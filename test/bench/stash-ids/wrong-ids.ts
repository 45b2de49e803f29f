import type { StashIdValue } from '../../../core/changes/change.ts';
import type { Entry } from '../gallery/people.ts';
import type { Mine, Theirs } from './cases.ts';

/** Stash IDs that are wrong, and what is right. */
export type WrongKind = {
  readonly what: string;
  readonly make: (
    box: WrongBox,
    one: Entry,
    n: number,
  ) => { readonly mine: Mine; readonly wrong: StashIdValue; readonly right: StashIdValue | null };
};
export type WrongBox = {
  readonly endpoint: string;
  readonly otherEndpoint: string;
  /** @returns the id */
  readonly add: (theirs: Theirs) => string;
  readonly addElsewhere: (theirs: Theirs) => string;
  readonly merge: (from: string, into: string) => void;
  readonly destroy: (id: string) => void;
};

export const WRONG_KINDS: readonly WrongKind[] = [
  {
    what: 'merged upstream',
    make({ endpoint, add, merge }, { name }) {
      const [old, into] = [add({ name }), add({ name })];
      merge(old, into);
      return { mine: { name }, wrong: { endpoint, stashId: old }, right: { endpoint, stashId: into } };
    },
  },
  {
    what: 'merged upstream, twice',
    make({ endpoint, add, merge }, { name }) {
      const [old, between, into] = [add({ name }), add({ name }), add({ name })];
      merge(old, between);
      merge(between, into);
      return { mine: { name }, wrong: { endpoint, stashId: old }, right: { endpoint, stashId: into } };
    },
  },
  {
    what: 'deleted upstream',
    make({ endpoint, add, destroy }, { name }) {
      const id = add({ name });
      destroy(id);
      return { mine: { name }, wrong: { endpoint, stashId: id }, right: null };
    },
  },
  {
    what: 'an address for an id',
    make({ endpoint, add }, { name }) {
      const id = add({ name });
      return {
        mine: { name },
        wrong: { endpoint, stashId: `https://box/performers/${id}` },
        right: { endpoint, stashId: id },
      };
    },
  },
  {
    what: 'an id of another stash-box',
    make({ endpoint, otherEndpoint, addElsewhere }, { name }) {
      const id = addElsewhere({ name });
      return {
        mine: { name },
        wrong: { endpoint, stashId: id },
        right: { endpoint: otherEndpoint, stashId: id },
      };
    },
  },
];
