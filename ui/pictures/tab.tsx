import React, { useEffect, useState } from 'react';
import { Button, Form } from 'react-bootstrap';
import { Link } from 'react-router-dom';
import { Face } from '../shared/widgets/face.tsx';
import { Notice } from '../shared/widgets/notice.tsx';
import { FacesPanel } from '../faces/faces-panel.tsx';
import { findSubject, type Subject } from '../stash/library.ts';
import { facesOf, pageOf, subjectIn } from '../stash/navigation.ts';
import { useAnswer } from '../shared/hooks/use-answer.ts';
import { useQuery } from '../shared/hooks/use-query.ts';

/** The faces of one image or gallery, or a way to one. */
export function PicturesTab(): React.ReactElement {
  const { values } = useQuery();
  const subject = pictureOf(values);
  return subject ? <Pictured key={`${subject.kind}:${subject.id}`} subject={subject} /> : <Choose />;
}

function pictureOf(values: URLSearchParams): Subject | null {
  const [image, gallery] = [values.get('image') ?? '', values.get('gallery') ?? ''];
  return subjectIn(image, 'image') ?? subjectIn(gallery, 'gallery');
}

function Pictured({ subject }: { subject: Subject }): React.ReactElement {
  const { change } = useQuery();
  const [found, setFound] = useState<Awaited<ReturnType<typeof findSubject>> | 'unasked'>('unasked');

  const { kind, id } = subject;
  useEffect(() => {
    let isHere = true;
    // Only a title and a picture: without them the faces still show.
    findSubject({ kind, id }).then(
      (it) => isHere && setFound(it),
      () => undefined,
    );
    return () => {
      isHere = false;
    };
  }, [kind, id]);

  const isKnown = found !== 'unasked' && found !== null;
  const title = isKnown && found.title !== '' ? found.title : `${subject.kind} ${subject.id}`;
  return (
    <div className="stash-sense-pictured">
      <div className="stash-sense-pictured-head">
        {isKnown && found.picture !== null && <Face url={found.picture} label={title} size="large" />}
        <div>
          <h4>
            <Link to={pageOf(subject)}>{title}</Link>
          </h4>
          <Button
            variant="secondary"
            size="sm"
            onClick={() => change({ image: null, gallery: null, tab: 'pictures' }, 'push')}
          >
            Another image or gallery
          </Button>
        </div>
      </div>
      {found === null ? (
        <Notice variant="warning">
          Stash has no {subject.kind} with the number {subject.id}.
        </Notice>
      ) : (
        <FacesPanel subject={subject} />
      )}
    </div>
  );
}

function Choose(): React.ReactElement {
  const { change } = useQuery();
  const [text, setText] = useState('');
  const [kind, setKind] = useState<'image' | 'gallery'>('image');
  const subject = subjectIn(text, kind);
  return (
    <>
      <Form
        className="stash-sense-filter"
        onSubmit={(event) => {
          event.preventDefault();
          if (subject) change({ tab: null, [subject.kind]: subject.id }, 'push');
        }}
      >
        <Form.Control
          as="select"
          className="input-control stash-sense-choice"
          aria-label="Image or gallery"
          value={kind}
          onChange={(event) => setKind(event.target.value === 'gallery' ? 'gallery' : 'image')}
        >
          <option value="image">Image</option>
          <option value="gallery">Gallery</option>
        </Form.Control>
        <Form.Control
          className="text-input stash-sense-filter-text"
          placeholder="Number, or address of its page"
          aria-label="Number, or address of its page"
          value={text}
          onChange={(event) => setText(event.target.value)}
        />
        <Button type="submit" disabled={subject === null || subject.kind === 'scene'}>
          Show faces
        </Button>
      </Form>
      <p className="text-muted">
        Images also have a button on their own page, below the details. Scan library looks at images and
        galleries when the Settings tab says so.
      </p>
      <WithSuggestions kind="image" title="Images with suggestions" />
      <WithSuggestions kind="gallery" title="Galleries with suggestions" />
    </>
  );
}

function WithSuggestions({
  kind,
  title,
}: {
  kind: 'image' | 'gallery';
  title: string;
}): React.ReactElement | null {
  const { answer, problem } = useAnswer('suggestions.list', { subjectKind: kind, state: 'open', limit: 60 });
  if (problem !== null) return <Notice variant="danger">{problem}</Notice>;
  const subjects = new Map(answer?.items.map((item) => [item.subject.id, item]));
  if (subjects.size === 0) return null;
  return (
    <>
      <h5>{title}</h5>
      <ul className="stash-sense-pictures list-unstyled">
        {[...subjects.values()].map(({ subject, subjectTitle, crop, performerName }) => (
          <li key={subject.id}>
            <Link to={facesOf(subject)}>
              <Face url={crop?.url ?? null} label="" size="medium" />
              <span>{subjectTitle === '' ? `${kind} ${subject.id}` : subjectTitle}</span>
              <span className="text-muted">{performerName}</span>
            </Link>
          </li>
        ))}
      </ul>
    </>
  );
}
