import { faCheck, faCopy } from '@fortawesome/free-solid-svg-icons';
import React, { useRef, useState } from 'react';
import { Icon } from '../../stash/icon.tsx';
import { say } from '../../stash/intl.tsx';
import { copyMarked, toClipboard } from '../clipboard.ts';
import { MinorButton } from './minor-button.tsx';

/** A sentence that names commands to type between backticks: each becomes a block of its own, with a button that copies it. */
export function WithCommands({ text }: { text: string }): React.ReactElement {
  const parts = text.split('`');
  // An even number: a backtick without its partner.
  if (parts.length % 2 === 0) return <>{text}</>;
  return (
    <>
      {parts.map((part, n) =>
        n % 2 === 0 ? <React.Fragment key={n}>{part}</React.Fragment> : <Command key={n} text={part} />,
      )}
    </>
  );
}

function Command({ text }: { text: string }): React.ReactElement {
  const code = useRef<HTMLElement>(null);
  const [isCopied, setCopied] = useState(false);

  async function copy(): Promise<void> {
    if (await toClipboard(text)) return setCopied(true);
    // Also where copying fails, what is marked can be copied by hand.
    if (code.current !== null) getSelection()?.selectAllChildren(code.current);
    setCopied(copyMarked());
  }

  return (
    <span className="stash-sense-command">
      <code ref={code}>{text}</code>
      <MinorButton aria-label={say('page.copyCommand')} onClick={() => void copy()}>
        <Icon icon={isCopied ? faCheck : faCopy} /> {isCopied ? say('page.copied') : say('page.copy')}
      </MinorButton>
      <span role="status" className="sr-only">
        {isCopied && say('page.copied')}
      </span>
    </span>
  );
}
