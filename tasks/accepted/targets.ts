/** What suggestions propose, as it is in Stash by now: merged into another, or gone. */
import { addedIds } from '../../core/changes/values.ts';
import { entityKey } from '../../core/content-id.ts';
import type { StashPerformer } from '../../core/ports/library.ts';
import type { CheckedSuggestion } from '../../core/ports/suggestions.ts';
import type { StashKind, StashRef } from '../../core/stash-ref.ts';
import { kindOf } from '../../core/suggestions/kinds/index.ts';
import type { Context } from '../runs/task.ts';
import { followMerge } from './merged.ts';
import { successorOf } from './successor.ts';

/** What was looked up, by `entityKey`; the performer into whom one was merged. */
export type Targets = Map<string, 'there' | 'gone' | StashPerformer>;

type Parts = Pick<Context, 'store' | 'library'>;

/** What was proposed; of a suggestion without a target the performers that were chosen and written. */
export function targetsOf({ target, kind, written, ...about }: CheckedSuggestion): readonly StashRef[] {
  if (target !== null) return [target];
  const finding = kindOf(kind).finding({ target, ...about }, written?.changes ?? null);
  return addedIds(finding, 'performers').map((id) => ({ kind: 'performer', id }));
}

/**
Adds to `targets` what these suggestions propose and it does not have yet: of each kind of object in one request.
@returns whether one was merged into another and suggestions were moved there, so that these have to be read again
*/
export async function lookUpTargets(
  parts: Parts,
  suggestions: readonly CheckedSuggestion[],
  targets: Targets,
): Promise<boolean> {
  const unknown = new Map<StashKind, Map<string, string>>();
  for (const suggestion of suggestions)
    for (const target of targetsOf(suggestion)) {
      if (targets.has(entityKey(target))) continue;
      const names = unknown.get(target.kind) ?? new Map<string, string>();
      unknown.set(target.kind, names.set(target.id, suggestion.targetName));
    }
  let isMoved = false;
  for (const [kind, names] of unknown) {
    const found = await parts.library.fieldsOf(kind, [...names.keys()], []);
    for (const [id, name] of names) {
      const target = { kind, id };
      const successor = found.has(id) ? null : await successorOf(parts, target, name);
      targets.set(entityKey(target), found.has(id) ? 'there' : (successor ?? 'gone'));
      if (successor !== null && (await followMerge(parts, target, successor))) isMoved = true;
    }
  }
  return isMoved;
}

export function isGone(suggestion: CheckedSuggestion, targets: Targets): boolean {
  return targetsOf(suggestion).some((target) => targets.get(entityKey(target)) === 'gone');
}

/** Into whom a performer was merged; undefined: nobody, as far as was looked up. */
export function mergedInto(performerId: string, targets: Targets): string | undefined {
  const now = targets.get(entityKey({ kind: 'performer', id: performerId }));
  return typeof now === 'object' ? now.id : undefined;
}
