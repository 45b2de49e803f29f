import { BlockList, isIPv6 } from 'node:net';
import { networkInterfaces, type NetworkInterfaceInfo } from 'node:os';

type Interfaces = Readonly<Record<string, readonly Pick<NetworkInterfaceInfo, 'address'>[] | undefined>>;

/**
True for loopback addresses, "all addresses" (a connection to them reaches this machine), and the addresses of this machine's
network interfaces. False for host names, since a name server could answer with any address.
*/
export function isThisMachine(address: string, interfaces?: Interfaces): boolean {
  if (address === '127.0.0.1' || address === '::1') return true;
  const [bare = '', zone] = address.split('%');
  const own = new BlockList();
  for (const [name, addresses] of Object.entries(interfaces ?? networkInterfaces()))
    // On another interface another machine can have the same link-local address.
    if (zone === undefined || zone === name)
      for (const network of addresses ?? []) own.addAddress(network.address, familyOf(network.address));
  own.addSubnet('127.0.0.0', 8);
  own.addAddress('0.0.0.0');
  own.addAddress('::', 'ipv6');
  return own.check(bare, familyOf(bare));
}

/**
Host to connect to, for the host of a URL: a link-local address (fe80::…) needs the name of its network interface, which a URL
cannot hold. The interface is known only for this machine's own addresses.
*/
export function toConnectHost(hostname: string, interfaces?: Interfaces): string {
  const bare = hostname.replace(/^\[|\]$/g, '').toLowerCase();
  if (!/^fe[89ab][0-9a-f]:/.test(bare)) return bare;
  const [zone] =
    Object.entries(interfaces ?? networkInterfaces()).find(([, addresses]) =>
      addresses?.some((address) => address.address === bare),
    ) ?? [];
  return zone === undefined ? bare : `${bare}%${zone}`;
}

function familyOf(address: string): 'ipv4' | 'ipv6' {
  return isIPv6(address) ? 'ipv6' : 'ipv4';
}
