import { existsSync } from 'node:fs';
import { chromium, type Browser } from 'playwright-core';

/** Headless Chromium: the one of `CHROMIUM`, the system's, or the one that npm brought. */
export async function openBrowser(): Promise<Browser> {
  const system = [process.env['CHROMIUM'], '/usr/bin/chromium'].find(
    (file) => file !== undefined && file !== '' && existsSync(file),
  );
  if (system !== undefined)
    return await chromium.launch({
      executablePath: system,
      args: ['--no-sandbox', '--disable-dev-shm-usage'],
    });
  const { default: packed } = await import('@sparticuz/chromium');
  // One process for everything, as the package asks for on small functions in a cloud, ends with the second page.
  const args = packed.args.filter((arg) => arg !== '--single-process' && arg !== '--no-zygote');
  return await chromium.launch({ executablePath: await packed.executablePath(), args });
}
