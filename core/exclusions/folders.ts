/** Folders on Stash's machine, which may run another operating system than ours. */

/** From the root on, without steps upwards. */
export function isWholePath(folder: string): boolean {
  const windows = isOfWindows(folder);
  return (windows || folder.startsWith('/')) && !segmentsOf(folder, windows).includes('..');
}

/** Whether the file or folder is this folder or below it, by whole names: `/private2` is not below `/private`. */
export function isWithin(place: string, folder: string, ignoresCase: boolean): boolean {
  const windows = isOfWindows(folder);
  // macOS may list a name in another Unicode form than it was typed in.
  const namesOf = (text: string): string[] =>
    segmentsOf(ignoresCase || windows ? text.toLowerCase() : text, windows).map((name) => name.normalize());
  const names = namesOf(place);
  return namesOf(folder).every((name, n) => names[n] === name);
}

/** `D:\…`, or `\\server\share`. */
function isOfWindows(folder: string): boolean {
  return /^(?:[a-z]:(?:[\\/]|$)|\\\\)/i.test(folder);
}

function segmentsOf(place: string, windows: boolean): string[] {
  return place.split(windows ? /[\\/]/ : '/').filter((name) => name !== '' && name !== '.');
}
