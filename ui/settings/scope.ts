import { readScanScope, type ScanScope } from '../../core/scan-scope.ts';

/** As the form shows the setting. What nobody understands is the name of a filter, so that it is shown and can be mended. */
export function scopeOf(setting: string): ScanScope {
  return readScanScope(setting) ?? { which: 'filter', name: setting };
}
