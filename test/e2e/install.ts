/** Installs plugins the way a user does: a source is added, packages of it are ticked. */
import { configureGeneral, type Stash } from './stash.ts';

type Installed = { readonly package_id: string; readonly version: string };

export async function addPackageSource(stash: Stash, url: string): Promise<void> {
  const { configuration } = await stash.ask<{
    configuration: { general: { pluginPackageSources: { url: string }[] } };
  }>('{ configuration { general { pluginPackageSources { name url local_path } } } }');
  const others = configuration.general.pluginPackageSources.filter((source) => source.url !== url);
  await configureGeneral(stash, {
    pluginPackageSources: [...others, { name: 'Stash Sense', url, local_path: 'stash-sense-e2e' }],
  });
}

/**
The job of an installation ends as FINISHED whether or not it worked: what is installed afterwards counts.

@returns the versions by package
*/
export async function installPackages(
  stash: Stash,
  url: string,
  ids: readonly string[],
): Promise<Record<string, string>> {
  const { installPackages: job } = await stash.ask<{ installPackages: string }>(
    'mutation($packages: [PackageSpecInput!]!) { installPackages(type: Plugin, packages: $packages) }',
    { packages: ids.map((id) => ({ id, sourceURL: url })) },
  );
  await stash.waitForJob(job);
  const { installedPackages } = await stash.ask<{ installedPackages: Installed[] }>(
    '{ installedPackages(type: Plugin) { package_id version } }',
  );
  return Object.fromEntries(installedPackages.map((entry) => [entry.package_id, entry.version]));
}

/** Every package that a source offers, with what each needs. */
export async function availablePackages(
  stash: Stash,
  url: string,
): Promise<{ package_id: string; requires: { package_id: string }[] }[]> {
  const answer = await stash.ask<{
    availablePackages: { package_id: string; requires: { package_id: string }[] }[];
  }>(
    'query($url: String!) { availablePackages(type: Plugin, source: $url) { package_id requires { package_id } } }',
    { url },
  );
  return answer.availablePackages;
}
