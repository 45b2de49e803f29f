/** Stands for the package `react-intl` in the bundle. */
import { stash } from '../api.ts';

export const { createIntl, IntlContext } = stash().libraries.Intl;
