import React, { useState } from 'react';
import type { Output } from '../../core/contract/operations.ts';
import { Switch } from '../shared/fields.tsx';
import { useAnswer } from '../shared/hooks/use-answer.ts';
import { useAct } from '../shared/hooks/use-act.ts';
import { Problem } from '../shared/widgets/problem.tsx';
import { say } from '../stash/intl.tsx';
import { ask } from '../stash/operations.ts';

type Analyzer = Output<'health.view'>['analyzers'][number];

/** What *Check library health* looks for, each switched on or off at once. */
export function HealthAnalyzers(): React.ReactElement {
  const { answer, problem, reload } = useAnswer('health.view', {});
  const [changed, setChanged] = useState<readonly Analyzer[] | null>(null);
  const { isPending, act } = useAct();
  const shown = changed ?? answer?.analyzers ?? [];

  const set = ({ id, isOn }: Analyzer): void =>
    act(async () => {
      const { analyzers } = await ask('health.set', { id, isOn: !isOn });
      setChanged(analyzers);
      return say(isOn ? 'health.isOff' : 'health.isOn', { name: say(`health.analyzer.${id}`) });
    });

  return (
    <fieldset className="stash-sense-settings">
      <legend>{say('health.looksFor')}</legend>
      {problem !== null && <Problem message={problem} onRetry={reload} />}
      {shown.map((analyzer) => (
        <Switch
          key={analyzer.id}
          label={say(`health.analyzer.${analyzer.id}`)}
          help={say('health.open', { count: analyzer.open })}
          isOn={analyzer.isOn}
          isDisabled={isPending}
          onChange={() => set(analyzer)}
        />
      ))}
    </fieldset>
  );
}
