/** Templates of many people in eight bits, and who of the others is most like a face. */
import type { Embedding } from '../../../../core/faces/face.ts';
import { quantize } from '../../../../core/matching/quantize.ts';
import type { RowSearch } from '../../../../core/ports/vision.ts';
import type { Context } from '../../../runs/task.ts';

/** The nearest and the next, since the nearest may be the person. */
const NEAREST = 2;

export type TemplateTable = {
  /** @param number of the member, once each */
  add(number: string, template: Embedding): void;
  has(number: string): boolean;
  /** For each face the similarity of the template most like it of anybody but this member; -1 where there is nobody else. */
  nearestOthers(number: string, faces: readonly Embedding[]): Promise<number[]>;
};

/** Nothing is added after the first search. */
export function createTemplateTable({ vision }: Pick<Context, 'vision'>): TemplateTable {
  const numbers: string[] = [];
  const added = new Set<string>();
  let dimensions = 0;
  let values = new Int8Array(0);
  const scales: number[] = [];
  let opening: Promise<RowSearch> | null = null;
  const opened = async (): Promise<RowSearch> =>
    await (opening ??= vision.createRowSearch(
      {
        dimensions,
        size: numbers.length,
        values: values.slice(0, numbers.length * dimensions),
        scales: Float32Array.from(scales),
      },
      'many probes',
    ));

  return {
    add(number, template) {
      const { row, scale } = quantize(template);
      dimensions = row.length;
      const at = numbers.length * dimensions;
      if (at + dimensions > values.length) {
        const larger = new Int8Array(Math.max(1024 * dimensions, 2 * values.length));
        larger.set(values);
        values = larger;
      }
      values.set(row, at);
      scales.push(scale);
      added.add(number);
      numbers.push(number);
    },

    has: (number) => added.has(number),

    async nearestOthers(number, faces) {
      if (numbers.length === 0 || faces.length === 0) return faces.map(() => -1);
      const found = await (await opened()).search(faces, NEAREST);
      return found.map((near) => near.find(({ row }) => numbers[row] !== number)?.similarity ?? -1);
    },
  };
}
