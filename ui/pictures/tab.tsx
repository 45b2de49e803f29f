import React, { useEffect, useState } from 'react';
import { Button, Form } from 'react-bootstrap';
import { Link } from 'react-router-dom';
import type { SuggestionView } from '../../core/contract/suggestions.ts';
import { Face } from '../shared/widgets/face.tsx';
import { Notice } from '../shared/widgets/notice.tsx';
import { FacesPanel } from '../faces/faces-panel.tsx';
import { AskPicture } from './ask.tsx';
import { findEntity, type EntityRef } from '../stash/library.ts';
import { facesAddress, pageOf, entityIn } from '../stash/navigation.ts';
import { useAnswer } from '../shared/hooks/use-answer.ts';
import { useQuery } from '../shared/hooks/use-query.ts';
import { say } from '../stash/intl.tsx';
import { entityName } from '../shared/words.ts';
import { MinorButton } from '../shared/widgets/minor-button.tsx';

/** The faces of one image, gallery or scene, or a form to choose an image or a gallery. */
export function PicturesTab(): React.ReactElement {
  const { values } = useQuery();
  const entity = pictureOf(values);
  return entity ? <Pictured key={`${entity.kind}:${entity.id}`} entity={entity} /> : <Choose />;
}

function pictureOf(values: URLSearchParams): EntityRef | null {
  for (const kind of ['image', 'gallery', 'scene'] as const) {
    const entity = entityIn(values.get(kind) ?? '', kind);
    if (entity !== null) return entity;
  }
  return null;
}

function Pictured({ entity }: { entity: EntityRef }): React.ReactElement {
  const { change } = useQuery();
  const [found, setFound] = useState<Awaited<ReturnType<typeof findEntity>> | 'unasked'>('unasked');

  const { kind, id } = entity;
  useEffect(() => {
    if (kind === 'scene') return undefined;
    let isHere = true;
    // Title and thumbnail are optional: on failure the faces are shown without them.
    findEntity({ kind, id }).then(
      (entry) => isHere && setFound(entry),
      () => undefined,
    );
    return () => {
      isHere = false;
    };
  }, [kind, id]);

  const isKnown = found !== 'unasked' && found !== null;
  const title = isKnown && found.title !== '' ? found.title : entityName(entity);
  return (
    <div className="stash-sense-pictured">
      <div className="stash-sense-pictured-head">
        {isKnown && found.picture !== null && <Face url={found.picture} label={title} size="large" />}
        <div>
          <h4>
            <Link to={pageOf(entity)}>{title}</Link>
          </h4>
          <MinorButton
            onClick={() => change({ image: null, gallery: null, scene: null, tab: 'pictures' }, 'push')}
          >
            {say('pictures.another')}
          </MinorButton>
        </div>
      </div>
      {found === null ? (
        <Notice variant="warning">{say('pictures.notInStash', { kind: entity.kind, id: entity.id })}</Notice>
      ) : (
        <FacesPanel entity={entity} />
      )}
    </div>
  );
}

function Choose(): React.ReactElement {
  const { change } = useQuery();
  const [text, setText] = useState('');
  const [kind, setKind] = useState<'image' | 'gallery'>('image');
  const entity = entityIn(text, kind);
  return (
    <>
      <Form
        className="stash-sense-filter"
        onSubmit={(event) => {
          event.preventDefault();
          if (entity) change({ tab: null, [entity.kind]: entity.id }, 'push');
        }}
      >
        <Form.Control
          as="select"
          className="input-control stash-sense-choice"
          aria-label={say('pictures.imageOrGallery')}
          value={kind}
          onChange={(event) => setKind(event.target.value === 'gallery' ? 'gallery' : 'image')}
        >
          <option value="image">{say('pictures.image')}</option>
          <option value="gallery">{say('pictures.gallery')}</option>
        </Form.Control>
        <Form.Control
          className="text-input stash-sense-filter-text"
          placeholder={say('pictures.numberOrAddress')}
          aria-label={say('pictures.numberOrAddress')}
          value={text}
          onChange={(event) => setText(event.target.value)}
        />
        <Button type="submit" disabled={entity === null || entity.kind === 'scene'}>
          {say('pictures.showFaces')}
        </Button>
      </Form>
      <p className="text-muted">{say('pictures.whereElse')}</p>
      <AskPicture />
      <WithSuggestions kind="image" title={say('pictures.imagesWithSuggestions')} />
      <WithSuggestions kind="gallery" title={say('pictures.galleriesWithSuggestions')} />
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
  const { answer, problem } = useAnswer('suggestions.list', { entityKind: kind, state: 'open', limit: 60 });
  if (problem !== null) return <Notice variant="danger">{problem}</Notice>;
  const entities = new Map(answer?.items.map((item) => [item.entity.id, item] as const));
  if (entities.size === 0) return null;
  return (
    <>
      <h5>{title}</h5>
      <ul className="stash-sense-pictures list-unstyled">
        {[...entities.values()].map(({ entity, entityTitle, view, ...suggestion }) => (
          <li key={entity.id}>
            <Link to={facesAddress(entity)}>
              <Face url={('crop' in view && view.crop?.url) || null} label="" size="medium" />
              <span>{entityTitle === '' ? entityName(entity) : entityTitle}</span>
              <span className="text-muted">{whoOf(suggestion)}</span>
            </Link>
          </li>
        ))}
      </ul>
    </>
  );
}

function whoOf({
  kind,
  payload,
  targetName,
}: Pick<SuggestionView, 'kind' | 'payload' | 'targetName'>): string {
  if (targetName !== '') return targetName;
  const only =
    kind === 'pack-person-seen' && 'people' in payload && payload.performers.length === 0
      ? payload.people
      : [];
  return only.length === 1 ? (only[0]?.name ?? '') : say('faces.oneOfThese');
}
