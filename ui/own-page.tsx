import React, { useEffect, useState } from 'react';
import { messageOf } from '../core/message-of.ts';
import { NoAnswer } from './shared/widgets/no-answer.tsx';

declare const STASH_SENSE_PAGE: string;

type OwnPageModule = { readonly StashSensePage: React.ComponentType };

/** The plugin's page, whose script is loaded when it is opened: who looks at scenes alone does not wait for it. */
export function OwnPage(): React.ReactElement {
  const [found, setFound] = useState<OwnPageModule | null>(null);
  const [problem, setProblem] = useState<string | null>(null);
  const [tries, setTries] = useState(0);
  useEffect(() => {
    let isHere = true;
    load(tries).then(
      (module) => isHere && setFound(module),
      (error: unknown) => isHere && setProblem(messageOf(error)),
    );
    return () => {
      isHere = false;
    };
  }, [tries]);
  if (found !== null) return <found.StashSensePage />;
  return (
    <div className="stash-sense stash-sense-page container-fluid">
      <NoAnswer
        problem={problem}
        onRetry={() => {
          setProblem(null);
          setTries((before) => before + 1);
        }}
      />
    </div>
  );
}

/** Browsers remember for an address that its script did not load: each try has one of its own. */
async function load(tries: number): Promise<OwnPageModule> {
  // Relative to the address of this script, which may lie under a path of a proxy.
  const address = `./assets/page.js?${STASH_SENSE_PAGE}${tries === 0 ? '' : `-${tries}`}`;
  return (await import(address)) as OwnPageModule;
}
