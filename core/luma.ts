/** Rec. 601, 0…255, of the RGB pixel that begins at this byte. */
export function lumaAt(data: Uint8Array, at: number): number {
  return 0.299 * data[at]! + 0.587 * data[at + 1]! + 0.114 * data[at + 2]!;
}
