/** Which implementation does what was declared. Each room is loaded when something of it is asked for. */
import type { TaskMode } from '../../core/runs/tasks.ts';
import type { Operations, Task } from '../runs/task.ts';
import { later, laterTask } from './later.ts';

/** Implementation of each declared task. */
export const tasks: { readonly [Mode in TaskMode]: Task<Mode> } = {
  'set-up': laterTask('set-up', async () => (await import('../setup/task.ts')).setUp),
  people: laterTask('people', async () => (await import('../people/task.ts')).people),
  scan: laterTask('scan', async () => (await import('../scan/task.ts')).scan),
  identify: laterTask('identify', async () => (await import('../identify/task.ts')).identify),
  'build-reference-pack': laterTask(
    'build-reference-pack',
    async () => (await import('../reference-packs/task.ts')).buildReferencePack,
  ),
  'fetch-reference-packs': laterTask(
    'fetch-reference-packs',
    async () => (await import('../pack-channel/task.ts')).fetchReferencePacks,
  ),
  'link-stash-ids': laterTask(
    'link-stash-ids',
    async () => (await import('../stash-box/task.ts')).linkStashIds,
  ),
  'link-scenes': laterTask(
    'link-scenes',
    async () => (await import('../stash-box/scenes/task.ts')).linkScenesTask,
  ),
  health: laterTask('health', async () => (await import('../health/task.ts')).checkHealth),
  'move-data': laterTask('move-data', async () => (await import('../data/move-task.ts')).moveData),
};

/** They need no store. */
export const settingsHandlers = later(
  ['settings.get', 'settings.set'],
  async () => (await import('../settings/operations.ts')).settingsOperations,
);

export const handlers: Operations = {
  status: async (context, input) => {
    const [{ settleRuns }, { statusOperation }] = await Promise.all([
      import('../runs/settle-runs.ts'),
      import('../status/operations.ts'),
    ]);
    await settleRuns(context, tasks);
    return await statusOperation.status(context, input);
  },
  ...later(
    ['people.info', 'people.references', 'people.use', 'people.lookAlikes', 'people.tellApart'],
    async () => (await import('../people/operations.ts')).peopleOperations,
  ),
  ...later(
    [
      'faces.name',
      'faces.unname',
      'faces.elsewhere',
      'faces.usePicture',
      'faces.hide',
      'faces.unhide',
      'people.hidden',
      'performer.face',
      'performer.find',
    ],
    async () => (await import('../naming/operations.ts')).namingOperations,
  ),
  ...later(
    [
      'scene.faces',
      'entity.faces',
      'scene.identify',
      'image.identify',
      'gallery.identify',
      'entities.identify',
    ],
    async () => (await import('../identify/operations.ts')).identifyOperations,
  ),
  ...later(['frame.identify'], async () => (await import('../identify/frame-operations.ts')).frameOperations),
  ...later(
    ['pictures.ask'],
    async () => (await import('../identify/ask-picture-operations.ts')).askPictureOperations,
  ),
  ...later(
    [
      'suggestions.list',
      'suggestions.views',
      'suggestions.accept',
      'suggestions.reject',
      'suggestions.reopen',
      'entity.add',
      'entity.reject',
    ],
    async () => (await import('../suggestions/operations.ts')).suggestionOperations,
  ),
  ...later(
    ['journal.list', 'journal.batch'],
    async () => (await import('../suggestions/journal-operations.ts')).journalOperations,
  ),
  'journal.undo': async (context, input) => {
    const [{ journalOperations }, { hideAgain }] = await Promise.all([
      import('../suggestions/journal-operations.ts'),
      import('../naming/hide-again.ts'),
    ]);
    const report = await journalOperations['journal.undo'](context, input);
    await hideAgain(context, input, report);
    return report;
  },
  ...settingsHandlers,
  ...later(
    ['exclusions.apply'],
    async () => (await import('../exclusions/operations.ts')).exclusionOperations,
  ),
  ...later(
    ['runs.failures', 'runs.dryRun', 'runs.retry', 'runs.start'],
    async () => (await import('../runs/operations.ts')).runOperations,
  ),
  ...later(['stop'], async () => (await import('../runs/operations.ts')).stopOperation(tasks)),
  ...later(
    [
      'schedule.get',
      'schedule.set',
      'schedule.preview',
      'schedule.background',
      'schedule.tick',
      'schedule.tellPlaying',
    ],
    async () => (await import('../schedule/operations.ts')).scheduleOperations,
  ),
  ...later(['setup.consent'], async () => (await import('../setup/operations.ts')).setupOperations),
  ...later(['packs.choose'], async () => (await import('../packs/operations.ts')).packOperations),
  ...later(
    [
      'referencePacks.list',
      'referencePacks.install',
      'referencePacks.remove',
      'referencePacks.goBack',
      'referencePacks.export',
      'referencePacks.pictures',
      'packPeople.add',
      'packPeople.reject',
    ],
    async () => (await import('../reference-packs/operations.ts')).referencePackOperations,
  ),
  ...later(
    [
      'referencePacks.boxes',
      'referencePacks.measure',
      'referencePacks.estimate',
      'referencePacks.build',
      'referencePacks.doubtful',
      'referencePacks.learnt',
    ],
    async () => (await import('../reference-packs/build-operations.ts')).packBuildOperations,
  ),
  ...later(
    ['packChannel.view', 'packChannel.check', 'packChannel.fetch', 'packChannel.told'],
    async () => (await import('../pack-channel/operations.ts')).packChannelOperations,
  ),
  ...later(
    [
      'stashBoxes.pictures',
      'stashBoxes.profile',
      'stashBoxes.take',
      'stashIds.ofPerformer',
      'stashIds.findOne',
      'stashIds.create',
      'stashIds.performers',
      'stashIds.list',
      'stashIds.find',
    ],
    async () => (await import('../stash-box/operations.ts')).stashBoxOperations,
  ),
  ...later(
    ['health.view', 'health.set'],
    async () => (await import('../health/operations.ts')).healthOperations,
  ),
  ...later(
    [
      'fingerprints.view',
      'fingerprints.set',
      'fingerprints.give',
      'sceneBoxes.ofScene',
      'sceneBoxes.findOne',
      'sceneBoxes.profile',
      'sceneBoxes.take',
    ],
    async () => (await import('../stash-box/scenes/operations.ts')).sceneBoxOperations,
  ),
  ...later(
    ['data.info', 'data.clear', 'data.move', 'data.former', 'diagnostics'],
    async () => (await import('../data/operations.ts')).dataOperations,
  ),
};
