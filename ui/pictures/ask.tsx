import React, { useEffect, useRef, useState } from 'react';
import { Button, Spinner } from 'react-bootstrap';
import { Link } from 'react-router-dom';
import type { AskedCandidate, AskedFace } from '../../core/contract/pictures.ts';
import type { Output } from '../../core/contract/operations.ts';
import { messageOf } from '../../core/message-of.ts';
import { useIsHere } from '../shared/hooks/use-act.ts';
import { BoxLinks } from '../shared/pack-people/box-link.tsx';
import { PackFace } from '../shared/pack-people/pack-face.tsx';
import { Confidence } from '../shared/widgets/confidence.tsx';
import { Face } from '../shared/widgets/face.tsx';
import { Notice } from '../shared/widgets/notice.tsx';
import { bytes } from '../shared/words.ts';
import { ask } from '../stash/operations.ts';
import { say } from '../stash/intl.tsx';
import { MAX_BYTES, readPicture } from './read-picture.ts';

type Asked = {
  readonly url: string | null;
  /** Null: not answered yet. */
  readonly answer: Output<'pictures.ask'> | null;
};

/** Who is in a picture that is dropped, pasted or chosen here. Nothing of it is kept. */
export function AskPicture(): React.ReactElement {
  const [asked, setAsked] = useState<Asked | null>(null);
  const [problem, setProblem] = useState<string | null>(null);
  const [isOver, setOver] = useState(false);
  const turn = useRef(0);
  const isHere = useIsHere();
  const input = useRef<HTMLInputElement>(null);

  async function askAbout(file: Blob): Promise<void> {
    const mine = ++turn.current;
    const isNewest = (): boolean => isHere.current && mine === turn.current;
    setProblem(null);
    setAsked({ url: null, answer: null });
    try {
      if (file.size > MAX_BYTES) throw new Error(say('pictures.tooLarge', { size: bytes(MAX_BYTES) }));
      const { url, base64 } = await readPicture(file);
      if (isNewest()) setAsked({ url, answer: null });
      const answer = await ask('pictures.ask', { base64 });
      if (isNewest()) setAsked({ url, answer });
    } catch (error) {
      if (!isNewest()) return;
      setProblem(messageOf(error));
      setAsked(null);
    }
  }

  const newest = useRef(askAbout);
  useEffect(() => {
    newest.current = askAbout;
  });
  useEffect(() => {
    const paste = (event: ClipboardEvent): void => {
      const file = [...(event.clipboardData?.files ?? [])].find(isPicture);
      if (file !== undefined) void newest.current(file);
    };
    document.addEventListener('paste', paste);
    return () => {
      document.removeEventListener('paste', paste);
    };
  }, []);

  return (
    <section className="stash-sense-ask" aria-label={say('pictures.ask')}>
      <h5>{say('pictures.ask')}</h5>
      <div
        className={`stash-sense-drop${isOver ? ' stash-sense-drop-over' : ''}`}
        onDragOver={(event) => {
          event.preventDefault();
          setOver(true);
        }}
        onDragLeave={() => setOver(false)}
        onDrop={(event) => {
          event.preventDefault();
          setOver(false);
          const [file] = event.dataTransfer.files;
          if (file) void askAbout(file);
        }}
      >
        <input
          type="file"
          accept="image/*"
          hidden
          ref={input}
          aria-label={say('pictures.choose')}
          onChange={(event) => {
            const [file] = event.target.files ?? [];
            if (file) void askAbout(file);
            event.target.value = '';
          }}
        />
        <Button variant="secondary" onClick={() => input.current?.click()}>
          {say('pictures.choose')}
        </Button>{' '}
        <span className="text-muted">{say('pictures.dropHere')}</span>
      </div>
      {problem !== null && <Notice variant="danger">{problem}</Notice>}
      {asked !== null && <Answer asked={asked} />}
    </section>
  );
}

function isPicture({ type }: Blob): boolean {
  return type.startsWith('image/');
}

function Answer({ asked: { url, answer } }: { asked: Asked }): React.ReactElement {
  return (
    <div className="stash-sense-asked">
      {url !== null && (
        <div className="stash-sense-asked-picture">
          <img src={url} alt={say('pictures.asked')} />
          {answer?.faces.map((face, place) => (
            <span key={face.key} className="stash-sense-box" style={styleOf(face)} aria-hidden="true">
              {place + 1}
            </span>
          ))}
        </div>
      )}
      <div role="status">
        {answer === null ? (
          <>
            <Spinner as="span" animation="border" size="sm" /> {say('pictures.isLooking')}
          </>
        ) : (
          <p className="text-muted">
            {say('pictures.found', { count: answer.faces.length, people: answer.peopleCount })}
          </p>
        )}
        <ol className="list-unstyled">
          {answer?.faces.map((face, place) => (
            <FaceRow key={face.key} face={face} number={place + 1} />
          ))}
        </ol>
      </div>
    </div>
  );
}

function percent(fraction: number): string {
  return `${100 * fraction}%`;
}

function styleOf({ box }: AskedFace): React.CSSProperties {
  return {
    left: percent(box.x),
    top: percent(box.y),
    width: percent(box.width),
    height: percent(box.height),
  };
}

/** As many as are worth looking at. */
const SHOWN = 3;

function FaceRow({ face, number }: { face: AskedFace; number: number }): React.ReactElement {
  const label = say('pictures.face', { number });
  return (
    <li className="stash-sense-asked-face">
      <Face url={face.crop} label={label} size="medium" />
      <div>
        <h6>{label}</h6>
        {face.decision === 'unknown' && <p className="text-muted">{say('faces.nobodyFits')}</p>}
        <ul className="stash-sense-candidates list-unstyled">
          {face.candidates.slice(0, SHOWN).map((candidate) => (
            <Candidate key={candidate.pack?.personId ?? candidate.performerId} candidate={candidate} />
          ))}
        </ul>
      </div>
    </li>
  );
}

function Candidate({ candidate }: { candidate: AskedCandidate }): React.ReactElement {
  const { performerId, name, confidence, reference, pack } = candidate;
  return (
    <li className="stash-sense-candidate">
      {pack === undefined ? (
        <Face url={reference?.url ?? null} label={say('faces.pictureOf', { name })} size="small" />
      ) : (
        <PackFace personId={pack.personId} name={name} size="small" />
      )}
      <div className="stash-sense-candidate-text">
        <span className="stash-sense-name">
          {performerId === null ? name : <Link to={`/performers/${performerId}`}>{name}</Link>}{' '}
          {pack !== undefined && <BoxLinks stashIds={pack.stashIds} joins={pack.joins} name={name} />}
        </span>
        <Confidence confidence={confidence} />
      </div>
    </li>
  );
}
