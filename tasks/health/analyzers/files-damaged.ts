import { toldProposal } from '../../../core/health/told.ts';
import type { Message, MessageId } from '../../../core/messages/message.ts';
import { SCAN_LIST } from '../../../core/runs/tasks.ts';
import { nullIfExcluded } from '../../../core/errors.ts';
import type { StashEntity } from '../../../core/ports/library.ts';
import type { Proposal } from '../../../core/suggestions/suggestion.ts';
import { contentIdsOf } from '../content-ids-of.ts';
import type { LookParts, WholeAnalyzer } from '../analyzer.ts';
import { once, pageOf } from '../page-of.ts';

/** Scenes that Stash is asked for at once. */
const PAGE = 20;
const FAILURES = 500;

/** Of what a file itself is, and not its disk, a permission, a zip or a program. */
const DAMAGED: ReadonlySet<MessageId> = new Set<MessageId>([
  'media.empty',
  'media.emptyFile',
  'media.itCannotBeRead',
  'media.noDescription',
  'media.nothingInIt',
  'media.onlyBytes',
  'media.videoCannotBeRead',
  'media.videoGaveNoFrame',
  'media.videoHoldsNoFrame',
]);

/** `media.unreadable` names the file, and has why as its reason. */
function isDamage({ id, values }: Message): boolean {
  if (id !== 'media.unreadable') return DAMAGED.has(id);
  const reason = values?.['reason'];
  return typeof reason === 'object' && isDamage(reason);
}

/** A scene that *Scan library* could not read, for what is wrong with the file. */
export const filesDamaged: WholeAnalyzer<'files-damaged'> = {
  id: 'files-damaged',
  version: 1,
  kinds: ['scene-file-damaged'],
  looksAt: 'all',
  begin(parts) {
    const damaged = once(() => damagedScenes(parts));
    return async (after) => {
      const { page, looked, next } = pageOf('scene', await damaged(), after, PAGE);
      const scenes = await Promise.all(
        page.map(({ id }) => parts.library.item({ kind: 'scene', id }).catch(nullIfExcluded)),
      );
      const proposals = page.flatMap(({ id, why }, n) => {
        const scene = scenes[n] ?? null;
        return scene === null ? [] : toProposal(id, scene, why);
      });
      return { proposals, looked, next };
    };
  },
};

async function damagedScenes({
  store,
}: Pick<LookParts, 'store'>): Promise<{ readonly id: string; readonly why: Message }[]> {
  const found = new Map<string, Message>();
  for (let offset = 0; ; offset += FAILURES) {
    const { items } = await store.work.failures(SCAN_LIST, FAILURES, offset);
    for (const { kind, id, lastError } of items)
      if (kind === 'scene' && lastError !== null && isDamage(lastError)) found.set(id, lastError);
    if (items.length < FAILURES) return [...found].map(([id, why]) => ({ id, why }));
  }
}

function toProposal(id: string, scene: StashEntity, why: Message): Proposal {
  return toldProposal(
    {
      kind: 'scene-file-damaged',
      entity: { kind: 'scene', id },
      entityTitle: scene.title,
      severity: 'error',
      found: [{ what: 'damaged', said: [why] }],
      contentIds: contentIdsOf(scene),
    },
    filesDamaged,
  );
}
