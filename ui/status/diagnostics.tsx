import { faCopy } from '@fortawesome/free-solid-svg-icons';
import React, { useEffect, useRef, useState } from 'react';
import { Button, Form, Modal } from 'react-bootstrap';
import { messageOf } from '../../core/message-of.ts';
import { copyMarked, toClipboard } from '../shared/clipboard.ts';
import { useIsHere } from '../shared/hooks/use-act.ts';
import { Icon } from '../stash/icon.tsx';
import { findStashVersion } from '../stash/library.ts';
import { ask } from '../stash/operations.ts';
import { useToast } from '../stash/toast.tsx';
import { pageReport } from './page-report.ts';
import { say } from '../stash/intl.tsx';
import { MinorButton } from '../shared/widgets/minor-button.tsx';

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
      <MinorButton disabled={isAsking} onClick={() => void copy()}>
        <Icon icon={faCopy} /> {say('status.copyDiagnostics')}
      </MinorButton>
      {text !== null && <Shown text={text} onClose={() => setText(null)} />}
    </>
  );
}

function Shown({ text, onClose }: { text: string; onClose: () => void }): React.ReactElement {
  const area = useRef<HTMLTextAreaElement>(null);
  const [isCopied, setCopied] = useState(false);
  useEffect(() => area.current?.select(), []);
  return (
    <Modal show size="lg" onHide={onClose} aria-label={say('status.diagnostics')} className="stash-sense">
      <Modal.Header>{say('status.diagnostics')}</Modal.Header>
      <Modal.Body>
        <p id="stash-sense-report-help">{say('status.copyByHand')}</p>
        <Form.Control
          as="textarea"
          ref={area}
          readOnly
          rows={14}
          className="text-input stash-sense-report"
          aria-label={say('status.diagnostics')}
          aria-describedby="stash-sense-report-help"
          value={text}
        />
      </Modal.Body>
      <Modal.Footer>
        <span role="status" className="text-muted">
          {isCopied && say('page.copied')}
        </span>
        <Button variant="secondary" onClick={onClose}>
          {say('page.close')}
        </Button>
        <Button
          variant="primary"
          onClick={() => {
            area.current?.select();
            setCopied(copyMarked());
          }}
        >
          {say('page.copy')}
        </Button>
      </Modal.Footer>
    </Modal>
  );
}

/** Where the Node side cannot answer, what the page itself knows is better than nothing. */
async function makeReport(): Promise<{ text: string; words: string }> {
  try {
    const { text } = await ask('diagnostics', {});
    return { text, words: say('status.copiedReport') };
  } catch (error) {
    const stashVersion = await findStashVersion().catch(() => say('status.notReached'));
    return {
      text: pageReport({ stashVersion, browser: navigator.userAgent, why: messageOf(error) }),
      words: say('status.copiedPageReport'),
    };
  }
}
