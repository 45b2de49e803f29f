/** One browser and one scripted Stash for the tests of a file. */
import { after, afterEach, before } from 'node:test';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { openBrowser } from './browser.ts';
import { dataInfo, library, status } from './samples.ts';
import { startScriptedStash, type Answers, type Call, type ScriptedStash } from './scripted-stash.ts';

export type World = {
  readonly stash: ScriptedStash;
  /** What the page asked of that operation since the last `begin`. */
  readonly inputs: (name: Call['name']) => unknown[];
  /** A fresh browser tab; whatever React or the page complains of is in `complaints`. */
  readonly open: (path: string, options?: { width?: number; hasClock?: boolean }) => Promise<Page>;
  readonly complaints: string[];
  /** Everything as at the beginning, with these answers. */
  readonly begin: (answers: Answers) => void;
};

export function uiWorld(): World {
  let browser: Browser;
  let stash: ScriptedStash;
  let context: BrowserContext | undefined;
  const complaints: string[] = [];

  before(async () => {
    // One after the other: `after` closes only what was assigned, and an open browser keeps a failed run from ending.
    browser = await openBrowser();
    stash = await startScriptedStash(library());
  });
  // What a page still asks when its test has ended would count as asked by the next one.
  afterEach(async () => {
    await context?.close();
    context = undefined;
  });
  after(async () => {
    await browser.close();
    await stash.close();
  });

  return {
    get stash() {
      return stash;
    },
    complaints,
    inputs: (name) => stash.calls.filter((call) => call.name === name).map(({ input }) => input),
    begin(answers) {
      stash.answers = {
        status: () => status(),
        'data.info': () => dataInfo(),
        'referencePacks.list': () => ({ packs: [], offered: [] }),
        'referencePacks.boxes': () => ({ boxes: [] }),
        'packChannel.view': () => ({ address: null, checkedAt: null, problem: null, packs: [], untold: [] }),
        'referencePacks.doubtful': () => ({ total: 0, items: [] }),
        ...answers,
      };
      stash.calls.length = 0;
      stash.cutOff.length = 0;
      stash.started.length = 0;
      stash.job = null;
      stash.stashBoxes = [];
      stash.otherPlugins = {};
      stash.language = 'en-GB';
      stash.prefix = '';
      stash.isLoaded = true;
      stash.hasOwnPage = true;
      Object.assign(stash.library, library());
      complaints.length = 0;
    },
    async open(path, { width = 1400, hasClock = false } = {}) {
      await context?.close();
      context = await browser.newContext({ viewport: { width, height: 900 } });
      // A generous limit, which only ends a failing test: the machine may be busy.
      context.setDefaultTimeout(90_000);
      const page = await context.newPage();
      page.on('pageerror', (error) => complaints.push(String(error)));
      page.on('console', (message) => {
        // A file that is not there is the test's business; what React and the browser's policy say is ours.
        if (message.type() === 'error' && !message.text().startsWith('Failed to load resource'))
          complaints.push(message.text());
      });
      if (hasClock) await page.clock.install();
      await page.goto(`${stash.url}${stash.prefix}${path}`);
      return page;
    },
  };
}

/** The toast on screen. */
export async function toastText(page: Page): Promise<string> {
  return await page.locator('.toast').innerText();
}
