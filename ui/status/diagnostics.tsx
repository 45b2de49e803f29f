import { faCopy } from '@fortawesome/free-solid-svg-icons';
import React, { useEffect, useRef, useState } from 'react';
import { Button, Form, Modal } from 'react-bootstrap';
import { messageOf } from '../../core/message-of.ts';
import { useIsHere } from '../shared/hooks/use-act.ts';
import { Icon } from '../stash/icon.tsx';
import { findStashVersion } from '../stash/library.ts';
import { ask } from '../stash/operations.ts';
import { useToast } from '../stash/toast.tsx';
import { pageReport } from './page-report.ts';

/** Stash is often plain http, where a page may not reach the clipboard: then the text is shown, marked, to be copied by hand. */
export function CopyDiagnostics(): React.ReactElement {
  const [isAsking, setAsking] = useState(false);
  const [text, setText] = useState<string | null>(null);
  const isHere = useIsHere();
  const toast = useToast();

  async function copy(): Promise<void> {
    setAsking(true);
    const { text: report, words } = await makeReport();
    if (await toClipboard(report)) toast.done(words);
    else if (isHere.current) setText(report);
    if (isHere.current) setAsking(false);
  }

  return (
    <>
      <Button variant="secondary" size="sm" disabled={isAsking} onClick={() => void copy()}>
        <Icon icon={faCopy} /> Copy diagnostics
      </Button>
      {text !== null && <Shown text={text} onClose={() => setText(null)} />}
    </>
  );
}

function Shown({ text, onClose }: { text: string; onClose: () => void }): React.ReactElement {
  const area = useRef<HTMLTextAreaElement>(null);
  const [isCopied, setCopied] = useState(false);
  useEffect(() => area.current?.select(), []);
  return (
    <Modal show size="lg" onHide={onClose} aria-label="Diagnostics" className="stash-sense">
      <Modal.Header>Diagnostics</Modal.Header>
      <Modal.Body>
        <p id="stash-sense-report-help">
          This page may not reach the clipboard by itself. The text is marked: press Copy, or Ctrl and C. No
          secrets, titles or names are in it.
        </p>
        <Form.Control
          as="textarea"
          ref={area}
          readOnly
          rows={14}
          className="text-input stash-sense-report"
          aria-label="Diagnostics"
          aria-describedby="stash-sense-report-help"
          value={text}
        />
      </Modal.Body>
      <Modal.Footer>
        <span role="status" className="text-muted">
          {isCopied && 'Copied.'}
        </span>
        <Button variant="secondary" onClick={onClose}>
          Close
        </Button>
        <Button
          variant="primary"
          onClick={() => {
            area.current?.select();
            setCopied(copyMarked());
          }}
        >
          Copy
        </Button>
      </Modal.Footer>
    </Modal>
  );
}

/** Where the Node side cannot answer, what the page itself knows is better than nothing. */
async function makeReport(): Promise<{ text: string; words: string }> {
  try {
    const { text } = await ask('diagnostics', {});
    return { text, words: 'Copied. No secrets, titles or names are in it.' };
  } catch (error) {
    const stashVersion = await findStashVersion().catch(() => 'not reached');
    return {
      text: pageReport({ stashVersion, browser: navigator.userAgent, why: messageOf(error) }),
      words: 'Copied what the page knows: the plugin itself gave no report.',
    };
  }
}

async function toClipboard(text: string): Promise<boolean> {
  const { clipboard } = navigator as Partial<Navigator>;
  if (clipboard === undefined) return false;
  return await clipboard.writeText(text).then(
    () => true,
    () => false,
  );
}

/** The old way, which plain http allows. */
function copyMarked(): boolean {
  try {
    return document.execCommand('copy');
  } catch {
    return false;
  }
}
