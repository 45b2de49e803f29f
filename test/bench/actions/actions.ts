/** What the page of suggestions asks, and a run of *Check library health* over nothing new, in a large library. */
import path from 'node:path';
import type { Ask } from '../../../core/contract/operations.ts';
import { openStore } from '../../../plugin/store/store.ts';
import { connectStash } from '../../e2e/stash.ts';
import type { BenchFolders, BenchLibrary } from '../questions/library-double.ts';
import { askOnce, summaryOf, type QuestionTimes } from '../questions/questions.ts';
import { cpuSecondsOf, watchResources } from '../resources.ts';
import { largeLibrary, type Amounts } from './library.ts';

export type ActionTimes = {
  readonly suggestions: number;
  readonly questions: readonly QuestionTimes[];
  /** One over nothing new, twice; before them the first run, which finds what there is, where it was asked for. */
  readonly runs: readonly RunTime[];
};

export type RunTime = {
  readonly run: string;
  readonly seconds: number;
  /** Of our own processes; the rest is the double's. */
  readonly cpuSeconds: number | null;
  readonly peakBytes: number | null;
};

type Question = { readonly question: string; readonly input: Ask<'suggestions.list'> };

export async function measureActions(
  amounts: Amounts,
  { asked, ...folders }: BenchFolders & { readonly asked: number },
): Promise<ActionTimes> {
  const library = await largeLibrary(amounts, folders);
  try {
    const runs: RunTime[] = [];
    // What looks at all there is finds in the first one what it would have found in the run before.
    for (const run of [...(amounts.isNew ? ['everything new'] : []), 'nothing new', 'nothing new, again'])
      runs.push(await measureRun(library, run));
    const suggestions = await countOpen(library);
    const questions: QuestionTimes[] = [];
    for (const question of questionsOf(suggestions))
      questions.push(await measureQuestion(library, folders.pluginDir, question, asked));
    return { suggestions, questions, runs };
  } finally {
    await library.close();
  }
}

async function measureRun({ double }: BenchLibrary, run: string): Promise<RunTime> {
  const stash = connectStash(double.url);
  const began = performance.now();
  const job = await stash.startTask('Check library health');
  let cpuSeconds: number | null = null;
  let peakBytes = 0;
  const timer = setInterval(() => {
    const [pid] = double.processIds();
    if (pid === undefined) return;
    cpuSeconds = cpuSecondsOf(pid) ?? cpuSeconds;
    peakBytes = Math.max(peakBytes, watchResources(pid).stop().peakBytes ?? 0);
  }, 200);
  const { status } = await stash.waitForJob(job, { timeoutMs: 1_800_000 });
  clearInterval(timer);
  if (status !== 'FINISHED' && status !== 'FORGOTTEN') throw new Error(`The run ended as ${status}.`);
  return {
    run,
    seconds: (performance.now() - began) / 1000,
    cpuSeconds,
    peakBytes: peakBytes === 0 ? null : peakBytes,
  };
}

async function countOpen({ double }: BenchLibrary): Promise<number> {
  const store = await openStore({ folder: path.join(double.configDir, 'stash-sense') });
  try {
    return (await store.suggestions.list({ state: 'open' }, 'newest', 0, 0)).total;
  } finally {
    await store.close();
  }
}

/** A place in the middle of both orders. */
const AT = { state: 'open', confidence: 0.5, id: '25000' } as const;

/** As the page asks them: the open ones with those that were taken off. */
function questionsOf(suggestions: number): readonly Question[] {
  const state = ['removed', 'open'] as const;
  const asks = (question: string, input: Ask<'suggestions.list'>): Question => ({
    question,
    // The pictures that a window of 1280 x 800 shows.
    input: { state: [...state], pictures: 16, ...input },
  });
  const deep = Math.floor(suggestions / 2 / 40) * 40;
  const last = Math.max(0, Math.floor((suggestions - 1) / 40) * 40);
  return [
    asks('first page, all pictures', { pictures: 40 }),
    asks('first page', {}),
    asks('first page, newest', { order: 'newest' }),
    asks('in the middle, by its address', { offset: deep }),
    asks('last page, by its address', { offset: last, order: 'newest' }),
    asks('behind the middle', { offset: deep, place: { after: AT } }),
    asks('before the middle', { offset: deep, place: { before: AT } }),
    asks('behind the middle, newest', { offset: deep, order: 'newest', place: { after: AT } }),
    asks('kind: seen', { kind: 'performer-seen' }),
    asks('kind: nobody', { kind: 'scene-without-performers' }),
    asks('about: tags', { entityKind: 'tag' }),
    asks('from 90 %', { minConfidence: 0.9 }),
    asks('severity: warning', { severity: 'warning' }),
    asks('severity: info, deep', { severity: 'info', offset: 20_000 }),
    asks('new since yesterday', { createdAfter: Date.now() - 86_400_000 }),
    asks('studio', { studioId: '7' }),
    asks('performer', { performerId: '14' }),
    asks('text, many', { text: 'scene 1' }),
    asks('text, none', { text: 'nobody is called so' }),
    asks('accepted', { state: 'accepted' }),
  ];
}

async function measureQuestion(
  library: BenchLibrary,
  pluginDir: string,
  { question, input }: Question,
  asked: number,
): Promise<QuestionTimes> {
  const answers = [];
  for (let n = 0; n < asked + 1; n++) {
    const answer = await askOnce(library, pluginDir, { mode: 'suggestions.list', input });
    if (n > 0) answers.push(answer);
  }
  return summaryOf(question, answers);
}
