/**
Connections to one Stash. The host name is resolved once per connection, the checks below use the resulting address, and the
socket connects to exactly this address: the name server's answer cannot change between check and connect.
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
export const LISTEN_HERE = message('stash.listenHere');

type Address = dns.LookupAddress;
type ConnectOptions = Parameters<http.Agent['createConnection']>[0];

/** @returns an agent for `http:` or `https:`; requests that it refuses fail with StashSenseError `stash-unreachable` */
export function createStashAgent(
  protocol: 'http:' | 'https:',
  settings: http.AgentOptions,
  reach: ReachOptions,
): http.Agent {
  const secure = protocol === 'https:';
  const agent = secure
    ? // Without cached sessions: Node does not check the host name of the certificate when it resumes a TLS session.
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
      // When a name resolves to this machine and to others, only this machine is used.
      lookup: answerWith(thisMachine ? own : addresses),
      ...(secure && { rejectUnauthorized: !unchecked }),
    };
    // Node's own agents return the socket synchronously.
    return connect(pinned)!;
  }
}

/** Calls `done` asynchronously, also when the host is an address already. */
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
    // Asynchronous: a connect that fails synchronously would emit its error before the request has a listener.
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
