/** Which files of which npm packages make a compiled package run on one platform. */
import type { NativeModule, Platform } from '../../core/setup/acceleration.ts';

export type Bundle = {
  readonly provides: NativeModule;
  readonly platform: Platform;
  /** The oldest glibc its binaries were linked for (`readelf -V`). */
  readonly minGlibc?: string;
  readonly packages: readonly { readonly name: string; readonly keep: (file: string) => boolean }[];
};

const plainScript = (file: string): boolean =>
  /^(package\.json|LICEN[CS]E(\.\w+)?)$/i.test(file) ||
  (/\.(c?js|json)$/.test(file) && !/^(test|bin)\//.test(file));

export const bundles: readonly Bundle[] = [
  ...(
    [
      ['linux-x64', 'linux/x64', '2.28'],
      ['linux-arm64', 'linux/arm64', '2.28'],
      ['win-x64', 'win32/x64'],
      ['darwin-arm64', 'darwin/arm64'],
    ] as const
  ).map(([platform, folder, minGlibc]) => onnxruntime(platform, folder, minGlibc)),
  ...(
    [
      ['linux-x64', 'linux-x64', '2.28'],
      ['linux-arm64', 'linux-arm64', '2.28'],
      ['linuxmusl-x64', 'linuxmusl-x64'],
      ['linuxmusl-arm64', 'linuxmusl-arm64'],
      ['win-x64', 'win32-x64'],
      ['darwin-arm64', 'darwin-arm64'],
    ] as const
  ).map(([platform, suffix, minGlibc]) => sharp(platform, suffix, minGlibc)),
  ...(
    [
      ['linux-x64', 'linux-x64', '2.34'],
      ['linux-arm64', 'linux-arm64', '2.34'],
      ['win-x64', 'win32-x64'],
      ['darwin-arm64', 'darwin-arm64+x64'],
    ] as const
  ).map(([platform, folder, minGlibc]) => usearch(platform, folder, minGlibc)),
];

function onnxruntime(platform: Platform, folder: string, minGlibc?: string): Bundle {
  return {
    provides: 'onnxruntime-node',
    platform,
    ...(minGlibc !== undefined && { minGlibc }),
    packages: [
      {
        name: 'onnxruntime-node',
        keep: (file) =>
          file === 'package.json' ||
          /^dist\/[^/]+\.js$/.test(file) ||
          // macOS's library is there twice; the binding asks for `libonnxruntime.1.dylib`.
          (file.startsWith(`bin/napi-v6/${folder}/`) && !/libonnxruntime\.\d+\.\d+\.\d+\.dylib$/.test(file)),
      },
      {
        name: 'onnxruntime-common',
        keep: (file) => file === 'package.json' || /^dist\/cjs\/[^/]+\.(js|json)$/.test(file),
      },
    ],
  };
}

function sharp(platform: Platform, suffix: string, minGlibc?: string): Bundle {
  return {
    provides: 'sharp',
    platform,
    ...(minGlibc !== undefined && { minGlibc }),
    packages: [
      {
        name: 'sharp',
        keep: (file) => /^(package\.json|LICENSE)$/.test(file) || /^dist\/[^/]+\.cjs$/.test(file),
      },
      { name: '@img/colour', keep: plainScript },
      { name: 'detect-libc', keep: plainScript },
      { name: 'semver', keep: plainScript },
      // README: it names the licences of what libvips is linked with.
      { name: `@img/sharp-${suffix}`, keep: () => true },
      ...(suffix.startsWith('win32')
        ? []
        : [{ name: `@img/sharp-libvips-${suffix}`, keep: (file: string) => !file.includes('/include/') }]),
    ],
  };
}

function usearch(platform: Platform, folder: string, minGlibc?: string): Bundle {
  return {
    provides: 'usearch',
    platform,
    ...(minGlibc !== undefined && { minGlibc }),
    packages: [
      {
        name: 'usearch',
        keep: (file) =>
          /^(package\.json|LICENSE)$/.test(file) ||
          /^javascript\/dist\/cjs\/[^/]+\.(js|json)$/.test(file) ||
          file.startsWith(`prebuilds/${folder}/`),
      },
      { name: 'node-gyp-build', keep: plainScript },
      { name: 'bindings', keep: plainScript },
      { name: 'file-uri-to-path', keep: plainScript },
    ],
  };
}
