import { scalarOf, listOf } from '../../../core/changes/values.ts';
import { toldProposal } from '../../../core/health/told.ts';
import { message, type Message } from '../../../core/messages/message.ts';
import { contentIdsOf } from '../content-ids-of.ts';
import type { LookParts, SceneAnalyzer, ScenePage } from '../analyzer.ts';

/** A scene that is linked to a stash-box, and lacks a cover, a date or a studio, which Stash's tagger fills in from there. */
export const scenesIncomplete: SceneAnalyzer<'scenes-incomplete'> = {
  id: 'scenes-incomplete',
  version: 1,
  kinds: ['scene-incomplete'],
  looksAt: 'scenes',
  readsFaces: false,
  async look(parts, page) {
    const { scenes } = page;
    const fields = await parts.library.fieldsOf(
      'scene',
      scenes.map(({ id }) => id),
      ['date', 'studio', 'stashIds'],
    );
    const linked = scenes.filter(({ id }) => listOf(fields.get(id) ?? {}, 'stashIds').length > 0);
    const bare = await withoutCover(parts, page, linked.length > 0);
    return linked.flatMap((scene) => {
      const { id, title } = scene;
      const values = fields.get(id) ?? {};
      const lacks: readonly (readonly [what: string, isLacking: boolean, said: Message])[] = [
        ['cover', bare.has(id), message('health.lacksCover')],
        ['date', isEmpty(scalarOf(values, 'date')), message('health.lacksDate')],
        ['studio', isEmpty(scalarOf(values, 'studio')), message('health.lacksStudio')],
      ];
      const found = lacks.flatMap(([what, isLacking, said]) => (isLacking ? { what, said: [said] } : []));
      if (found.length === 0) return [];
      return toldProposal(
        {
          kind: 'scene-incomplete',
          entity: { kind: 'scene', id },
          entityTitle: title,
          severity: 'info',
          found,
          contentIds: contentIdsOf(scene),
        },
        scenesIncomplete,
      );
    });
  },
};

/** Stash answers a cover of every scene; which have none it says only by a filter. */
async function withoutCover(
  { library }: Pick<LookParts, 'library'>,
  { scenes, listed }: ScenePage,
  isAsked: boolean,
): Promise<ReadonlySet<string>> {
  if (!isAsked || listed === null) return new Set();
  const { filter, afterId } = listed;
  const found = await library.entitiesAfter('scene', afterId, scenes.length, {
    ...filter,
    withoutCover: true,
  });
  return new Set(found.map(({ id }) => id));
}

function isEmpty(value: unknown): boolean {
  return value === null || value === undefined || value === '';
}
