/** Stands for the package `@fortawesome/free-solid-svg-icons` in the bundle. */
import { stash } from '../api.ts';

export const {
  faCheck,
  faCircleCheck,
  faCircleExclamation,
  faCircleInfo,
  faCopy,
  faDownload,
  faFolderOpen,
  faHourglassHalf,
  faMagnifyingGlass,
  faPen,
  faPlay,
  faQuestion,
  faRotateLeft,
  faRotateRight,
  faStop,
  faTimes,
  faTrash,
  faTriangleExclamation,
  faUser,
  faUserCheck,
} = stash().libraries.FontAwesomeSolid;
