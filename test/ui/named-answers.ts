/** Answers with one name at every place a name can come from. */
import { plain } from '../../core/messages/message.ts';
import { ambiguous, candidate, entry, faces, journalOf, person, status, suggestion } from './samples.ts';
import { scheduleView } from './schedule-samples.ts';
import type { Answers, Library } from './scripted-stash.ts';

export function nameEntities({ scenes, images, performers }: Library, name: string): void {
  for (const entity of [...scenes, ...images]) entity.title = name;
  for (const performer of performers) performer.name = name;
}

/** Every place a name can come from. */
export function answersAbout(name: string): Answers {
  const persons = [
    person({
      name,
      candidates: [candidate({ name }), candidate({ name, performerId: '2', confidence: 0.3 })],
    }),
    ambiguous({ candidates: [candidate({ name })] }),
  ];
  const entity = { kind: 'image', id: '5' } as const;
  return {
    status: () => status({ checks: [{ id: 'x', ok: false, message: plain(name) }] }),
    'scene.faces': () => faces({ persons, problem: plain(name) }),
    'entity.faces': () => faces({ persons }),
    'suggestions.list': () => ({
      total: 2,
      items: [
        suggestion({ targetName: name, entityTitle: name }),
        suggestion({ id: 's2', entity, targetName: name, entityTitle: name }),
      ],
    }),
    'runs.failures': () => ({
      total: 1,
      items: [
        { kind: 'scene', id: '7', title: name, state: 'failed', error: plain(name), attempts: 2, at: 1 },
      ],
    }),
    'people.info': () => ({
      performers: 1,
      withReference: 0,
      packs: [],
      references: {},
      without: { total: 1, items: [{ performerId: '1', name, reason: plain(name) }] },
    }),
    'journal.list': () => journalOf([entry({ summary: plain(`added ${name}`), entityTitle: name })]),
    'schedule.get': () =>
      scheduleView({
        timeZone: name,
        tasks: scheduleView().tasks.map((one) => ({ ...one, expression: name, problem: plain(name) })),
      }),
    'settings.get': () => ({ settings: { scanScope: name }, problems: [plain(name)] }),
  };
}
