import type { TaskArg, TaskMode } from '../../core/runs/tasks.ts';
import { optionsOf } from './help.ts';
import { readIdList, readPathOption } from './paths.ts';

type Given = string | boolean | readonly string[] | undefined;

/** The arguments of a task as its options say; paths begin at the current folder. @throws StashSenseError `bad-input` */
export async function argsOfOptions(
  mode: TaskMode,
  values: Readonly<Record<string, Given>>,
): Promise<Record<string, unknown>> {
  const args: Record<string, unknown> = {};
  for (const [name, { option, type }] of optionsOf(mode)) {
    const value = values[option];
    if (value !== undefined) args[name] = (await READ[type]?.(option, [value].flat().map(String))) ?? value;
  }
  return args;
}

/** Of an option that is given once `values` has one. */
const READ: Partial<Record<TaskArg['type'], (option: string, values: readonly string[]) => unknown>> = {
  'box-ids': (option, [file = '']) => readIdList(option, file),
  folder: (option, [folder = '']) => readPathOption(option, folder),
  files: (option, files) => files.map((file) => readPathOption(option, file)),
};
