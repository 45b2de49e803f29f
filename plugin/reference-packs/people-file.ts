/**
The people of a pack, in the order of their templates, little-endian:

    8 bytes        magic `SSREFPPL`
    6 x uint32     layout, people P, keys K, bytes of the records, bytes of the table of boxes, zero
    records        UTF-8, one JSON array for each person (records.ts), one behind the other
    boxes          UTF-8, a JSON array of the endpoints
    ends           uint32 for each person: where the record ends
    keys           2 x uint32 for each key, ascending: the first 63 bits of its SHA-256, and 1 for a stash ID, 0 for an id
    rows           uint32 for each key: the person

A key is `id <id of the person>` or `at <endpoint> <stash ID>`, folded (`keyOf`): so somebody is found among a million without
reading the records. Different keys may share 63 bits, so the record is compared then.
*/
import { hash } from 'node:crypto';
import { z } from 'zod';
import type { StashIdValue } from '../../core/changes/change.ts';
import { jsonOf } from '../../core/json-of.ts';
import type { StashIndex } from '../../core/ports/reference-packs.ts';
import { keyOfStashId, type PackPerson } from '../../core/reference-packs/reference-pack.ts';
import { bytesOf, createPackFile, HEADER_BYTES, type PackFileReader, readHeader } from './bytes.ts';
import { misfit } from './damage.ts';
import { createBoxTable, fromRecord, toRecord } from './records.ts';

export const PEOPLE = 'people';
const MAGIC = 'SSREFPPL';
const LAYOUT = 1;
/** A cleaned person has at most about 1 MB, an ordinary one 200 bytes. */
const MAX_RECORD_BYTES = 4 << 20;
const MAX_RECORDS_BYTES = 0xffff_ffff;
const MAX_BOXES_BYTES = 1 << 20;
/** A cleaned person has the id and at most 200 stash IDs. */
const MAX_KEYS_PER_PERSON = 201;
/** People with one key: a box has each id once, and whoever has an id asks for the records of all of them. */
const MAX_PEOPLE_PER_KEY = 16;
const BYTES_PER_END = 4;
const BYTES_PER_KEY = 12;

/** Of the file of so many people. */
export function mostPeopleBytes(people: number): number {
  const records = Math.min(people * MAX_RECORD_BYTES, MAX_RECORDS_BYTES);
  const tables = people * (BYTES_PER_END + MAX_KEYS_PER_PERSON * BYTES_PER_KEY);
  return HEADER_BYTES + records + MAX_BOXES_BYTES + tables;
}

export type PackPeople = {
  readonly endpoints: readonly string[];
  personId(row: number): string | null;
  person(row: number): PackPerson | null;
  rowsWith(stashId: StashIdValue): readonly number[];
  rowOf(personId: string): number | null;
  readonly stashIndex: StashIndex;
};

type Key = { readonly high: number; readonly low: number };

export async function createPeopleFile(file: string) {
  const writer = await createPackFile(file);
  const boxes = createBoxTable();
  const ends: number[] = [];
  const keys: (Key & { readonly row: number })[] = [];
  const ids = new Set<string>();
  let end = 0;
  return {
    async add(person: PackPerson): Promise<void> {
      if (ids.has(person.id)) throw new RangeError(`The person ${person.id} is there twice`);
      ids.add(person.id);
      const record = Buffer.from(toRecord(person, boxes));
      end += record.length;
      if (end > MAX_RECORDS_BYTES) throw new RangeError('More people than a pack can hold');
      const row = ends.push(end) - 1;
      for (const key of new Set(keysOf(person))) keys.push({ ...hashOf(key), row });
      await writer.write(record);
    },
    async end() {
      const table = Buffer.from(JSON.stringify(boxes.endpoints));
      keys.sort((a, b) => a.high - b.high || a.low - b.low || a.row - b.row);
      await writer.write(table);
      await writer.write(bytesOf(Uint32Array.from(ends)));
      await writer.write(bytesOf(Uint32Array.from(keys.flatMap(({ high, low }) => [high, low]))));
      await writer.write(bytesOf(Uint32Array.from(keys, ({ row }) => row)));
      const counts = [ends.length, keys.length, end, table.length, 0];
      return await writer.end({ magic: MAGIC, layout: LAYOUT, counts });
    },
    close: () => writer.close(),
  };
}

const Boxes = z.array(z.string());

