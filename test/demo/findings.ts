/** What the demo found, as a table, and what of it is not as it should be. */
import type { FacesView } from '../../core/contract/faces.ts';
import { toldApart } from '../../core/sampling/thin-times.ts';
import { clock, percent } from '../../ui/shared/words.ts';
import { inEnglish } from '../../core/messages/english.ts';

export type Finding = {
  readonly title: string;
  readonly names: readonly string[];
  /** How many others are seen. */
  readonly strangers: number;
  readonly damaged: boolean;
  readonly faces: FacesView;
};

/** Behind the name of somebody who is no performer and whom a reference pack knows. */
export const OF_PACK = ' (of a reference pack)';

function nameOf({ name, candidates: [best] }: FacesView['persons'][number]): string {
  return `${name ?? '?'}${best?.pack === undefined ? '' : OF_PACK}`;
}

/** One sentence for each thing that differs from the known truth; empty when all is as it should be. */
export function differences(findings: readonly Finding[]): string[] {
  return findings.flatMap(({ title, names, strangers, damaged, faces }) => {
    if (damaged)
      return faces.state === 'failed' && faces.lastFailure !== null
        ? []
        : [`${title}: it cannot be read, yet its state is "${faces.state}" with no reason.`];
    if (faces.state !== 'done')
      return [
        `${title}: not looked at, its state is "${faces.state}"${faces.problem ? ` (${inEnglish(faces.problem)})` : ''}.`,
      ];
    const found = faces.persons.filter((person) => person.decision === 'match').map(nameOf);
    const others = faces.persons.length - found.length;
    return [
      ...names.filter((name) => !found.includes(name)).map((name) => `${title}: ${name} was not found.`),
      ...found.filter((name) => !names.includes(name)).map((name) => `${title}: ${name} is not in it.`),
      ...repeated(found).map((name) => `${title}: ${name} was found twice.`),
      ...(others === strangers
        ? []
        : [`${title}: ${others} unknown or doubtful people instead of ${strangers}.`]),
    ];
  });
}

function momentsOf(timesMs: readonly number[]): string {
  const moments = toldApart(timesMs);
  return moments.slice(0, 5).map(clock).join(' ') + (moments.length > 5 ? ' …' : '');
}

const HEADINGS = ['', 'who', 'confidence', 'faces', 'seen at'] as const;

/** Lines of a table: one for each person, the title only on the first. */
export function table(findings: readonly Finding[]): string[] {
  const rows = findings.flatMap(({ title, faces }) => {
    if (faces.state === 'failed')
      return [
        [
          title,
          `not readable: ${faces.lastFailure ? inEnglish(faces.lastFailure.message) : 'no reason given'}`,
        ],
      ];
    if (faces.persons.length === 0) return [[title, 'nobody']];
    return faces.persons.map((person, i) => [
      i === 0 ? title : '',
      person.decision === 'match'
        ? nameOf(person)
        : person.decision === 'ambiguous'
          ? `perhaps ${person.candidates[0]?.name ?? '?'}`
          : 'somebody unknown',
      person.decision === 'unknown' ? '' : percent(person.confidence),
      String(person.faceCount),
      momentsOf(person.timesMs),
    ]);
  });
  const cells = [[...HEADINGS], ...rows];
  // A reason may be long: it stands in the last cell of its row and is not measured.
  const widths = HEADINGS.map((_, i) =>
    Math.max(...cells.filter((row) => row.length > i + 1 || row.length === 5).map((row) => row[i]!.length)),
  );
  return cells.map((row) => `  ${row.map((cell, i) => cell.padEnd(widths[i]!)).join('  ')}`.trimEnd());
}

function repeated(names: readonly string[]): string[] {
  return [...new Set(names.filter((name, i) => names.indexOf(name) !== i))];
}
