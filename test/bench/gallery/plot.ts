/** A line plot as SVG, for the documents. */

export type Axis = {
  readonly label: string;
  readonly scale: 'linear' | 'log';
  readonly from: number;
  readonly to: number;
  readonly ticks: readonly number[];
  readonly format: (value: number) => string;
};
export type Line = {
  readonly name: string;
  readonly points: readonly (readonly [x: number, y: number])[];
  readonly isDashed?: boolean;
};

const WIDTH = 640;
const HEIGHT = 400;
const MARGIN = { left: 70, right: 20, top: 40, bottom: 55 };
/** Okabe and Ito's palette, which colour-blind people tell apart. */
const COLOURS = ['#0072b2', '#d55e00', '#009e73', '#cc79a7', '#e69f00', '#56b4e9'];

export function linePlot(title: string, x: Axis, y: Axis, lines: readonly Line[]): string {
  const toX = (value: number): number =>
    MARGIN.left + shareOf(x, value) * (WIDTH - MARGIN.left - MARGIN.right);
  const toY = (value: number): number =>
    HEIGHT - MARGIN.bottom - shareOf(y, value) * (HEIGHT - MARGIN.top - MARGIN.bottom);
  const [left, right, bottom, top] = [toX(x.from), toX(x.to), toY(y.from), toY(y.to)].map(round);
  const grid = [
    ...x.ticks.map((tick) => {
      const at = round(toX(tick));
      return `<path class="grid" d="M${at} ${bottom}V${top}"/><text x="${at}" y="${bottom! + 18}" text-anchor="middle">${escape(x.format(tick))}</text>`;
    }),
    ...y.ticks.map((tick) => {
      const at = round(toY(tick));
      return `<path class="grid" d="M${left} ${at}H${right}"/><text x="${left! - 8}" y="${at + 4}" text-anchor="end">${escape(y.format(tick))}</text>`;
    }),
  ];
  const curves = lines.map(({ points, isDashed = false }, n) => {
    const path = points
      .map(([a, b], i) => `${i === 0 ? 'M' : 'L'}${round(toX(a))} ${round(toY(b))}`)
      .join('');
    return `<path d="${path}" fill="none" stroke="${COLOURS[n % COLOURS.length]}" stroke-width="2"${isDashed ? ' stroke-dasharray="6 4"' : ''}/>`;
  });
  const legend = lines.map(({ name }, n) => {
    const at = MARGIN.top + 18 + n * 18;
    return `<path d="M${right! - 150} ${at - 4}h20" stroke="${COLOURS[n % COLOURS.length]}" stroke-width="3"/><text x="${right! - 124}" y="${at}">${escape(name)}</text>`;
  });
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" font-family="sans-serif" font-size="12">`,
    '<style>.grid{stroke:#ddd}text{fill:#333}</style>',
    `<rect width="${WIDTH}" height="${HEIGHT}" fill="#fff"/>`,
    `<text x="${WIDTH / 2}" y="22" text-anchor="middle" font-size="14">${escape(title)}</text>`,
    ...grid,
    ...curves,
    ...legend,
    `<text x="${(left! + right!) / 2}" y="${HEIGHT - 14}" text-anchor="middle">${escape(x.label)}</text>`,
    `<text transform="translate(18 ${(top! + bottom!) / 2}) rotate(-90)" text-anchor="middle">${escape(y.label)}</text>`,
    '</svg>',
    '',
  ].join('\n');
}

/** Where on the axis a value lies, 0…1; values beyond its ends lie at the ends. */
function shareOf({ scale, from, to }: Axis, value: number): number {
  const at =
    scale === 'log'
      ? Math.log(Math.max(value, Number.MIN_VALUE) / from) / Math.log(to / from)
      : (value - from) / (to - from);
  return Math.max(0, Math.min(1, at));
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}

function escape(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
}
