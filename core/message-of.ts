/** English, for logs. Not in `errors.ts`, so that the page's bundle does not contain the message formatting of that file. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** The first line, at most 300 characters: errors of native packages contain stacks and dumps after it. */
export function firstLineOf(error: unknown): string {
  return messageOf(error).split('\n', 1)[0]!.slice(0, 300);
}
