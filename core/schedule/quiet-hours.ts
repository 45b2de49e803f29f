/** Minutes since midnight of the machine's own time zone, 0…1439: from `from` until before `to`, also over midnight. The same: none. */
export type QuietHours = { readonly from: number; readonly to: number };

/** When the quiet hours that hold at this time end; null: none do. */
export function quietUntil(hours: QuietHours | null, at: Date): Date | null {
  if (hours === null || hours.from === hours.to) return null;
  const { from, to } = hours;
  const now = at.getHours() * 60 + at.getMinutes();
  const isQuiet = from < to ? from <= now && now < to : from <= now || now < to;
  if (!isQuiet) return null;
  // After the evening part they end on the next day.
  const days = now < to ? 0 : 1;
  return new Date(at.getFullYear(), at.getMonth(), at.getDate() + days, 0, to);
}