/** @param size of the file, which is what the manifest says. @throws PackDamage */
export async function readPeople(
  reader: PackFileReader,
  { size, people, name }: { readonly size: number; readonly people: number; readonly name: string },
): Promise<PackPeople> {
  const head = Buffer.alloc(HEADER_BYTES);
  await reader.read(head);
  const { magic, layout, counts } = readHeader(head);
  const [count = 0, keyCount = 0, recordBytes = 0, boxBytes = 0] = counts;
  if (magic !== MAGIC || layout !== LAYOUT || count !== people || boxBytes > MAX_BOXES_BYTES)
    throw misfit(name);
  // Before memory is taken for what the header claims.
  const expected = HEADER_BYTES + recordBytes + boxBytes + people * BYTES_PER_END + keyCount * BYTES_PER_KEY;
  if (size !== expected) throw misfit(name);
  const records = Buffer.alloc(recordBytes);
  const table = Buffer.alloc(boxBytes);
  const ends = new Uint32Array(people);
  const keys = new Uint32Array(2 * keyCount);
  const rows = new Uint32Array(keyCount);
  for (const section of [records, table, ends, keys, rows]) await reader.read(bytesOf(section));
  const boxes = Boxes.safeParse(jsonOf(table.toString('utf8')));
  if (!boxes.success || !areEnds(ends, recordBytes) || rows.some((row) => row >= people)) throw misfit(name);
  if (mostWithOneKey(keys) > MAX_PEOPLE_PER_KEY) throw misfit(name);

  const person: PackPeople['person'] = (row) => {
    const end = ends[row];
    if (end === undefined) return null;
    return fromRecord(records.toString('utf8', row === 0 ? 0 : ends[row - 1], end), boxes.data);
  };
  /** Those whose record has the key. */
  const rowsOf = (key: string): number[] => {
    const found: number[] = [];
    const { high, low } = hashOf(key);
    for (let at = firstAt(keys, high, low); keys[2 * at] === high && keys[2 * at + 1] === low; at++) {
      const row = rows[at]!;
      const candidate = person(row);
      if (candidate !== null && keysOf(candidate).includes(key)) found.push(row);
    }
    return found;
  };
  return {
    endpoints: boxes.data,
    personId(row) {
      const end = ends[row];
      if (end === undefined) return null;
      const id = firstText(records.subarray(row === 0 ? 0 : ends[row - 1], end));
      return id ?? person(row)?.id ?? null;
    },
    person,
    rowsWith: (stashId) => rowsOf(stashKey(stashId)),
    rowOf: (personId) => rowsOf(idKey(personId))[0] ?? null,
    stashIndex: stashIndexOf(keys, rows),
  };
}

function areEnds(ends: Uint32Array, recordBytes: number): boolean {
  let before = 0;
  for (const end of ends) {
    if (end < before || end - before > MAX_RECORD_BYTES) return false;
    before = end;
  }
  return before === recordBytes;
}

function mostWithOneKey(keys: Uint32Array): number {
  let most = 0;
  let run = 0;
  for (let at = 0; at < keys.length; at += 2) {
    run = keys[at] === keys[at - 2] && keys[at + 1] === keys[at - 1] ? run + 1 : 1;
    most = Math.max(most, run);
  }
  return most;
}

const BRACKET = 0x5b;
const QUOTE = 0x22;
const BACKSLASH = 0x5c;

/** The first text of a JSON array, where nothing in it is escaped; else null. */
function firstText(record: Buffer): string | null {
  if (record[0] !== BRACKET || record[1] !== QUOTE) return null;
  const end = record.indexOf(QUOTE, 2);
  const text = record.subarray(2, end);
  return end < 3 || text.includes(BACKSLASH) ? null : text.toString('utf8');
}

/** The first key that is not less, by binary search. */
function firstAt(keys: Uint32Array, high: number, low: number): number {
  let [from, to] = [0, keys.length / 2];
  while (from < to) {
    const middle = (from + to) >>> 1;
    const [h, l] = [keys[2 * middle]!, keys[2 * middle + 1]!];
    if (h < high || (h === high && l < low)) from = middle + 1;
    else to = middle;
  }
  return from;
}

function keysOf({ id, stashIds }: PackPerson): string[] {
  return [idKey(id), ...stashIds.map(stashKey)];
}

function idKey(id: string): string {
  return `id ${id}`;
}

function stashKey(stashId: StashIdValue): string {
  return `at ${keyOfStashId(stashId)}`;
}

function hashOf(key: string): Key {
  const bytes = hash('sha256', key, 'buffer');
  const low = bytes.readUInt32BE(4);
  return { high: bytes.readUInt32BE(0), low: key.startsWith('at ') ? (low | 1) >>> 0 : (low & ~1) >>> 0 };
}

function stashIndexOf(keys: Uint32Array, rows: Uint32Array): StashIndex {
  const places = Uint32Array.from(rows.keys()).filter((at) => (keys[2 * at + 1]! & 1) === 1);
  const highs = places.map((at) => keys[2 * at]!);
  const lows = places.map((at) => keys[2 * at + 1]!);
  return { highs, lows, rows: places.map((at) => rows[at]!) };
}
