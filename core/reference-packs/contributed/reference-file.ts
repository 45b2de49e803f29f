/**
A file of references that somebody gives to a publisher of reference packs: of each person the ids at stash-boxes, and vectors.
JSON lines: a head, then one person a line. `docs/reference-packs.md` tells the fields.
*/
import { z } from 'zod';
import type { StashIdValue } from '../../changes/change.ts';
import { toUnit } from '../../faces/embedding.ts';
import type { AddedEmbeddings, Embedding } from '../../faces/face.ts';
import { dequantize, LARGEST_COMPONENT, quantize } from '../../matching/quantize.ts';
import { SaidError } from '../../errors.ts';
import { jsonOf } from '../../json-of.ts';
import { message } from '../../messages/message.ts';
import { compareText } from '../candidate-images.ts';
import { isOnOneLine } from './shareable-ids.ts';

const FORMAT = 'stash-sense references';
const VERSION = 1;
/** More than one performer has: the twelve that are compared, and the profile picture. */
const MAX_REFERENCES_EACH = 64;
const MAX_IDS_EACH = 50;
/** Characters of a line; a person with as many references of three embedders has about 150 000. */
export const MAX_LINE = 1 << 20;

/** One face, by the id of the embedder; that of the face pack that sees faces stands under the id of the pack. */
export type ContributedReference = { readonly quality: number; readonly embeddings: AddedEmbeddings };
export type ContributedPerson = {
  /** In the order of `keyOfStashId`. */
  readonly stashIds: readonly StashIdValue[];
  readonly references: readonly ContributedReference[];
};
/** Number of components by the id of the embedder. */
export type Dimensions = Readonly<Record<string, number>>;

const EmbedderId = z.string().regex(/^[\w.-]{1,100}$/);
const Head = z.strictObject({
  format: z.literal(FORMAT),
  version: z.int().positive(),
  embedders: z.record(EmbedderId, z.int().min(1).max(4096)),
});
const Line = z.strictObject({
  stashIds: z
    .array(
      z.tuple([
        z
          .string()
          .min(1)
          .max(300)
          .refine(isOnOneLine)
          .refine((text) => URL.canParse(text)),
        z.string().min(1).max(100).refine(isOnOneLine),
      ]),
    )
    .min(1)
    .max(MAX_IDS_EACH),
  references: z
    .array(z.strictObject({ quality: z.number().min(0).max(1), vectors: z.record(EmbedderId, z.string()) }))
    .min(1)
    .max(MAX_REFERENCES_EACH),
});

/** The head of a file with vectors of these embedders, without the end of the line. */
export function headLine(dimensions: Dimensions): string {
  return JSON.stringify({ format: FORMAT, version: VERSION, embedders: sorted(dimensions) });
}

/** The same for the same references in any order; one that is there twice is written once. */
export function personLine({ stashIds, references }: ContributedPerson): string {
  const lines = references.map(({ quality, embeddings }) => {
    const vectors = Object.entries(embeddings).map(([id, vector]) => [id, toText(quantize(vector).row)]);
    return JSON.stringify({
      quality: Math.round(quality * 100) / 100,
      vectors: sorted(Object.fromEntries(vectors)),
    });
  });
  const ids = stashIds.map(({ endpoint, stashId }) => JSON.stringify([endpoint, stashId]));
  return `{"stashIds":[${unique(ids).join(',')}],"references":[${unique(lines).join(',')}]}`;
}

/**
The embedders of a file.
@throws SaidError that names what it is not, as a part of a sentence
*/
export function parseHead(line: string): Dimensions {
  const parsed = Head.safeParse(jsonOf(line));
  if (!parsed.success) throw new SaidError(message('contributed.noHead'));
  if (parsed.data.version > VERSION) throw new SaidError(message('contributed.newer'));
  return parsed.data.embedders;
}

/** Whether a file that begins with this line is one of references, of any version. */
export function isHead(line: string): boolean {
  return z.object({ format: z.literal(FORMAT) }).safeParse(jsonOf(line)).success;
}

/**
Whatever stands in a vector becomes one of unit length, so that none can weigh more than another.
@param dimensions of the head
@throws SaidError as above
*/
export function parsePerson(line: string, dimensions: Dimensions): ContributedPerson {
  const parsed = Line.safeParse(jsonOf(line));
  if (!parsed.success) throw new SaidError(message('contributed.noPerson'));
  return {
    stashIds: parsed.data.stashIds.map(([endpoint, stashId]) => ({ endpoint, stashId })),
    references: parsed.data.references.map(({ quality, vectors }) => ({
      quality,
      embeddings: Object.fromEntries(
        Object.entries(vectors).map(([id, text]) => {
          if (!Object.hasOwn(dimensions, id))
            throw new SaidError(message('contributed.embedderNotInHead', { embedder: id }));
          return [id, fromText(text, dimensions[id]!)];
        }),
      ),
    })),
  };
}

/** Eight bits a component, as base64. */
function toText(row: Int8Array): string {
  return btoa(String.fromCharCode(...new Uint8Array(row.buffer, row.byteOffset, row.length)));
}

/** @throws SaidError for what `toText` never writes */
function fromText(text: string, dimensions: number): Embedding {
  const refuse = (): SaidError => new SaidError(message('contributed.noVector', { dimensions }));
  // Checked before memory is taken for it.
  if (text.length !== Math.ceil(dimensions / 3) * 4 || !/^[A-Za-z0-9+/]*={0,2}$/.test(text)) throw refuse();
  const bytes = Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
  const row = new Int8Array(bytes.buffer);
  const largest = row.reduce((most, component) => Math.max(most, Math.abs(component)), 0);
  const vector = row.length === dimensions && largest === LARGEST_COMPONENT ? dequantize(row) : null;
  if (vector === null) throw refuse();
  return vector;
}

function sorted<Value>(record: Readonly<Record<string, Value>>): Record<string, Value> {
  return Object.fromEntries(Object.entries(record).toSorted(([a], [b]) => compareText(a, b)));
}

function unique(texts: readonly string[]): string[] {
  return [...new Set(texts)].toSorted(compareText);
}

/** The parts of a fused embedding, each of unit length; an embedder of which nothing was there is left out. */
export function partsOf(
  fused: Embedding,
  { packId, adds }: { readonly packId: string; readonly adds: readonly AddedPart[] },
): AddedEmbeddings {
  const ownLength = fused.length - adds.reduce((sum, { dimensions }) => sum + dimensions, 0);
  const parts: Record<string, Embedding> = {};
  let at = 0;
  for (const { embedder, dimensions } of [{ embedder: packId, dimensions: ownLength }, ...adds]) {
    const part = toUnit(fused.slice(at, at + dimensions));
    if (part !== null) parts[embedder] = part;
    at += dimensions;
  }
  return parts;
}

type AddedPart = { readonly embedder: string; readonly dimensions: number };
