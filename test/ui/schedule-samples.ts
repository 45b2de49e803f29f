import type { LocalTime, ScheduleView } from '../../core/contract/schedule/view.ts';
import { SCHEDULABLE } from '../../core/schedule/schedulable.ts';

export const NOW = Date.UTC(2026, 10, 30, 12, 0);

export function time(days: number, hour = 3): LocalTime {
  return { at: Date.UTC(2026, 11, days, hour), offsetMinutes: 0 };
}

export function scheduleView(change: Partial<ScheduleView> = {}): ScheduleView {
  return {
    tasks: SCHEDULABLE.map((task) => ({
      task,
      expression: task === 'scan' ? '0 3 * * *' : task === 'people' ? '0 22 * * 1-5' : '',
      next: task === 'scan' ? time(1) : null,
      due: false,
      waitsFor: null,
      problem: null,
    })),
    quietHours: null,
    waitsForQueue: false,
    waitsForWatching: true,
    scheduler: { isOn: false, scansNew: true, running: null, foregroundAskedAt: null, ended: null },
    now: { at: NOW, offsetMinutes: 0 },
    timeZone: 'UTC',
    ...change,
  };
}
