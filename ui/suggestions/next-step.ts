import type { Status } from '../../core/contract/status.ts';
import { isUnderWay } from '../shared/widgets/run-state.tsx';

/** What has to happen before there is something to decide. */
export type NextStep = {
  readonly words: string;
  readonly action:
    | { readonly kind: 'task'; readonly task: 'people' | 'scan'; readonly label: string }
    | { readonly kind: 'tab'; readonly tab: 'status' | 'runs'; readonly label: string };
};

export function nextStep({ checks, people, scan, runs }: Status): NextStep {
  const weights = checks.find(({ id }) => id === 'weights');
  if (weights?.ok === false)
    return { words: weights.message, action: { kind: 'tab', tab: 'status', label: 'Open Status' } };
  const run = runs.find((it) => (it.task === 'scan' || it.task === 'people') && isUnderWay(it));
  const toRuns = { kind: 'tab', tab: 'runs', label: 'See how far it is' } as const;
  if (run?.task === 'scan') return { words: 'Scan library is under way.', action: toRuns };
  if (run?.task === 'people')
    return { words: 'Update people is under way. Start Scan library after it.', action: toRuns };
  const action = { kind: 'task', task: 'scan', label: 'Scan library' } as const;
  if (scan.done + scan.skipped + scan.failed === 0)
    return {
      words:
        'Your library has not been looked at yet: a scan learns your performers from the pictures they have in Stash, then looks for them.',
      action,
    };
  if (people.withReference === 0)
    return {
      words:
        'Nobody can be recognised yet: give your performers pictures in Stash that show their face, then have them learnt.',
      action: { kind: 'task', task: 'people', label: 'Update people' },
    };
  if (scan.pending > 0)
    return {
      words: `${scan.pending.toLocaleString('en-US')} scenes and pictures have not been looked at yet.`,
      action,
    };
  return { words: 'A scan looks for the people you know in what is new.', action };
}
