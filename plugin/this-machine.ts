import { networkInterfaces, type NetworkInterfaceInfo } from 'node:os';

/** True for loopback names and every address of this machine's own network interfaces. */
export function isThisMachine(host: string): boolean {
  const bare = host.replace(/^\[|\]$/g, '').toLowerCase();
  if (bare === 'localhost' || bare.endsWith('.localhost') || bare === '::1') return true;
  if (/^127\.\d+\.\d+\.\d+$/.test(bare)) return true;
  return Object.values(networkInterfaces()).some((addresses) =>
    addresses?.some((it) => it.address.toLowerCase() === bare),
  );
}

type Interfaces = Readonly<Record<string, readonly Pick<NetworkInterfaceInfo, 'address'>[] | undefined>>;

/**
The host of a URL as it is connected to: an address that is only valid on one line (fe80::…) needs the name of that
line, which a URL cannot hold. It is one of this machine's, or it could not be reached by it anyway.
*/
export function toConnectHost(hostname: string, interfaces: Interfaces = networkInterfaces()): string {
  const bare = hostname.replace(/^\[|\]$/g, '').toLowerCase();
  if (!/^fe[89ab][0-9a-f]:/.test(bare)) return bare;
  const [line] =
    Object.entries(interfaces).find(([, addresses]) => addresses?.some((it) => it.address === bare)) ?? [];
  return line === undefined ? bare : `${bare}%${line}`;
}
