import type { NameTakenView } from '../../../core/contract/suggestions.ts';
import { StashSenseError } from '../../../core/errors.ts';
import { message } from '../../../core/messages/message.ts';

/** A performer was to be made, and it is for the user to say whether it is one who has the name already. */
export class NameTaken extends StashSenseError {
  readonly taken: NameTakenView;

  constructor(taken: NameTakenView) {
    super('changed-since', message('packPeople.nameTaken', { name: taken.name }));
    this.taken = taken;
  }
}
