/**
Requests to stash-boxes. A key goes only to a server whose certificate is valid for the name in Stash's settings, or over http
to this machine and to private networks, where people have boxes of their own.
*/
import { BlockList, isIPv6 } from 'node:net';
import { StashSenseError } from '../../core/errors.ts';
import { message } from '../../core/messages/message.ts';
import type { Log } from '../../core/ports/log.ts';
import type { Address, Admit } from '../system/http/agent.ts';
import { createHttp, type Http } from '../system/http/http.ts';
import { isThisMachine } from '../system/local-address.ts';

export type ReachOptions = {
  /** Time without data after which a request fails. */
  readonly silenceMs: number;
  readonly log: Log;
  /** Default: loopback, the addresses of this machine's interfaces, and those that no router of the internet forwards. */
  readonly isNear?: ((address: string) => boolean) | undefined;
};

export function createBoxHttp({ silenceMs, log, isNear = isNearby }: ReachOptions): Http {
  const warned = new Set<string>();
  const warnOnce = (host: string, { address }: Address): void => {
    if (isThisMachine(address) || warned.has(host)) return;
    warned.add(host);
    log.warn(
      `The API key of the stash-box at ${host} goes over http, where anybody on the way can read it: use https.`,
    );
  };
  const admit: Admit = (host, addresses, secure) => {
    if (secure) return { addresses, checkCertificate: true };
    const near = addresses.filter(({ address }) => isNear(address));
    const [first] = near;
    if (first === undefined)
      throw new StashSenseError(
        'stash-box-unreachable',
        message('stashBox.unencrypted', { host, address: addresses[0]?.address ?? '' }),
      );
    warnOnce(host, first);
    return { addresses: near, checkCertificate: true };
  };
  return createHttp({
    admit,
    silenceMs,
    certificateError: ({ host }, problem, cause) =>
      new StashSenseError(
        'stash-box-unreachable',
        message('stashBox.certificateRefused', { host, problem }),
        {
          cause,
        },
      ),
  });
}

const PRIVATE = new BlockList();
for (const [network, bits] of [
  ['10.0.0.0', 8],
  ['172.16.0.0', 12],
  ['192.168.0.0', 16],
  ['169.254.0.0', 16],
  // Between a provider and its customers; overlay networks use it too.
  ['100.64.0.0', 10],
] as const)
  PRIVATE.addSubnet(network, bits);
PRIVATE.addSubnet('fc00::', 7, 'ipv6');
PRIVATE.addSubnet('fe80::', 10, 'ipv6');

function isNearby(address: string): boolean {
  const [bare = ''] = address.split('%');
  return isThisMachine(address) || PRIVATE.check(bare, isIPv6(bare) ? 'ipv6' : 'ipv4');
}
