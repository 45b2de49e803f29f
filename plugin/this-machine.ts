import { networkInterfaces } from 'node:os';

/** True for loopback names and every address of this machine's own network interfaces. */
export function isThisMachine(host: string): boolean {
  const bare = host.replace(/^\[|\]$/g, '').toLowerCase();
  if (bare === 'localhost' || bare.endsWith('.localhost') || bare === '::1') return true;
  if (/^127\.\d+\.\d+\.\d+$/.test(bare)) return true;
  return Object.values(networkInterfaces()).some((addresses) =>
    addresses?.some((it) => it.address.toLowerCase() === bare),
  );
}
