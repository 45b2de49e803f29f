import React from 'react';
import { Button } from 'react-bootstrap';
import type { Ask } from '../../core/contract/operations.ts';
import type { Status } from '../../core/contract/status.ts';
import { useAct } from '../shared/hooks/use-act.ts';
import { Notice } from '../shared/widgets/notice.tsx';
import { ago, bytes } from '../shared/words.ts';
import { say } from '../stash/intl.tsx';
import { refreshSettings } from '../stash/library.ts';
import { ask } from '../stash/operations.ts';

type Former = NonNullable<Status['data']['former']>;
const CHOICES = ['use', 'move', 'leave'] as const;

/** Data left in another folder, because the setting was changed by hand: which folder is meant, the user says. */
export function FormerFolder({
  former,
  onChanged,
}: {
  former: Former;
  onChanged: () => void;
}): React.ReactElement {
  const { isPending, act } = useAct(onChanged);
  const choose = (what: Ask<'data.former'>['what']): void =>
    act(async () => {
      const { message } = await ask('data.former', { what });
      await refreshSettings();
      return say(message);
    });
  return (
    <Notice variant="warning">
      {say('former.found', { folder: former.folder })}{' '}
      <span className="text-muted">
        {say('former.details', { size: bytes(former.bytes), time: ago(former.usedAt) })}
      </span>
      <span className="stash-sense-actions">
        {CHOICES.map((what) => (
          <Button
            key={what}
            variant={what === 'use' ? 'primary' : 'secondary'}
            size="sm"
            disabled={isPending}
            onClick={() => choose(what)}
          >
            {say(`former.${what}`)}
          </Button>
        ))}
      </span>
    </Notice>
  );
}
