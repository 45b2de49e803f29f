import { toldProposal } from '../../../core/health/told.ts';
import type { Message, MessageId } from '../../../core/messages/message.ts';
import { SCAN_LIST } from '../../../core/runs/tasks.ts';
import { nullIfExcluded } from '../../../core/errors.ts';
import type { Proposal } from '../../../core/suggestions/suggestion.ts';
import { contentIdsOf } from '../content-ids-of.ts';
import type { WholeAnalyzer } from '../analyzer.ts';

const PAGE = 500;

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
  async find({ store, library }) {
    const proposals: Proposal[] = [];
    for (let offset = 0; ; offset += PAGE) {
      const { items } = await store.work.failures(SCAN_LIST, PAGE, offset);
      for (const { kind, id, lastError } of items) {
        if (kind !== 'scene' || lastError === null || !isDamage(lastError)) continue;
        const scene = await library.item({ kind, id }).catch(nullIfExcluded);
        if (scene === null) continue;
        proposals.push(
          toldProposal(
            {
              kind: 'scene-file-damaged',
              entity: { kind, id },
              entityTitle: scene.title,
              severity: 'error',
              found: [{ what: 'damaged', said: [lastError] }],
              contentIds: contentIdsOf(scene),
            },
            filesDamaged,
          ),
        );
      }
      if (items.length < PAGE) return { proposals };
    }
  },
};
