/** What a performer of a stash-box has of whom nothing is known, and what is left after a merge or a deletion. */

const NOTHING = {
  gender: null,
  birth_date: null,
  death_date: null,
  ethnicity: null,
  country: null,
  eye_color: null,
  hair_color: null,
  height: null,
  cup_size: null,
  band_size: null,
  waist_size: null,
  hip_size: null,
  breast_type: null,
  career_start_year: null,
  career_end_year: null,
  disambiguation: null,
  deleted: false,
  merged_into_id: null,
  is_favorite: false,
} as const;
/** Of one who was just added. */
export const EMPTY = {
  ...NOTHING,
  get aliases() {
    return [];
  },
  get urls() {
    return [];
  },
  get imageIds() {
    return [];
  },
  get merged_ids(): string[] {
    return [];
  },
  tattoos: null,
  piercings: null,
};
/** What a merge or a deletion leaves empty. */
export const BARE = {
  deleted: true,
  aliases: [],
  urls: [],
  imageIds: [],
  tattoos: null,
  piercings: null,
  is_favorite: false,
};
