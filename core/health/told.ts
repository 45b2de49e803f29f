import type { ContentId } from '../content-id.ts';
import type { ToldKind } from './analyzers.ts';
import { MAX_FACES, type ToldEvidence } from '../suggestions/kinds/told.ts';
import type { Proposal, Severity, SuggestionOf } from '../suggestions/suggestion.ts';
import type { Dismissal } from '../suggestions/dismissal.ts';

/** What an analyzer tells of one object. */
export type Told<Kind extends ToldKind = ToldKind> = {
  readonly kind: Kind;
  readonly entity: SuggestionOf<Kind>['entity'];
  readonly entityTitle: string;
  readonly severity: Severity;
  /** Each in a word (`ToldPayload`), and as a person reads it. */
  readonly found: readonly { readonly what: string; readonly said: ToldEvidence['said'][number] }[];
  /** Of the files of a scene. */
  readonly contentIds?: readonly ContentId[];
  readonly faces?: ToldEvidence['faces'];
  readonly others?: ToldEvidence['others'];
};

/** What was read is certain: the number only says how early it stands among suggestions that are less or more than sure. */
const PLACE: Readonly<Record<Severity, number>> = { error: 1, warning: 0.4, info: 0.2 };

export function toldProposal<Kind extends ToldKind>(
  { kind, entity, entityTitle, severity, found, contentIds = [], faces = [], others = [] }: Told<Kind>,
  { id, version }: { readonly id: string; readonly version: number },
): Proposal {
  const sorted = found.toSorted((a, b) => (a.what < b.what ? -1 : 1));
  return {
    kind,
    entity,
    entityTitle,
    target: null,
    targetName: '',
    severity,
    confidence: PLACE[severity],
    payload: { found: sorted.map(({ what }) => what), contentIds: [...contentIds] },
    evidence: { said: sorted.map(({ said }) => said), faces: faces.slice(0, MAX_FACES), others },
    analyzer: id,
    analyzerVersion: version,
    // The compiler does not see that all kinds that tell of something consist of the same.
  } as unknown as Proposal;
}

/** A "no" to each thing that was found, by the files, else by the object. */
export function toldDismissals(
  kind: ToldKind,
  entity: { readonly kind: string; readonly id: string },
  { found, contentIds }: { readonly found: readonly string[]; readonly contentIds: readonly string[] },
): Dismissal[] {
  const named = contentIds.length === 0 ? [`${entity.kind}:${entity.id}`] : contentIds;
  return found.flatMap((one) => named.map((name) => ({ key: `${kind} ${one} ${name}` })));
}
