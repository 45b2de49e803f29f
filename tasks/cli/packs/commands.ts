import type { Context } from '../../runs/task.ts';
import type { parseAll } from '../options.ts';

type Command = (
  context: Pick<Context, 'dataFolder' | 'store' | 'library' | 'exclusions' | 'vision' | 'referencePacks'>,
  operands: readonly string[],
  values: ReturnType<typeof parseAll>['values'],
) => Promise<{ readonly code: number; readonly text: string }>;

/** Commands about reference packs that are no task and no operation; each is loaded when it is asked for. */
export const PACK_COMMANDS: Readonly<Record<string, Command>> = {
  'publish-pack': async (context, operands, values) =>
    await (await import('./publish-pack.ts')).publishPacksOf(context, operands, values),
  'export-references': async (context, _operands, values) =>
    await (await import('./export-references.ts')).exportReferences(context, values.out),
};
