/** The package of the sample people: the id of its folder and its zip. */
export const SAMPLE_PEOPLE = 'stash-sense-sample-people';
