/**
Requests to one Stash: whom they may go to, by the address that is connected to. Its session goes to this machine, or to
another one over https with a valid certificate.
*/
import { StashSenseError } from '../../core/errors.ts';
import { message } from '../../core/messages/message.ts';
import type { Admit } from '../system/http/agent.ts';
import { createHttp, type Http } from '../system/http/http.ts';
import { isThisMachine } from '../system/local-address.ts';

export type ReachOptions = {
  /** Option of the user: certificates of other machines are not checked either. Has no effect with `carriesSession`. */
  readonly acceptAnyCertificate?: boolean | undefined;
  /**
  The connection carries a session cookie, which Stash gives only to processes it starts on its own machine: another machine is
  contacted only over https with a valid certificate.
  */
  readonly carriesSession?: boolean | undefined;
  /** Called for each connection to another machine over http. */
  readonly onUnencrypted?: ((address: string) => void) | undefined;
  /** Default: loopback and the addresses of this machine's interfaces. */
  readonly isThisMachine?: ((address: string) => boolean) | undefined;
};

/** Advice when the host that Stash names is another machine. */
const LISTEN_HERE = message('stash.listenHere');

/** `silenceMs`: time without data after which a request fails. */
export function createStashHttp(options: ReachOptions & { readonly silenceMs: number }): Http {
  return createHttp({
    admit: admitStash(options),
    silenceMs: options.silenceMs,
    certificateError: ({ origin }, problem, cause) => {
      const todo = options.carriesSession ? LISTEN_HERE : message('stash.makeCertificateValid');
      const said = message('stash.certificateRefused', { address: origin, problem, todo });
      return new StashSenseError('stash-unreachable', said, { cause });
    },
  });
}

/** @throws StashSenseError `stash-unreachable` */
function admitStash(reach: ReachOptions): Admit {
  return (host, addresses, secure) => {
    const own = addresses.filter((address) => (reach.isThisMachine ?? isThisMachine)(address.address));
    const thisMachine = own.length > 0;
    if (!thisMachine && !secure) {
      const address = addresses[0]?.address ?? '';
      if (reach.carriesSession) throw elsewhere(host, address);
      reach.onUnencrypted?.(address);
    }
    const unchecked = thisMachine || (reach.acceptAnyCertificate === true && !reach.carriesSession);
    // When a name resolves to this machine and to others, only this machine is used.
    return { addresses: thisMachine ? own : addresses, checkCertificate: !unchecked };
  };
}

function elsewhere(host: string, address: string): StashSenseError {
  return new StashSenseError(
    'stash-unreachable',
    message('stash.isElsewhere', { host, address, todo: LISTEN_HERE }),
  );
}

/** Accepts `http://host:9999` and, for a Stash below a path, `http://host/stash`. @throws StashSenseError `bad-input` */
export function parseBaseUrl(text: string): URL {
  let url: URL;
  try {
    url = new URL(text);
  } catch {
    throw new StashSenseError('bad-input', message('stash.noAddress', { address: text }));
  }
  if (url.protocol !== 'http:' && url.protocol !== 'https:')
    throw new StashSenseError('bad-input', message('stash.noHttpAddress', { protocol: url.protocol }));
  if (url.username || url.password || url.searchParams.has('apikey'))
    throw new StashSenseError('bad-input', message('stash.addressHoldsSecret'));
  url.pathname = url.pathname.replace(/\/(graphql)?\/*$/, '');
  url.search = '';
  url.hash = '';
  return url;
}
