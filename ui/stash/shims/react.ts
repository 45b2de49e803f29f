/** Stands for the package `react` in the bundle. */
import { stash } from '../api.ts';

const { React } = stash();
export default React;
export const { useCallback, useEffect, useLayoutEffect, useMemo, useRef, useState } = React;
