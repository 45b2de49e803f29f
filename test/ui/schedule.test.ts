/** The Schedule tab, in a real browser. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Locator, Page } from 'playwright-core';
import type { ScheduleView } from '../../core/contract/schedule/view.ts';
import { message } from '../../core/messages/message.ts';
import { until } from '../fixtures/wait.ts';
import { shot, within } from './screen.ts';
import { NOW, scheduleView, time } from './schedule-samples.ts';
import { uiWorld } from './world.ts';

const world = uiWorld();
const SCHEDULE = '/plugins/stash-sense?tab=schedule';

function begin(shown = scheduleView()): void {
  world.begin({
    'schedule.get': () => shown,
    'schedule.preview': ({ expression, quietHours }) =>
      expression === 'nightly'
        ? { times: [], problem: message('settings.noCron', { expression, problem: 'no fields' }) }
        : {
            times: [1, 2, 3].map((day) => ({
              time: time(day),
              startsAt: quietHours === null ? time(day) : time(day, 7),
            })),
            problem: null,
          },
    'schedule.set': (changes) => ({
      problems: [],
      view: {
        ...shown,
        tasks: shown.tasks.map((one) => ({
          ...one,
          expression: changes.expressions?.[one.task] ?? one.expression,
        })),
      },
    }),
  });
}

function groupOf(page: Page, name: string): Locator {
  return page.getByRole('group', { name, exact: true });
}

const WIDTHS = [1400, 375] as const;
for (const width of WIDTHS)
  test(`a schedule is said in plain words and kept as a cron expression, at a width of ${width}`, async () => {
    begin();
    const page = await world.open(SCHEDULE, { width });
    const scan = groupOf(page, 'Scan library');
    assert.equal(await scan.getByLabel('How often: Scan library').inputValue(), 'day');
    assert.equal(await scan.getByLabel('at', { exact: true }).inputValue(), '03:00');
    await scan.getByText(/^Next: Tue,? 1 Dec,? 03:00 · Wed,? 2 Dec,? 03:00 · Thu,? 3 Dec,? 03:00$/).waitFor();
    // What words cannot say stays as it is.
    const people = groupOf(page, 'Update people');
    assert.equal(await people.getByRole('textbox').inputValue(), '0 22 * * 1-5');

    const links = groupOf(page, 'Link stash-box IDs');
    await links.getByRole('combobox').selectOption('week');
    await links.getByLabel('Thu').check();
    await links.getByLabel('at', { exact: true }).fill('04:30');
    await groupOf(page, 'Link scenes to stash-boxes').getByRole('combobox').selectOption('hours');
    await page.getByLabel('in quiet hours').check();
    await page.getByLabel('until').fill('23:30');
    await scan
      .getByText(/Tue,? 1 Dec,? 03:00 \(starts Tue,? 1 Dec,? 07:00, after the quiet hours\)/)
      .waitFor();
    await within(page, page.locator('.stash-sense-schedule'));
    await shot(page, `schedule-${width}`);
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByText('Schedule saved.').waitFor();
    assert.deepEqual(world.inputs('schedule.set'), [
      {
        expressions: { 'link-stash-ids': '30 4 * * 1,4', 'link-scenes': '0 */6 * * *' },
        quietHours: { from: 1080, to: 1410 },
      },
    ]);
    assert.equal(await page.getByRole('button', { name: 'Save' }).isDisabled(), true);
    assert.deepEqual(world.complaints, []);
  });

test('an expression of one’s own is judged when typing pauses', async () => {
  begin();
  const page = await world.open(SCHEDULE);
  const scan = groupOf(page, 'Scan library');
  await scan.getByRole('combobox').selectOption('cron');
  const field = scan.getByRole('textbox');
  assert.equal(await field.inputValue(), '0 3 * * *');
  await field.fill('nightly');
  await scan.getByText('"nightly" is no cron expression').waitFor();
  // One that words could say stays the user's own while it is typed.
  await field.fill('0 4 * * *');
  await until(
    () =>
      scan
        .getByText('no cron expression')
        .count()
        .then((count) => count === 0),
    'it is right',
    30,
  );
  assert.equal(await field.inputValue(), '0 4 * * *');
  assert.deepEqual(world.complaints, []);
});

test('the background scheduler is switched on and off, and says since when it runs or why it ended', async () => {
  begin();
  const running = { startedAt: Date.now() - 3 * 3_600_000, version: '0.1.0', pid: 4711 };
  const ended = message('schedule.ended.refused', { problem: 'the session has ended' });
  let next: ScheduleView['scheduler'] = {
    isOn: true,
    scansNew: true,
    running,
    foregroundAskedAt: null,
    ended: null,
  };
  world.stash.answers['schedule.background'] = () => scheduleView({ scheduler: next });
  const page = await world.open(SCHEDULE, { width: 1400 });
  await page.getByRole('button', { name: 'Switch on' }).click();
  await page.getByText('Started 3 hours ago (process 4711).').waitFor();
  await shot(page, 'scheduler-on');
  next = {
    isOn: false,
    scansNew: true,
    running: null,
    foregroundAskedAt: Date.now() - 120_000,
    ended: null,
  };
  await page.getByRole('button', { name: 'Switch off' }).click();
  await page.getByRole('button', { name: 'Switch on' }).waitFor();
  await page.getByText('keeps time in the foreground: it asked 2 minutes ago').waitFor();
  next = { isOn: true, scansNew: true, running: null, foregroundAskedAt: null, ended };
  await page.getByRole('button', { name: 'Switch on' }).click();
  await page.getByText('ended because Stash refused it (the session has ended)').waitFor();
  await page.getByLabel('Scan new scenes soon').uncheck();
  await page.getByRole('button', { name: 'Save' }).click();
  await page.getByText('Schedule saved.').waitFor();
  assert.deepEqual(world.inputs('schedule.set'), [{ scansNew: false }]);
  assert.deepEqual(world.inputs('schedule.background'), [{ on: true }, { on: false }, { on: true }]);
  assert.deepEqual(world.complaints, []);
});

test('what is due and waits says why, and the clock of another time zone is told', async () => {
  const { tasks } = scheduleView();
  begin(
    scheduleView({
      tasks: tasks.map((one) => (one.task === 'scan' ? { ...one, due: true, waitsFor: 'watching' } : one)),
      now: { at: NOW, offsetMinutes: 345 },
      timeZone: 'Asia/Kathmandu',
    }),
  );
  const page = await world.open(SCHEDULE);
  await groupOf(page, 'Scan library').getByText('waits because somebody watches a video').waitFor();
  await page
    .getByText(/Times are those of Stash's machine \(Asia\/Kathmandu\), where it is Mon,? 30 Nov,? 17:45/)
    .waitFor();
});
