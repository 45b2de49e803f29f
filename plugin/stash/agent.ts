/**
Connections to one Stash. The host name is looked up once for each connection, what may go there is decided on the address,
and the socket connects to that very address: an answer of a name server cannot change between decision and use.
*/
import dns from 'node:dns';
import http from 'node:http';
import https from 'node:https';
import { isIP, type LookupFunction } from 'node:net';
import type { Duplex } from 'node:stream';
import { StashSenseError } from '../../core/errors.ts';
import { message } from '../../core/messages/message.ts';
import { isThisMachine, toConnectHost } from '../system/local-address.ts';

export type ReachOptions = {
  /** The user said so: certificates of other machines are not checked either. Has no effect with `carriesSession`. */
  readonly acceptAnyCertificate?: boolean | undefined;
  /**
  A session of Stash travels on it, which Stash gives only to what it starts on its own machine: another machine is
  connected to only over https with a certificate that is valid.
  */
  readonly carriesSession?: boolean | undefined;
  /** Called at each connection to another machine over http. */
  readonly onUnencrypted?: ((address: string) => void) | undefined;
  /** Default: this machine's own. */
  readonly isThisMachine?: ((address: string) => boolean) | undefined;
};

/** What to do where the host that Stash names is another machine. */
export const LISTEN_HERE = message('stash.listenHere');

type Address = dns.LookupAddress;
type ConnectOptions = Parameters<http.Agent['createConnection']>[0];

/** @returns an agent for `http:` or `https:`; its requests fail with StashSenseError `stash-unreachable` where it refuses */
export function createStashAgent(
  protocol: 'http:' | 'https:',
  settings: http.AgentOptions,
  reach: ReachOptions,
): http.Agent {
  const secure = protocol === 'https:';
  const agent = secure
    ? // Of a TLS session that is resumed the name in the certificate is not checked again.
      new https.Agent({ ...settings, maxCachedSessions: 0 })
    : new http.Agent(settings);
  const connect = agent.createConnection.bind(agent);
  agent.createConnection = (options, callback) => {
    lookUp(options.host ?? '', (failure, addresses) => {
      let socket: Duplex;
      try {
        if (failure) throw failure;
        socket = open(options, addresses);
      } catch (error) {
        callback?.(error as Error, undefined as never);
        return;
      }
      callback?.(null, socket);
    });
    return undefined;
  };
  return agent;

  function open(options: ConnectOptions, addresses: readonly Address[]): Duplex {
    const own = addresses.filter((address) => (reach.isThisMachine ?? isThisMachine)(address.address));
    const thisMachine = own.length > 0;
    if (!thisMachine && !secure) {
      const address = addresses[0]?.address ?? '';
      if (reach.carriesSession) throw elsewhere(options.host ?? '', address);
      reach.onUnencrypted?.(address);
    }
    const unchecked = thisMachine || (reach.acceptAnyCertificate === true && !reach.carriesSession);
    const pinned: ConnectOptions & { rejectUnauthorized?: boolean } = {
      ...options,
      host: toConnectHost(options.host ?? ''),
      // Of a name that stands for this machine and for others, only this machine.
      lookup: answerWith(thisMachine ? own : addresses),
      ...(secure && { rejectUnauthorized: !unchecked }),
    };
    // Node's own agents answer at once.
    return connect(pinned)!;
  }
}

/** Answers later, also where there is nothing to look up. */
function lookUp(host: string, done: (error: Error | null, addresses: readonly Address[]) => void): void {
  const bare = toConnectHost(host);
  const family = isIP(bare);
  if (family !== 0) process.nextTick(done, null, [{ address: bare, family }]);
  else
    dns.lookup(bare, { all: true }, (error, addresses) => {
      const none = addresses?.length ? null : Object.assign(new Error('no address'), { code: 'ENOTFOUND' });
      done(error ?? none, addresses);
    });
}

function answerWith(addresses: readonly Address[]): LookupFunction {
  return (_host, options, done) => {
    const [first] = addresses;
    // Not at once: a connect that fails at once would do so before the request listens for it.
    process.nextTick(() => {
      if (options.all) done(null, [...addresses]);
      else done(null, first?.address ?? '', first?.family);
    });
  };
}

function elsewhere(host: string, address: string): StashSenseError {
  return new StashSenseError(
    'stash-unreachable',
    message('stash.isElsewhere', { host, address, todo: LISTEN_HERE }),
  );
}
