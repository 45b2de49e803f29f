/** Stands for the package `@fortawesome/free-solid-svg-icons` in the bundle. */
import { stash } from './api.ts';

export const {
  faCheck,
  faCircleCheck,
  faCircleExclamation,
  faMagnifyingGlass,
  faPlay,
  faQuestion,
  faRotateLeft,
  faRotateRight,
  faStop,
  faTimes,
  faTriangleExclamation,
  faUser,
  faUserCheck,
} = stash().libraries.FontAwesomeSolid;
