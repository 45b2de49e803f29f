import assert from 'node:assert/strict';
import { StashSenseError, type ErrorCode } from '../../core/errors.ts';

/** For `assert.rejects`: one sentence for the user. */
export function saysWhy(code: ErrorCode, part: RegExp) {
  return (error: unknown): boolean => {
    assert(error instanceof StashSenseError, String(error));
    assert.equal(error.code, code, error.message);
    assert.match(error.message, part);
    assert.match(error.message, /^[^\n]+\.$/);
    return true;
  };
}
