/** English, for logs. Apart from `errors.ts`, so that the page does not carry what words an error. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
