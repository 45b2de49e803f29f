/**
Agents for connections to one server. The host name is resolved once per connection, `admit` decides about the resulting
addresses, and the socket connects to exactly one of these: the name server's answer cannot change between check and connect.
*/
import dns from 'node:dns';
import http from 'node:http';
import https from 'node:https';
import { isIP, type LookupFunction } from 'node:net';
import type { Duplex } from 'node:stream';
import { toConnectHost } from '../local-address.ts';

export type Address = dns.LookupAddress;

/**
Which of the addresses of a host are connected to, and whether a certificate has to be valid for its name.
@throws StashSenseError where it must not be connected to
*/
export type Admit = (
  host: string,
  addresses: readonly Address[],
  secure: boolean,
) => { readonly addresses: readonly Address[]; readonly checkCertificate: boolean };

type ConnectOptions = Parameters<http.Agent['createConnection']>[0];

/** @returns an agent for `http:` or `https:`; a request to a host that is not admitted fails with the error of `admit` */
export function createCheckedAgent(
  protocol: 'http:' | 'https:',
  settings: http.AgentOptions,
  admit: Admit,
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
    const admitted = admit(options.host ?? '', addresses, secure);
    const pinned: ConnectOptions & { rejectUnauthorized?: boolean } = {
      ...options,
      host: toConnectHost(options.host ?? ''),
      lookup: answerWith(admitted.addresses),
      ...(secure && { rejectUnauthorized: admitted.checkCertificate }),
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
