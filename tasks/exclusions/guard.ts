import {
  isNothingExcluded,
  whyExcluded,
  whyPerformerExcluded,
  type Exclusions,
} from '../../core/exclusions/exclusions.ts';
import { StashSenseError } from '../../core/errors.ts';
import type { Message } from '../../core/messages/message.ts';
import type { Library } from '../../core/ports/library.ts';
import type { Forgotten } from '../../core/ports/store.ts';
import { EXCLUSION_SETTINGS } from '../../core/settings.ts';
import type { StashRef } from '../../core/stash-ref.ts';
import { knownContentId } from '../observe/content-ids.ts';
import { RUN_TTL_MS, type Context, type ExclusionGuard } from '../runs/task.ts';
import { exclusionProblems } from './problems.ts';
import {
  exclusionSettingsOf,
  resolveExclusions,
  type ExclusionSettings,
  type ResolvedExclusions,
} from './resolve.ts';
import { forgetExcluded } from './sweep.ts';

/** After this time the settings are read anew, and looked up in Stash: a tag may have got another one below it. */
const READ_EVERY_MS = 5000;
/** The same before something is stored or written. */
const CHECK_EVERY_MS = 1000;
/** So long what a run or another question has erased is told to who saved the exclusion: their question may come second. */
const TOLD_MS = 60_000;

type Parts = Pick<Context, 'store' | 'settings' | 'readSettings' | 'log' | 'now'> & {
  /** Stash with all that is in it. */
  readonly library: Library;
};

export function createExclusionGuard(parts: Parts): ExclusionGuard {
  const { library, store, log, now } = parts;
  let settings = exclusionSettingsOf(parts.settings);
  let readAt = now();
  let resolved: { readonly at: number; readonly answer: Promise<ResolvedExclusions> } | null = null;

  const readAgain = async (): Promise<void> => {
    const stored = exclusionSettingsOf(parts.readSettings(await library.settings()).settings);
    readAt = now();
    if (keyOf(stored) !== keyOf(settings)) resolved = null;
    settings = stored;
  };
  const resolve = async (): Promise<ResolvedExclusions> => {
    if (resolved === null || now() - resolved.at > READ_EVERY_MS)
      resolved = { at: now(), answer: resolveExclusions(library, settings) };
    try {
      return await resolved.answer;
    } catch (error) {
      resolved = null;
      throw error;
    }
  };
  const lookUp = async (): Promise<Exclusions> => {
    const { exclusions, problems } = await resolve();
    const [problem] = problems;
    if (problem === undefined) return exclusions;
    // The next time Stash may have what it names.
    resolved = null;
    throw new StashSenseError('exclusion-unknown', problem);
  };
  const current = async (): Promise<Exclusions> => {
    if (now() - readAt > READ_EVERY_MS) await readAgain();
    return await lookUp();
  };
  const whyNow = async (ref: StashRef): Promise<Message | null> => {
    if (now() - readAt > CHECK_EVERY_MS) await readAgain();
    const exclusions = await lookUp();
    if (isNothingExcluded(exclusions)) return null;
    if (ref.kind === 'performer') return whyPerformerExcluded(ref.id, exclusions);
    if (!isMedia(ref)) return null;
    const item = await library.item(ref);
    return item && whyExcluded(item, exclusions);
  };

  const note = async ({ entities, performers }: Forgotten): Promise<void> => {
    if (entities + performers === 0) return;
    const noted = await store.state.get('excluded-erased-lately');
    await store.state.set(
      'excluded-erased-lately',
      {
        entities: entities + (noted?.entities ?? 0),
        performers: performers + (noted?.performers ?? 0),
      },
      TOLD_MS,
    );
  };

  const guard: ExclusionGuard = {
    current,

    problems: () => exclusionProblems(resolve, log),

    async check(ref) {
      const why = await whyNow(ref);
      if (why !== null) throw new StashSenseError('excluded', why);
    },

    async forget(ref) {
      if (ref.kind === 'performer') await store.forget({ entities: [], performerIds: [ref.id] });
      if (isMedia(ref)) {
        const item = await library.item(ref);
        const files = item === null || item.kind === 'gallery' ? [] : item.files;
        const contentIds = files.flatMap((file) => knownContentId(ref.kind, file) ?? []);
        await store.forget({ entities: [{ ...ref, contentIds }], performerIds: [] });
      }
      await store.scrub();
    },

    async apply() {
      await readAgain();
      const forgotten = await forgetExcluded({ library, store }, await lookUp());
      const { shrunk } = await store.scrub();
      const { entities, performers } = forgotten;
      if (entities + performers > 0)
        log.info(
          `Erased what was kept of ${entities} scenes, images and galleries and ${performers} performers, which are excluded${shrunk ? '' : '; the files are made smaller later'}.`,
        );
      return forgotten;
    },

    async applyOnce(run) {
      await readAgain();
      if (isNothing(settings)) {
        await store.scrub();
        return;
      }
      const key = `excluded-erased:${run.id}` as const;
      if ((await store.state.get(key)) === keyOf(settings)) return;
      await note(await guard.apply());
      await store.state.set(key, keyOf(settings), RUN_TTL_MS);
    },

    async applyToPerformers() {
      const { performers } = await current();
      if (performers.size === 0) return;
      const forgotten = await store.forget({ entities: [], performerIds: [...performers.keys()] });
      if (forgotten.performers === 0) return;
      await note(forgotten);
      await store.scrub();
    },
  };
  return guard;
}

function keyOf(settings: object): string {
  return JSON.stringify(settings);
}

function isNothing(settings: ExclusionSettings): boolean {
  return EXCLUSION_SETTINGS.every((name) => settings[name] === '');
}

function isMedia(ref: StashRef): ref is StashRef & { kind: 'scene' | 'image' | 'gallery' } {
  return ref.kind === 'scene' || ref.kind === 'image' || ref.kind === 'gallery';
}
