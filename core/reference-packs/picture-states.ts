/**
What became of a picture of a person: `used`, or why it is none of the references.
`missing`: the stash-box does not have it. `small`, `turned`: the face. `outlier`: it shows somebody else than the others do.
`disagrees`: no two pictures of the person show the same face, so nobody can say which is theirs.
*/
export const PICTURE_STATES = [
  'used',
  'outlier',
  'disagrees',
  'several-faces',
  'no-face',
  'drawing',
  'small',
  'turned',
  'unreadable',
  'missing',
] as const;
export type PictureState = (typeof PICTURE_STATES)[number];
