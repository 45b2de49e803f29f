/** Performers whom a person chose for a face without a suggestion. */
import type { EntityRef } from '../../core/content-id.ts';
import { shownName } from '../../core/people/shown-name.ts';
import type { StashEntity, StashPerformer } from '../../core/ports/library.ts';
import { thinTimes } from '../../core/sampling/thin-times.ts';
import { BY_HAND, type ProposalOf } from '../../core/suggestions/suggestion.ts';
import type { FileCluster } from '../matching/clusters.ts';
import type { Context } from '../runs/task.ts';

const VERSION = 1;

/**
Keeps the choice as a suggestion, so that it is looked after like any other that was accepted: whether it still stands in
Stash, and what follows where it does not. It is `stale` until what was chosen is on the entity.
@returns the id of the suggestion
*/
export async function keepChoice(
  { store }: Pick<Context, 'store'>,
  chosen: { readonly item: StashEntity; readonly performer: StashPerformer } & Face,
): Promise<string> {
  return await store.suggestions.keepChoice(await asProposal(store, chosen));
}

type Face = {
  readonly personKey: number;
  /** Undefined where the entity was matched anew meanwhile and has no such cluster. */
  readonly face: FileCluster | undefined;
};

async function asProposal(
  { identifications }: Context['store'],
  { item, performer, personKey, face }: Parameters<typeof keepChoice>[1],
): Promise<ProposalOf<'performer-seen'>> {
  const entity: EntityRef = { kind: item.kind, id: item.id };
  const person = (await identifications.get(entity))?.persons.find(({ key }) => key === personKey);
  const candidate = person?.candidates.find(({ performerId }) => performerId === performer.id);
  const times = face?.person.faces.flatMap(({ timeMs }) => timeMs ?? []) ?? [];
  return {
    kind: 'performer-seen',
    entity,
    entityTitle: item.title,
    target: { kind: 'performer', id: performer.id },
    targetName: shownName(performer),
    severity: 'info',
    confidence: candidate?.confidence ?? 0,
    analyzer: BY_HAND,
    analyzerVersion: VERSION,
    payload: {
      seen: face === undefined ? [] : [{ contentId: face.contentId, personKey: face.person.key }],
    },
    evidence: {
      timesMs: thinTimes(times.toSorted((a, b) => a - b)),
      faceCount: face?.person.faces.length ?? 0,
      similarity: candidate?.similarity ?? 0,
      margin: 0,
      referenceId: candidate?.referenceId ?? '',
      alternatives: [],
    },
  };
}
