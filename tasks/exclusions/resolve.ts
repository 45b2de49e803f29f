import { entriesOf } from '../../core/exclusions/entries.ts';
import {
  NOTHING_EXCLUDED,
  type ExcludedPerformer,
  type Exclusions,
} from '../../core/exclusions/exclusions.ts';
import { isWholePath } from '../../core/exclusions/folders.ts';
import { message, type Message } from '../../core/messages/message.ts';
import type { Library } from '../../core/ports/library.ts';
import type { EXCLUSION_SETTINGS, Settings } from '../../core/settings.ts';

export type ExclusionSettings = Pick<Settings, (typeof EXCLUSION_SETTINGS)[number]>;

export function exclusionSettingsOf(settings: ExclusionSettings): ExclusionSettings {
  const { excludedTags, excludedPerformers, excludedFolders } = settings;
  return { excludedTags, excludedPerformers, excludedFolders };
}

export type ResolvedExclusions = {
  readonly exclusions: Exclusions;
  /** One sentence for each entry that names nothing. */
  readonly problems: readonly Message[];
};

/** Looks up in Stash what the settings name. */
export async function resolveExclusions(
  library: Pick<Library, 'exclusions' | 'environment'>,
  settings: ExclusionSettings,
): Promise<ResolvedExclusions> {
  const entries = {
    tags: entriesOf(settings.excludedTags),
    performers: entriesOf(settings.excludedPerformers),
    folders: entriesOf(settings.excludedFolders),
  };
  if (Object.values(entries).every(({ length }) => length === 0))
    return { exclusions: NOTHING_EXCLUDED, problems: [] };
  const [tags, named, ignoresCase] = await Promise.all([
    resolveTags(library, entries.tags),
    resolvePerformers(library, entries.performers),
    entries.folders.length === 0 ? false : foldsCase(library),
  ]);
  const tagIds = [...tags.found.keys()];
  const [tagged, galleries] =
    tagIds.length === 0
      ? [[], []]
      : await Promise.all([
          library.exclusions.performersWithTag(tagIds),
          library.exclusions.galleriesWithTag(tagIds),
        ]);
  const tagOf = (ids: readonly string[]): string =>
    ids.map((id) => tags.found.get(id)).find((name) => name !== undefined) ?? '';
  return {
    exclusions: {
      tags: tags.found,
      folders: entries.folders,
      ignoresCase,
      performers: new Map<string, ExcludedPerformer>([
        ...tagged.map(
          (one) => [one.id, { name: one.name, tag: tagOf(one.tagIds), stashIds: one.stashIds }] as const,
        ),
        ...named.found.map(({ id, name, stashIds }) => [id, { name, tag: null, stashIds }] as const),
      ]),
      galleries: new Map(galleries.map(({ id, tagIds: own }) => [id, tagOf(own)])),
    },
    problems: [
      ...tags.unknown.map((entry) =>
        message('exclusions.noTag', { setting: message('settings.label.excludedTags'), entry }),
      ),
      ...named.unknown.map((entry) =>
        message('exclusions.noPerformer', { setting: message('settings.label.excludedPerformers'), entry }),
      ),
      ...entries.folders
        .filter((folder) => !isWholePath(folder))
        .map((folder) =>
          message('exclusions.noFolder', { setting: message('settings.label.excludedFolders'), folder }),
        ),
    ],
  };
}

async function resolveTags(
  { exclusions }: Pick<Library, 'exclusions'>,
  entries: readonly string[],
): Promise<{ found: Map<string, string>; unknown: string[] }> {
  const found = new Map<string, string>();
  const unknown: string[] = [];
  await Promise.all(
    entries.map(async (entry) => {
      const tags = await exclusions.tags(entry);
      if (tags.length === 0) unknown.push(entry);
      for (const { id, name } of tags) {
        found.set(id, name);
        for (const below of await exclusions.tagsBelow(id))
          if (!found.has(below.id)) found.set(below.id, name);
      }
    }),
  );
  return { found, unknown };
}

async function resolvePerformers({ exclusions }: Pick<Library, 'exclusions'>, entries: readonly string[]) {
  const looked = await Promise.all(
    entries.map(async (entry) => ({ entry, performers: await exclusions.performers(entry) })),
  );
  return {
    found: looked.flatMap(({ performers }) => performers),
    unknown: looked.filter(({ performers }) => performers.length === 0).map(({ entry }) => entry),
  };
}

async function foldsCase(library: Pick<Library, 'environment'>): Promise<boolean> {
  return (await library.environment()).ignoresCase === true;
}
