/** Stash's own react-intl stands in the bundle for the package (tools/esbuild/ui.ts). */
import { stash } from './api.ts';

export const { createIntl, IntlContext } = stash().libraries.Intl;
