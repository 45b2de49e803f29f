import { BlockList, isIPv6 } from 'node:net';
import { networkInterfaces, type NetworkInterfaceInfo } from 'node:os';

type Interfaces = Readonly<Record<string, readonly Pick<NetworkInterfaceInfo, 'address'>[] | undefined>>;

/**
True for loopback addresses, "all addresses" (connecting to it reaches this machine), and every address of this machine's
own network interfaces. A name is never one: whoever answers for names could name any machine.
*/
export function isThisMachine(address: string, interfaces: Interfaces = networkInterfaces()): boolean {
  const [bare = '', zone] = address.split('%');
  const own = new BlockList();
  for (const [name, addresses] of Object.entries(interfaces))
    // The same link-local address may be another machine's on another interface.
    if (zone === undefined || zone === name)
      for (const network of addresses ?? []) own.addAddress(network.address, familyOf(network.address));
  own.addSubnet('127.0.0.0', 8);
  own.addAddress('0.0.0.0');
  own.addAddress('::1', 'ipv6');
  own.addAddress('::', 'ipv6');
  return own.check(bare, familyOf(bare));
}

/**
The host of a URL as it is connected to: an address that is only valid on one network interface (fe80::…) needs the name
of that interface, which a URL cannot hold. It is one of this machine's, or it could not be reached by it anyway.
*/
export function toConnectHost(hostname: string, interfaces: Interfaces = networkInterfaces()): string {
  const bare = hostname.replace(/^\[|\]$/g, '').toLowerCase();
  if (!/^fe[89ab][0-9a-f]:/.test(bare)) return bare;
  const [zone] =
    Object.entries(interfaces).find(([, addresses]) =>
      addresses?.some((address) => address.address === bare),
    ) ?? [];
  return zone === undefined ? bare : `${bare}%${zone}`;
}

function familyOf(address: string): 'ipv4' | 'ipv6' {
  return isIPv6(address) ? 'ipv6' : 'ipv4';
}
