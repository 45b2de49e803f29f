/** An answer of HTTP/1.1, read by hand (light.ts), as `node:http` reads it. */
import type { HttpResponse } from './http.ts';

/** `node:http` allows 16 KiB of them. */
const MAX_HEAD_BYTES = 16 << 10;
/** Of a chunk's length and its extensions. */
const MAX_CHUNK_LINE = 1024;

type Head = Pick<HttpResponse, 'status'> & { readonly headers: Record<string, string | string[]> };

/** Of one answer. Each returns it as soon as it is complete, and null before. @throws what a request of `node:http` fails with */
export function createReader(maxBytes: number) {
  let bytes: Buffer = Buffer.alloc(0);
  let head: Head | null = null;
  let body: Body | null = null;

  const add = (chunk: Buffer): HttpResponse | null => {
    bytes = bytes.length === 0 ? chunk : Buffer.concat([bytes, chunk]);
    while (head === null) {
      const end = bytes.indexOf('\r\n\r\n');
      if (end > MAX_HEAD_BYTES || (end === -1 && bytes.length > MAX_HEAD_BYTES))
        throw Object.assign(new Error('Parse Error: Header overflow'), { code: 'HPE_HEADER_OVERFLOW' });
      if (end === -1) return null;
      const found = readHead(bytes.toString('latin1', 0, end));
      bytes = bytes.subarray(end + 4);
      // 100 and its like come before the answer.
      if (found.status >= 200) head = found;
    }
    body ??= createBody(head, maxBytes);
    const rest = bytes;
    bytes = Buffer.alloc(0);
    return toResponse(body.add(rest));
  };
  const toResponse = (state: 'more' | 'whole' | 'too large'): HttpResponse | null =>
    state === 'more' || head === null || body === null
      ? null
      : {
          ...head,
          body: state === 'whole' ? body.bytes() : new Uint8Array(),
          tooLarge: state === 'too large',
        };
  return {
    add,
    /** The server has closed the connection. */
    end(): HttpResponse | null {
      if (body?.endsWithConnection) return toResponse('whole');
      throw Object.assign(new Error(body === null ? 'socket hang up' : 'aborted'), { code: 'ECONNRESET' });
    },
  };
}

function readHead(text: string): Head {
  const [first = '', ...lines] = text.split('\r\n');
  const [, status] = /^HTTP\/1\.[01] (\d{3})(?: |$)/.exec(first) ?? [];
  if (status === undefined)
    throw Object.assign(new Error('Parse Error: Expected HTTP/'), { code: 'HPE_INVALID_CONSTANT' });
  const headers: Record<string, string | string[]> = {};
  const cookies: string[] = [];
  for (const line of lines) {
    const [, name, value = ''] = /^([\w!#$%&'*+.^`|~-]+):[ \t]*(.*?)[ \t]*$/.exec(line) ?? [];
    if (name === undefined)
      throw Object.assign(new Error('Parse Error: Invalid header token'), {
        code: 'HPE_INVALID_HEADER_TOKEN',
      });
    const lower = name.toLowerCase();
    if (lower === 'set-cookie') cookies.push(value);
    else headers[lower] ??= value;
  }
  if (cookies.length > 0) headers['set-cookie'] = cookies;
  return { status: Number(status), headers };
}

type Body = {
  /** Of what is too large nothing is kept. */
  add(chunk: Buffer): 'more' | 'whole' | 'too large';
  bytes(): Uint8Array;
  /** It has no end of its own. */
  readonly endsWithConnection: boolean;
};

function createBody({ status, headers }: Head, maxBytes: number): Body {
  const parts: Buffer[] = [];
  let size = 0;
  const keep = (part: Buffer): boolean => {
    size += part.length;
    if (size <= maxBytes) parts.push(part);
    return size <= maxBytes;
  };
  const bytes = (): Uint8Array => Buffer.concat(parts);
  const chunked = /\bchunked$/i.test(String(headers['transfer-encoding'] ?? ''));
  const length = headers['content-length'];
  if (chunked && status !== 204 && status !== 304) {
    const dechunk = createDechunker(keep);
    return { add: dechunk, bytes, endsWithConnection: false };
  }
  const all = status === 204 || status === 304 ? 0 : length === undefined ? Infinity : Number(length);
  if (Number.isNaN(all) || (length !== undefined && !/^\d+$/.test(String(length))))
    throw Object.assign(new Error('Parse Error: Invalid character in Content-Length'), {
      code: 'HPE_INVALID_CONTENT_LENGTH',
    });
  return {
    add(chunk) {
      if (!keep(chunk.subarray(0, all - size))) return 'too large';
      return size === all ? 'whole' : 'more';
    },
    bytes,
    endsWithConnection: all === Infinity,
  };
}

/** @param keep false: no more is wanted */
function createDechunker(keep: (part: Buffer) => boolean): Body['add'] {
  let rest: Buffer = Buffer.alloc(0);
  /** Of the chunk that has begun, with the line break after it; null: a line with the length comes. */
  let left: number | null = null;
  let inTrailer = false;
  return (chunk) => {
    rest = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
    for (;;) {
      if (left !== null) {
        const part = rest.subarray(0, Math.max(0, left - 2));
        if (!keep(part)) return 'too large';
        const used: number = Math.min(left, rest.length);
        left -= used;
        rest = rest.subarray(used);
        if (left > 0) return 'more';
        left = null;
      }
      const end = rest.indexOf('\r\n');
      if (end > MAX_CHUNK_LINE || (end === -1 && rest.length > MAX_CHUNK_LINE)) throw badChunk();
      if (end === -1) return 'more';
      const line = rest.toString('latin1', 0, end);
      rest = rest.subarray(end + 2);
      if (inTrailer) {
        if (line === '') return 'whole';
        continue;
      }
      const [, digits] = /^([0-9a-f]{1,8})[ \t]*(?:;.*)?$/i.exec(line) ?? [];
      if (digits === undefined) throw badChunk();
      const size = Number.parseInt(digits, 16);
      if (size === 0) inTrailer = true;
      else left = size + 2;
    }
  };
}

function badChunk(): Error {
  return Object.assign(new Error('Parse Error: Invalid character in chunk size'), {
    code: 'HPE_INVALID_CHUNK_SIZE',
  });
}
