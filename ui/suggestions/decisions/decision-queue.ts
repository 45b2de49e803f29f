/** Sends one request at a time, since each starts a Node process; decisions made meanwhile are batched into the next. */
export type DecisionQueue<Item> = {
  add: (decision: Decision<Item>) => void;
};

export type Decision<Item> = {
  readonly kind: 'accept' | 'reject' | 'undo';
  readonly items: readonly Item[];
  /** Never rejects: it shows failures itself. */
  readonly send: (items: readonly Item[]) => Promise<void>;
};

export function createDecisionQueue<Item>(): DecisionQueue<Item> {
  const waiting: Decision<Item>[] = [];
  let isSending = false;

  async function sendAll(): Promise<void> {
    isSending = true;
    for (let next = waiting.shift(); next; next = waiting.shift()) await next.send(next.items);
    isSending = false;
  }

  return {
    add(decision) {
      const last = waiting.at(-1);
      // Only with the last: an undo is of what was decided before it.
      if (last && last.kind === decision.kind && decision.kind !== 'undo')
        waiting[waiting.length - 1] = { ...decision, items: [...last.items, ...decision.items] };
      else waiting.push(decision);
      if (!isSending) void sendAll();
    },
  };
}
