/** Tables as spreadsheets write them (RFC 4180): fields may stand in quotes, and hold commas, quotes and line breaks there. */

/** Rows of fields, trimmed; a row without any is none. A quote that is never closed ends with the text. */
export function parseCsv(text: string): string[][] {
  const rows: string[][] = [];
  let row: string[] = [];
  const endRow = (): void => {
    if (row.some((field) => field !== '')) rows.push(row);
    row = [];
  };
  for (let at = 0; at < text.length;) {
    let field = '';
    if (text[at] === '"') {
      // Two quotes stand for one.
      for (at++; at < text.length; at++) {
        const end = text.indexOf('"', at);
        field += text.slice(at, end < 0 ? text.length : end);
        at = end < 0 ? text.length : end + 1;
        if (text[at] !== '"') break;
        field += '"';
      }
    }
    const end = endOfField(text, at);
    row.push((field + text.slice(at, end)).trim());
    at = end;
    if (text[at] === ',') {
      at++;
      if (at < text.length) continue;
    }
    endRow();
    if (text[at] === '\r') at++;
    if (text[at] === '\n') at++;
  }
  endRow();
  return rows;
}

function endOfField(text: string, from: number): number {
  let at = from;
  while (at < text.length && text[at] !== ',' && text[at] !== '\n' && text[at] !== '\r') at++;
  return at;
}
