/** Scenes of a stash-box by the fingerprints of files. */
import { z } from 'zod';
import {
  FINGERPRINT_ALGORITHMS,
  type BoxScene,
  type BoxScenes,
  type Fingerprint,
  type FingerprintAlgorithm,
} from '../../../core/ports/boxes/box-scenes.ts';
import type { GraphqlAnswer } from '../../system/http/graphql-request.ts';
import type { Asking } from '../asking.ts';
import type { Endpoint } from '../endpoint.ts';
import {
  Id,
  Image,
  list,
  LONGEST_NAME,
  number,
  orNull,
  PartialDate,
  text,
  toBoxImage,
} from '../performer.ts';
import { scenesDocument } from '../questions/documents.ts';
import type { Features } from '../questions/features.ts';
import { inHalves } from '../questions/in-halves.ts';

/** A box refuses more. */
const LISTS_AT_ONCE = 40;

type Parts = {
  readonly endpoint: Endpoint;
  readonly ask: Asking['ask'];
  readonly dataOf: <T>(schema: z.ZodType<T>, answer: GraphqlAnswer) => T;
  readonly skipped: (count: number, why: string) => void;
};

export function createScenesByFingerprints({
  endpoint,
  ask,
  dataOf,
  skipped,
}: Parts): Pick<BoxScenes, 'scenesByFingerprints'> {
  type Lists = readonly (readonly Fingerprint[])[];

  const answersTo = (lists: Lists): Promise<(readonly unknown[] | undefined)[]> =>
    ask((features) => ({
      document: scenesDocument(features),
      variables: {
        fingerprints: lists.map((fingerprints) =>
          fingerprints.filter(isTaken(features)).map(({ algorithm, hash }) => ({ algorithm, hash })),
        ),
      },
      read: (answer) => {
        const { found } = dataOf(Found, answer);
        // With fewer answers than questions nobody knows whose they are; it is not that the box has none of these scenes.
        return lists.map((_, n) => (found.length === lists.length ? (found[n] ?? undefined) : undefined));
      },
    }));

  return {
    async scenesByFingerprints(lists) {
      const answers: (readonly BoxScene[] | undefined)[] = [];
      for (let at = 0; at < lists.length; at += LISTS_AT_ONCE) {
        const answered = await inHalves(lists.slice(at, at + LISTS_AT_ONCE), answersTo);
        skipped(answered.filter((one) => one === undefined).length, 'the box could not answer them');
        answers.push(...answered.map((rows) => rows && rows.flatMap((row) => toScene(row, endpoint) ?? [])));
      }
      return answers;
    },
  };
}

const DIGITS: Readonly<Record<FingerprintAlgorithm, RegExp>> = {
  OSHASH: /^[0-9a-f]{1,16}$/,
  PHASH: /^[0-9a-f]{1,16}$/,
  MD5: /^[0-9a-f]{32}$/,
};
/** A query that went with the MD5 in v0.8.0: from then on a box drops such a hash. */
const TAKES_MD5 = 'findSceneByFingerprint';

/** Whether the box takes the hash: one that it refuses costs the answer to all of them. */
function isTaken({ query }: Features): (fingerprint: Fingerprint) => boolean {
  return ({ algorithm, hash }) =>
    DIGITS[algorithm].test(hash) && (algorithm !== 'MD5' || query.has(TAKES_MD5));
}

const Found = z.object({ found: z.array(z.array(z.unknown()).nullable()) });

const Appearance = z
  .object({ as: text(LONGEST_NAME), performer: z.object({ id: Id, name: text(LONGEST_NAME) }) })
  .transform(({ as, performer: { id, name } }) => (name === null ? null : { id, name, as: as ?? '' }));
const Studio = z
  .object({ id: Id, name: text(LONGEST_NAME) })
  .transform(({ id, name }) => (name === null ? null : { id, name }));
const BoxFingerprint = z
  .object({
    algorithm: z.enum(FINGERPRINT_ALGORITHMS),
    hash: z.string().toLowerCase(),
    duration: number,
    submissions: number,
    reports: number,
  })
  .transform(({ algorithm, hash, duration, submissions, reports }) =>
    DIGITS[algorithm].test(hash)
      ? {
          algorithm,
          hash: algorithm === 'MD5' ? hash : hash.padStart(16, '0'),
          seconds: duration ?? 0,
          submissions: submissions ?? 1,
          reports: reports ?? 0,
        }
      : null,
  );
/** Each user of a box can give a scene those of all their files: any of them may be the one that was asked for. */
const MOST_FINGERPRINTS = 100_000;
const Scene = z.object({
  id: Id,
  title: text(LONGEST_NAME),
  code: text(LONGEST_NAME),
  release_date: PartialDate,
  date: PartialDate,
  duration: number,
  studio: orNull(Studio),
  images: list(Image),
  performers: list(Appearance),
  fingerprints: list(BoxFingerprint, MOST_FINGERPRINTS),
});

/** Null: what came is no scene. */
export function toScene(answered: unknown, endpoint: Endpoint): BoxScene | null {
  const parsed = Scene.safeParse(answered);
  if (!parsed.success) return null;
  const row = parsed.data;
  return {
    id: row.id,
    title: row.title ?? '',
    code: row.code,
    date: row.release_date ?? row.date,
    seconds: row.duration,
    studio: row.studio,
    cast: row.performers,
    images: row.images.map((image) => toBoxImage(image, endpoint)),
    fingerprints: row.fingerprints,
  };
}
