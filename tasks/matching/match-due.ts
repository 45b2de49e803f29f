import type { TitledEntity } from '../../core/ports/identifications.ts';
import { matchEntities } from './match.ts';
import { openRecognizer, type RecognizerParts } from './recognizer.ts';
import type { Context } from '../runs/task.ts';

/** The gallery of so many people is read within a second, once after each decision that changes the references. */
const MAX_PEOPLE = 5000;
/** Matched within one operation: about 0.2 s. The others are left to the next run that matches. */
const MAX_ENTITIES = 200;
const PAGE = 50;

/**
Matches once more what a decision has made due (`takeOutOfUse`), as far as that is fast. What is left has no suggestion that
rests on what was taken out of use, and the next rematch does it.
*/
export async function matchDue(context: RecognizerParts & Pick<Context, 'library'>): Promise<void> {
  const { store, vision, referencePacks } = context;
  const next = async (): Promise<TitledEntity[]> =>
    await store.observations.entitiesToMatch(vision.packId, PAGE);
  let due = await next();
  if (due.length === 0) return;
  const { withReference } = await store.people.counts(vision.packId);
  if (withReference + (await referencePacks.peopleCount()) > MAX_PEOPLE) return;
  const recognizer = await openRecognizer(context, 'few probes');
  for (let matched = 0; due.length > 0 && matched < MAX_ENTITIES; due = await next()) {
    await matchEntities(
      context,
      recognizer,
      due.map(({ entity, title }) => ({ ...entity, title })),
    );
    matched += due.length;
  }
}
