/** English, for logs. Apart from `errors.ts`, so that the page does not carry what words an error. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** The first line, at most 300 characters: compiled packages put stacks and dumps behind it. */
export function firstLineOf(error: unknown): string {
  return messageOf(error).split('\n', 1)[0]!.slice(0, 300);
}
