/** Which scenes *Scan library* looks at, as its setting is written: `all`, `without performers`, `studio: NAME`, `filter: NAME`. */
export type ScanScope = {
  readonly which: 'all' | 'withoutPerformers' | 'studio' | 'filter';
  /** Of the studio or the saved filter, or its id; empty for the others, and where it was left out. */
  readonly name: string;
};

const WITHOUT_PERFORMERS = 'without performers';

/** Null: it is none of these. */
export function readScanScope(setting: string): ScanScope | null {
  const whole = setting.trim().toLowerCase();
  if (whole === 'all') return { which: 'all', name: '' };
  if (whole === WITHOUT_PERFORMERS) return { which: 'withoutPerformers', name: '' };
  const [, which, name = ''] = /^(studio|filter)\s*:\s*(.*)$/i.exec(setting) ?? [];
  if (which === undefined) return null;
  return { which: which.toLowerCase() === 'studio' ? 'studio' : 'filter', name };
}

export function writeScanScope({ which, name }: ScanScope): string {
  if (which === 'withoutPerformers') return WITHOUT_PERFORMERS;
  return which === 'all' ? which : `${which}: ${name}`;
}
