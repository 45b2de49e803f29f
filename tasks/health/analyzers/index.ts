import { HEALTH_ANALYZERS, type HealthAnalyzerId } from '../../../core/health/analyzers.ts';
import type { Analyzer } from '../analyzer.ts';
import { filesDamaged } from './files-damaged.ts';
import { filesGone } from './files-gone.ts';
import { nothingUsesIt } from './nothing-uses-it.ts';
import { peopleCounted } from './people-counted.ts';
import { performersLookAlike } from './performers-look-alike.ts';
import { performersNotSeen } from './performers-not-seen.ts';
import { performersWithoutPicture } from './performers-without-picture.ts';
import { sameStudiosAndTags } from './same-studios-and-tags.ts';
import { scenesIncomplete } from './scenes-incomplete.ts';
import { scenesWithSeveralFiles } from './scenes-with-several-files.ts';
import { scenesWithoutFingerprints } from './scenes-without-fingerprints.ts';
import { scenesWithoutPerformers } from './scenes-without-performers.ts';

const ANALYZERS: { readonly [Id in HealthAnalyzerId]: Analyzer<Id> } = {
  'files-gone': filesGone,
  'files-damaged': filesDamaged,
  'scenes-without-performers': scenesWithoutPerformers,
  'performers-not-seen': performersNotSeen,
  'people-counted': peopleCounted,
  'performers-without-picture': performersWithoutPicture,
  'performers-look-alike': performersLookAlike,
  'scenes-with-several-files': scenesWithSeveralFiles,
  'scenes-incomplete': scenesIncomplete,
  'scenes-without-fingerprints': scenesWithoutFingerprints,
  'same-studios-and-tags': sameStudiosAndTags,
  'nothing-uses-it': nothingUsesIt,
};

/** Every analyzer, in the order in which they run. */
export const analyzers: readonly Analyzer[] = HEALTH_ANALYZERS.map((id) => ANALYZERS[id]);
