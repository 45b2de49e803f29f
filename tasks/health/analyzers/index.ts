import { HEALTH_ANALYZERS, type HealthAnalyzerId } from '../../../core/health/analyzers.ts';
import type { Analyzer } from '../analyzer.ts';
import { scenesIncomplete } from './scenes-incomplete.ts';
import { scenesWithSeveralFiles } from './scenes-with-several-files.ts';
import { scenesWithoutPerformers } from './scenes-without-performers.ts';

const ANALYZERS: { readonly [Id in HealthAnalyzerId]: Analyzer<Id> } = {
  'scenes-without-performers': scenesWithoutPerformers,
  'scenes-with-several-files': scenesWithSeveralFiles,
  'scenes-incomplete': scenesIncomplete,
};

/** Every analyzer, in the order in which they run. */
export const analyzers: readonly Analyzer[] = HEALTH_ANALYZERS.map((id) => ANALYZERS[id]);
