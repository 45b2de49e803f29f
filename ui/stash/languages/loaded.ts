/** The catalogues of other languages than English, each of which is a script of its own that is loaded where it is spoken. */
import type { Catalogue } from '../../../core/messages/catalogue.ts';
import { languageFor } from '../../../core/messages/language.ts';

/** Addresses of the scripts by Stash's names of the languages, relative to the script this stands in; the build puts them in. */
declare const STASH_SENSE_LANGUAGES: Readonly<Record<string, string>> | undefined;

const addresses = typeof STASH_SENSE_LANGUAGES === 'undefined' ? {} : STASH_SENSE_LANGUAGES;
/** Null: it could not be loaded, so English is spoken until the page is loaded anew. */
const loaded = new Map<string, Catalogue | null>();
const loading = new Map<string, Promise<void>>();

/** @param wanted as Stash names it. @returns our name of it; null where that is English */
export function spokenFor(wanted: string): string | null {
  return languageFor(wanted, [...new Set([...Object.keys(addresses), ...loaded.keys()])]);
}

/** Undefined until it is loaded. */
export function catalogueOf(locale: string): Catalogue | null | undefined {
  return loaded.get(locale);
}

/** Ends when {@link catalogueOf} has an answer. */
export async function loadCatalogue(locale: string): Promise<void> {
  if (loaded.has(locale)) return;
  const begun = loading.get(locale) ?? load(locale);
  loading.set(locale, begun);
  await begun;
}

async function load(locale: string): Promise<void> {
  try {
    const script = (await import(addresses[locale] ?? '')) as { readonly default: Catalogue };
    loaded.set(locale, script.default);
  } catch (error) {
    console.error(`[stash-sense] ${locale}`, error);
    loaded.set(locale, null);
  }
}

/** As if it had been loaded. @returns takes it out again */
export function addCatalogue(locale: string, catalogue: Catalogue): () => void {
  loaded.set(locale, catalogue);
  return () => loaded.delete(locale);
}
