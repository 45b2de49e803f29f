/** Rec. 601 luma, 0…255 with fractions, of the RGB pixel that begins at byte `at`. */
export function lumaAt(data: Uint8Array, at: number): number {
  return 0.299 * data[at]! + 0.587 * data[at + 1]! + 0.114 * data[at + 2]!;
}

/** Luma as an integer, rounded down, for histograms and tables. Between 1.5 below and 0.5 above `lumaAt`. */
export function wholeLumaAt(data: Uint8Array, at: number): number {
  return (data[at]! * 77 + data[at + 1]! * 150 + data[at + 2]! * 29) >> 8;
}
