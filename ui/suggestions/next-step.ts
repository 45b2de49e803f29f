import type { Status } from '../../core/contract/status.ts';
import { isUnderWay } from '../shared/widgets/run-state.tsx';
import { say } from '../stash/intl.tsx';

/** What has to happen before there is something to decide. */
export type NextStep = {
  readonly words: string;
  readonly action:
    | { readonly kind: 'task'; readonly task: 'people' | 'scan'; readonly label: string }
    | { readonly kind: 'tab'; readonly tab: 'status' | 'runs'; readonly label: string };
};

export function nextStep({ checks, people, scan, runs }: Status): NextStep {
  // What is found elsewhere, or is missing, makes an empty list.
  const first = checks.find(({ id, ok }) => !ok && (id === 'folder' || id === 'weights'));
  if (first !== undefined)
    return {
      words: say(first.message),
      action: { kind: 'tab', tab: 'status', label: say('suggestions.openStatus') },
    };
  const run = runs.find(
    (candidate) => (candidate.task === 'scan' || candidate.task === 'people') && isUnderWay(candidate),
  );
  const toRuns = { kind: 'tab', tab: 'runs', label: say('suggestions.seeProgress') } as const;
  if (run?.task === 'scan') return { words: say('suggestions.scanIsUnderWay'), action: toRuns };
  if (run?.task === 'people') return { words: say('suggestions.updateIsUnderWay'), action: toRuns };
  const action = { kind: 'task', task: 'scan', label: say('suggestions.scanLibrary') } as const;
  if (scan.done + scan.skipped + scan.failed === 0)
    return {
      words: say('suggestions.notScannedYet'),
      action,
    };
  if (people.withReference === 0)
    return {
      words: say('suggestions.nobodyKnownYet'),
      action: { kind: 'task', task: 'people', label: say('people.update') },
    };
  if (scan.pending > 0)
    return {
      words: say('suggestions.restNotScanned', { count: scan.pending }),
      action,
    };
  return { words: say('suggestions.scanWhatIsNew'), action };
}
