/** What is seen of a page. */
import assert from 'node:assert/strict';
import type { Locator, Page } from 'playwright-core';

/** Nothing of that part sticks out to the side. */
export async function within(page: Page, part: Locator): Promise<void> {
  const { width } = page.viewportSize()!;
  for (const element of await part.locator('a, button, img, input, td').all()) {
    const place = await element.boundingBox();
    assert.ok(place === null || (place.x >= 0 && place.x + place.width <= width), await element.innerHTML());
  }
}

/** Keeps a picture of the page, where the variable SCREENSHOTS names a folder. */
export async function shot(page: Page, name: string): Promise<void> {
  const folder = process.env['SCREENSHOTS'];
  if (folder !== undefined) await page.screenshot({ path: `${folder}/${name}.png`, fullPage: true });
}
