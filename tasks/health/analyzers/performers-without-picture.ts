import { listOf } from '../../../core/changes/values.ts';
import { toldProposal } from '../../../core/health/told.ts';
import { message } from '../../../core/messages/message.ts';
import { bestPictureOf } from '../../../core/people/best-picture.ts';
import type { Named } from '../../../core/ports/library.ts';
import type { Proposal, ProposalOf } from '../../../core/suggestions/suggestion.ts';
import type { LookParts, WholeAnalyzer } from '../analyzer.ts';
import { once, pageOf } from '../page-of.ts';

const PAGE = 100;
/** Worth being a picture. */
const LEAST_QUALITY = 0.5;
/** A face that was recognised as surely. */
const LEAST_CONFIDENCE = 0.95;
/** Of one performer. */
const MOST_FACES = 20;
/** It stands behind what is more than a good picture: a person looks at each. */
const CONFIDENCE = 0.5;

/**
A performer without a picture of whom a good face is known: one by which they are recognised, or that was recognised on a scene
of theirs. Of one without such a face who is linked to a stash-box it is told where its pictures are offered; nothing is asked of it.
*/
export const performersWithoutPicture: WholeAnalyzer<'performers-without-picture'> = {
  id: 'performers-without-picture',
  version: 2,
  kinds: ['performer-picture', 'performer-without-picture'],
  looksAt: 'all',
  begin(parts) {
    const pictureless = once(() => parts.library.catalogue.pictureless());
    return async (after) => {
      const { page, looked, next } = pageOf('performer', await pictureless(), after, PAGE);
      const proposals: Proposal[] = [];
      const faceless: Named[] = [];
      for (const performer of page) {
        const best = (await bestReference(parts, performer.id)) ?? (await bestSeen(parts, performer.id));
        if (best === null) faceless.push(performer);
        else proposals.push(toProposal(performer, best));
      }
      proposals.push(...(await linkedAmong(parts, faceless)));
      return { proposals, looked, next };
    };
  },
};

/** What is told of those of them who have a stash ID. */
async function linkedAmong({ library }: LookParts, performers: readonly Named[]): Promise<Proposal[]> {
  if (performers.length === 0) return [];
  const ids = performers.map(({ id }) => id);
  const fields = await library.fieldsOf('performer', ids, ['stashIds']);
  return performers.flatMap(({ id, name }) => {
    const isLinked = listOf(fields.get(id) ?? {}, 'stashIds').length > 0;
    return !isLinked
      ? []
      : toldProposal(
          {
            kind: 'performer-without-picture',
            entity: { kind: 'performer', id },
            entityTitle: name,
            severity: 'info',
            found: [{ what: 'picture', said: [message('health.boxMayHavePicture')] }],
          },
          performersWithoutPicture,
        );
  });
}

type Best = Pick<ProposalOf<'performer-picture'>, 'payload' | 'evidence'>;

async function bestReference({ store, vision }: LookParts, id: string): Promise<Best | null> {
  const { packId } = vision.seenBy;
  const best = bestPictureOf(await store.people.references(id, packId));
  if (best === undefined || best.quality < LEAST_QUALITY) return null;
  return { payload: { referenceId: best.id, face: null, packId }, evidence: { quality: best.quality } };
}

async function bestSeen({ store, vision }: LookParts, id: string): Promise<Best | null> {
  const { packId } = vision.seenBy;
  let best: Best | null = null;
  for (const { contentId, personKey, confidence } of await store.identifications.facesOf(id, MOST_FACES)) {
    if (confidence < LEAST_CONFIDENCE) break;
    const observation = await store.observations.get(contentId, packId);
    const quality = observation?.persons.find(({ key }) => key === personKey)?.quality ?? 0;
    if (quality < LEAST_QUALITY || quality <= (best?.evidence.quality ?? 0)) continue;
    best = { payload: { referenceId: null, face: { contentId, personKey }, packId }, evidence: { quality } };
  }
  return best;
}

function toProposal({ id, name }: Named, best: Best): ProposalOf<'performer-picture'> {
  return {
    kind: 'performer-picture',
    entity: { kind: 'performer', id },
    entityTitle: name,
    target: null,
    targetName: '',
    severity: 'info',
    confidence: CONFIDENCE,
    ...best,
    analyzer: performersWithoutPicture.id,
    analyzerVersion: performersWithoutPicture.version,
  };
}
