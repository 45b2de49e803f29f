import React from 'react';
import { Button, Modal, Table } from 'react-bootstrap';
import { Link } from 'react-router-dom';
import { usePages } from '../shared/hooks/use-pages.ts';
import { Confidence } from '../shared/widgets/confidence.tsx';
import { Notice } from '../shared/widgets/notice.tsx';
import { Pager } from '../shared/widgets/pager.tsx';
import { entityName } from '../shared/words.ts';
import { say } from '../stash/intl.tsx';
import { facesAddress } from '../stash/navigation.ts';

/** The suggestions that a dry run would have accepted, page by page. */
export function DryRun({ runId, onClose }: { runId: string; onClose: () => void }): React.ReactElement {
  const { answer, problem, place } = usePages('runs.dryRun', { runId });
  return (
    <Modal show size="lg" onHide={onClose} aria-label={say('runs.dryRunTitle')} className="stash-sense">
      <Modal.Header>{say('runs.dryRunTitle')}</Modal.Header>
      <Modal.Body>
        {problem !== null && <Notice variant="danger">{problem}</Notice>}
        {answer !== null && answer.total === 0 && <p className="text-muted">{say('runs.dryRunGone')}</p>}
        {answer !== null && answer.items.length > 0 && (
          <>
            <div className="table-responsive">
              <Table striped size="sm" className="stash-sense-dry-run">
                <thead>
                  <tr>
                    <th>{say('runs.what')}</th>
                    <th>{say('runs.whoWasSeen')}</th>
                    <th>{say('runs.confidence')}</th>
                  </tr>
                </thead>
                <tbody>
                  {answer.items.map(({ id, entity, entityTitle, targetName, confidence }) => (
                    <tr key={id}>
                      <td>
                        <Link to={facesAddress(entity)}>
                          {entityTitle === '' ? entityName(entity) : entityTitle}
                        </Link>
                      </td>
                      <td>{targetName}</td>
                      <td>
                        <Confidence confidence={confidence} />
                      </td>
                    </tr>
                  ))}
                </tbody>
              </Table>
            </div>
            <Pager {...place} shown={answer.items.length} total={answer.total} />
          </>
        )}
      </Modal.Body>
      <Modal.Footer>
        <Button variant="secondary" onClick={onClose}>
          {say('page.close')}
        </Button>
      </Modal.Footer>
    </Modal>
  );
}
