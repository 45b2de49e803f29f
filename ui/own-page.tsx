import React, { useEffect, useState } from 'react';
import { messageOf } from '../core/message-of.ts';
import { NoAnswer } from './shared/widgets/no-answer.tsx';

declare const STASH_SENSE_PAGE: string;

/** What the second script exports. */
type Parts = {
  readonly StashSensePage: React.ComponentType;
  readonly BoxesPanel: React.ComponentType<{ readonly performerId: string }>;
  readonly SceneBoxesPanel: React.ComponentType<{ readonly sceneId: string }>;
  readonly FacePanel: React.ComponentType<{ readonly performerId: string }>;
};

/** The plugin's page, whose script is loaded when it is opened: who looks at scenes alone does not wait for it. */
export function OwnPage(): React.ReactElement {
  const { parts, waiting } = useParts();
  if (parts !== null) return <parts.StashSensePage />;
  return <div className="stash-sense stash-sense-page container-fluid">{waiting}</div>;
}

/** The stash-boxes of a performer, which stand in the same script. */
export function PerformerBoxes({ performerId }: { performerId: string }): React.ReactElement {
  const { parts, waiting } = useParts();
  return parts === null ? waiting : <parts.BoxesPanel performerId={performerId} />;
}

/** Those of a scene. */
export function SceneBoxes({ sceneId }: { sceneId: string }): React.ReactElement {
  const { parts, waiting } = useParts();
  return parts === null ? waiting : <parts.SceneBoxesPanel sceneId={sceneId} />;
}

/** What is known of the face of a performer, likewise. */
export function PerformerFace({ performerId }: { performerId: string }): React.ReactElement {
  const { parts, waiting } = useParts();
  return parts === null ? waiting : <parts.FacePanel performerId={performerId} />;
}

/** `waiting` is drawn until they are there. */
function useParts(): { readonly parts: Parts | null; readonly waiting: React.ReactElement } {
  const [parts, setParts] = useState<Parts | null>(null);
  const [problem, setProblem] = useState<string | null>(null);
  const [tries, setTries] = useState(() => failures);
  useEffect(() => {
    let isHere = true;
    load(tries).then(
      (loaded) => isHere && setParts(loaded),
      (error: unknown) => isHere && setProblem(messageOf(error)),
    );
    return () => {
      isHere = false;
    };
  }, [tries]);
  const retry = (): void => {
    setProblem(null);
    setTries((before) => Math.max(failures, before + 1));
  };
  return { parts, waiting: <NoAnswer problem={problem} onRetry={retry} /> };
}

/** Since Stash's page was loaded, by whatever part of it. */
let failures = 0;

/** Browsers remember for an address that its script did not load: each try after a failure has one of its own. */
async function load(tries: number): Promise<Parts> {
  // Relative to the address of this script, which may lie under a path of a proxy.
  const address = `./assets/page.js?${STASH_SENSE_PAGE}${tries === 0 ? '' : `-${tries}`}`;
  try {
    return (await import(address)) as Parts;
  } catch (error) {
    // Of two that fail the one that began first may fail last.
    failures = Math.max(failures, tries + 1);
    throw error;
  }
}
