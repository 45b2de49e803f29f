/** Of a path of Stash's machine, which may run another operating system than ours. */
export function baseName(path: string): string {
  return path.split(/[\\/]/).at(-1) || path;
}
