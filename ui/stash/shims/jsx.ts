/** What JSX becomes in the bundle: one short name each, in place of a property of React at every element. */
import { stash } from '../api.ts';

const { createElement, Fragment } = stash().React;
export { createElement as jsxElement, Fragment as jsxFragment };
