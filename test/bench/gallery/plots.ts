/** The plots of docs/plots/. */
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { calibration } from '../statistics.ts';
import type { IdentifiedTrial } from './identify.ts';
import { detCurve } from './open-set.ts';
import { type ImpostorPairs, similarityAtRate } from './pairs.ts';
import { type Axis, linePlot } from './plot.ts';

const folder = path.join(import.meta.dirname, '../../../docs/plots');
const RATES = [0.001, 0.002, 0.003, 0.005, 0.007, 0.01, 0.015, 0.02, 0.03, 0.05, 0.07, 0.1];
const PAIR_RATES = [1e-1, 1e-2, 1e-3, 1e-4, 1e-5, 1e-6];

const percent = (value: number): string => `${Number((100 * value).toPrecision(3))} %`;

export function writePlots(
  packId: string,
  bySize: readonly { readonly people: number; readonly trials: readonly IdentifiedTrial[] }[],
  impostors: ImpostorPairs,
): void {
  mkdirSync(folder, { recursive: true });
  const write = (name: string, svg: string): void =>
    writeFileSync(path.join(folder, `${packId}-${name}.svg`), svg);
  write(
    'det',
    linePlot(
      `Known people not named, by strangers named (${packId})`,
      logAxis('strangers named (FPIR)', [0.001, 0.01, 0.1], percent),
      { ...linearAxis('known people not named rightly', [0, 0.05, 0.1, 0.15, 0.2]), format: percent },
      bySize.map(({ people, trials }) => ({
        name: `${people} people known`,
        points: detCurve(trials, RATES).map(({ fpir, fnir }) => [fpir, fnir]),
      })),
    ),
  );
  const largest = bySize.at(-1)!;
  const rated = largest.trials
    .filter(({ score }) => score > 0)
    .map(({ score, isRight }) => ({ confidence: score, right: isRight }));
  const tenths = [0, 0.2, 0.4, 0.6, 0.8, 1];
  write(
    'reliability',
    linePlot(
      `What a confidence means, ${largest.people} people known (${packId})`,
      { ...linearAxis('confidence of the best candidate', tenths), format: percent },
      { ...linearAxis('right', tenths), format: percent },
      [
        {
          name: 'measured',
          points: calibration(rated)
            .bins.filter(({ n }) => n > 0)
            .map(({ said, right }) => [said, right]),
        },
        {
          name: 'as it should be',
          points: [
            [0, 0],
            [1, 1],
          ],
          isDashed: true,
        },
      ],
    ),
  );
  write(
    'impostors',
    linePlot(
      `Pairs of strangers at least so alike (${packId})`,
      linearAxis('cosine similarity', [0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7]),
      logAxis('share of the pairs', PAIR_RATES.toReversed(), (value) => value.toExponential(0)),
      [
        { name: 'all', values: impostors.similarities },
        { name: 'two women', values: impostors.cohorts.female.similarities },
        { name: 'two men', values: impostors.cohorts.male.similarities },
      ].map(({ name, values }) => ({
        name,
        points: PAIR_RATES.filter((rate) => rate * values.length >= 1).map((rate) => [
          similarityAtRate(values, rate),
          rate,
        ]),
      })),
    ),
  );
}

function linearAxis(label: string, ticks: readonly number[]): Axis {
  return { label, scale: 'linear', from: ticks[0]!, to: ticks.at(-1)!, ticks, format: String };
}

function logAxis(label: string, ticks: readonly number[], format: Axis['format']): Axis {
  return { label, scale: 'log', from: ticks[0]!, to: ticks.at(-1)!, ticks, format };
}
