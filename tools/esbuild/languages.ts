/** The languages besides English: each catalogue beside `en.json` is a script that the page loads where it is spoken. */
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { scriptOfLanguage } from '../../core/messages/language.ts';
import { hashOfScript } from './hash-of-script.ts';

const FOLDER = 'core/messages';

export type Language = {
  /** Stash's own name of it, such as `de-DE`: the name of its catalogue. */
  readonly locale: string;
  /** Below the folder of the page's assets. */
  readonly file: string;
  readonly script: string;
};

export function languagesIn(root: string): Language[] {
  return readdirSync(path.join(root, FOLDER))
    .flatMap((file) => /^([a-z]{2,3}-[A-Z]{2})\.json$/.exec(file)?.[1] ?? [])
    .map((locale) => ({
      locale,
      file: `${locale}.js`,
      script: scriptOfLanguage(readFileSync(path.join(root, FOLDER, `${locale}.json`), 'utf8')),
    }));
}

/** By locale where its script lies. @param folder of the assets, as the script that loads it sees it */
export function addressesOfLanguages(root: string, folder: string): Record<string, string> {
  return Object.fromEntries(
    languagesIn(root).map(({ locale, file, script }) => [locale, `${folder}${file}?${hashOfScript(script)}`]),
  );
}
