import type { StashIdValue } from '../../core/changes/change.ts';
import type { FaceCluster } from '../../core/faces/observation.ts';
import type { Identification } from '../../core/people/person.ts';
import { toPrintableLine } from '../../core/printable.ts';
import { thinTimes, toldApart } from '../../core/sampling/thin-times.ts';
import { say } from './language.ts';

/** One line of `identify --json`: scripts rely on its shape. */
export type FileAnswer = {
  readonly file: string;
  readonly seconds: number;
  readonly persons: readonly PersonAnswer[];
  readonly error?: string;
};
export type PersonAnswer = {
  readonly decision: 'match' | 'ambiguous' | 'unknown';
  /** Null unless it is a match. */
  readonly name: string | null;
  readonly confidence: number;
  readonly margin: number;
  readonly faces: number;
  /** Seconds into a video, ascending. */
  readonly times: readonly number[];
  /** `stashIds` of somebody of a reference pack. */
  readonly candidates: readonly {
    readonly name: string;
    readonly confidence: number;
    readonly stashIds?: readonly StashIdValue[];
  }[];
};

/** Empty for who is of no reference pack. */
export type StashIdsOf = (personId: string) => readonly StashIdValue[];

export function toAnswer(
  file: string,
  seconds: number,
  {
    clusters,
    identifications,
    stashIdsOf,
  }: {
    readonly clusters: readonly FaceCluster[];
    readonly identifications: readonly Identification[];
    readonly stashIdsOf: StashIdsOf;
  },
): FileAnswer {
  const answers: PersonAnswer[] = [];
  const places = new Map<string, number>();
  identifications.forEach(({ decision, confidence, margin, candidates }, i) => {
    const person = clusters[i]!;
    const answer: PersonAnswer = {
      decision,
      name: decision === 'match' ? (candidates[0]?.name ?? null) : null,
      confidence: round(confidence),
      margin: round(margin),
      faces: person.faces.length,
      times: timesOf(person),
      candidates: candidates.map((candidate) => {
        const stashIds = stashIdsOf(candidate.personId);
        return {
          name: candidate.name,
          confidence: round(candidate.confidence),
          ...(stashIds.length > 0 && { stashIds }),
        };
      }),
    };
    const personId = decision === 'match' ? candidates[0]?.personId : undefined;
    const place = personId === undefined ? undefined : places.get(personId);
    if (place === undefined) {
      if (personId !== undefined) places.set(personId, answers.length);
      answers.push(answer);
    } else answers[place] = join(answers[place]!, answer);
  });
  return { file, seconds, persons: answers };
}

/** Text for a terminal. */
export function toTable({ file, seconds, persons, error }: FileAnswer): string {
  const lines = persons.map(({ decision, name, confidence, faces, times, candidates }) => {
    const [first, second] = candidates;
    const either =
      second === undefined
        ? `${first?.name ?? ''}?`
        : say('cli.oneOfTwo', { first: first!.name, second: second.name });
    const said = name ?? (decision === 'ambiguous' ? either : say('cli.unknownPerson'));
    const printable = toPrintableLine(said);
    const sure =
      decision === 'unknown' ? '' : say('page.percent', { percent: String(Math.round(confidence * 100)) });
    const moments = toldApart(times.map((time) => time * 1000));
    const where = moments
      .slice(0, 6)
      .map((ms) => clock(ms / 1000))
      .join(' ');
    return `  ${printable.padEnd(28)} ${sure.padStart(5)}  ${say('faces.faces', { count: faces }).padEnd(10)} ${where}`.trimEnd();
  });
  const rest = error
    ? [`  ${toPrintableLine(error)}`]
    : lines.length > 0
      ? lines
      : [`  ${say('cli.nobody')}`];
  return `${toPrintableLine(file)}  (${say('cli.seconds', { seconds })})\n${rest.join('\n')}\n`;
}

/** Joins two clusters of a file that match the same performer. */
function join(first: PersonAnswer, second: PersonAnswer): PersonAnswer {
  return {
    ...(first.confidence >= second.confidence ? first : second),
    faces: first.faces + second.faces,
    times: thinTimes([...first.times, ...second.times].toSorted((a, b) => a - b)),
  };
}

function timesOf({ faces }: FaceCluster): number[] {
  return thinTimes([...new Set(faces.flatMap((face) => face.timeMs ?? []))].map((ms) => ms / 1000));
}

function clock(seconds: number): string {
  const whole = Math.floor(seconds);
  return `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, '0')}`;
}

function round(value: number): number {
  return Math.round(value * 10_000) / 10_000;
}
