import React, { useEffect, useState } from 'react';
import { Button, Modal } from 'react-bootstrap';
import { useLatest } from '../../shared/hooks/use-latest.ts';
import { say } from '../../stash/intl.tsx';
import type { EntityRef } from '../../stash/library.ts';
import { ask } from '../../stash/operations.ts';
import { useToast } from '../../stash/toast.tsx';

/** From how many on somebody is asked whether all of them are meant. */
const MANY = 200;

type Wanted = { readonly kind: EntityRef['kind']; readonly ids: readonly string[] };

/** Of the lists that are drawn: since Stash 0.31 one has the other in it. */
let hosts: readonly ((kind: Wanted['kind'], find: () => Promise<readonly string[]>) => Promise<void>)[] = [];

/** Has faces looked for in those of a list; what stands beside it asks first where they are many, and says what became of it. */
export async function findFacesIn(
  kind: Wanted['kind'],
  find: () => Promise<readonly string[]>,
): Promise<void> {
  await hosts.at(-1)?.(kind, find);
}

/** Stands beside a list, since what changes its props must not use hooks. */
export function FindFaces(): React.ReactElement | null {
  const toast = useToast();
  const [many, setMany] = useState<Wanted | null>(null);

  async function start({ kind, ids }: Wanted): Promise<void> {
    const { count } = await ask('entities.identify', { kind, ids: [...ids] });
    toast.done(say('lists.isQueued', { kind, count }));
  }

  const newest = useLatest(async (kind: Wanted['kind'], find: () => Promise<readonly string[]>) => {
    try {
      const ids = await find();
      if (ids.length === 0) toast.warn(say('lists.nothingThere'));
      else if (ids.length > MANY) setMany({ kind, ids });
      else await start({ kind, ids });
    } catch (error) {
      toast.failed(error);
    }
  });
  useEffect(() => {
    const mine: (typeof hosts)[number] = async (kind, find) => await newest.current(kind, find);
    hosts = [...hosts, mine];
    return () => {
      hosts = hosts.filter((other) => other !== mine);
    };
  }, [newest]);

  if (many === null) return null;
  const { kind, ids } = many;
  return (
    <Modal
      show
      onHide={() => setMany(null)}
      aria-label={say('lists.manyTitle', { kind, count: ids.length })}
      className="stash-sense"
    >
      <Modal.Header>{say('lists.manyTitle', { kind, count: ids.length })}</Modal.Header>
      <Modal.Body>{say('lists.many')}</Modal.Body>
      <Modal.Footer>
        <Button variant="secondary" onClick={() => setMany(null)}>
          {say('page.cancel')}
        </Button>
        <Button
          variant="primary"
          autoFocus
          onClick={() => {
            setMany(null);
            start(many).catch((error: unknown) => toast.failed(error));
          }}
        >
          {say('lists.start')}
        </Button>
      </Modal.Footer>
    </Modal>
  );
}
