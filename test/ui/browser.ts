import { existsSync } from 'node:fs';
import { chromium, type Browser } from 'playwright-core';

/**
Of what the package asks for on small functions in a cloud: one process for everything ends with the second page, and a graphics
card that is made of software takes 40 % of a test's processor time (60 s of twenty tests, 37 s without).
*/
const LEFT_OUT = /single-process|no-zygote|in-process-gpu|ignore-gpu-blocklist|use-gl|use-angle|swiftshader/;

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
  const args = packed.args.filter((arg) => !LEFT_OUT.test(arg));
  return await chromium.launch({
    executablePath: await packed.executablePath(),
    args: [...args, '--disable-gpu'],
  });
}
