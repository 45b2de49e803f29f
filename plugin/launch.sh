#!/bin/sh
# Stash starts this as `sh launch.sh ARGS…`. It finds a Node that is new enough and becomes it (exec: the process id stays
# the one that Stash kills). Plain POSIX: dash, busybox. Nothing here may read stdin before Node does, or write to stdout.

case $0 in
*/*) here=${0%/*} ;;
*) here=. ;;
esac
home=${HOME:-/nonexistent}
too_old=

# suitable VERSION: is this `node --version` at least 22.19? 23 had SQLite without a flag only late.
suitable() {
  version=${1#v}
  major=${version%%.*}
  minor=${version#*.}
  minor=${minor%%.*}
  case $major$minor in
  '' | *[!0-9]*) return 1 ;;
  esac
  [ "$major" -ge 24 ] || { [ "$major" -eq 23 ] && [ "$minor" -ge 11 ]; } || { [ "$major" -eq 22 ] && [ "$minor" -ge 19 ]; }
}

# start FILE ARGS…: becomes this Node, or comes back when it is none, does not run here or is too old.
start() {
  node=$1
  shift
  [ -f "$node" ] && [ -x "$node" ] || return 0
  found=$("$node" --version 2>/dev/null </dev/null) || return 0
  if suitable "$found"; then
    exec "$node" --no-warnings "$here/main.mjs" "$@"
  fi
  [ -n "$too_old" ] || too_old="only ${found#v} in $node"
}

# start_newest PREFIX SUFFIX ARGS…: of the folders PREFIX<version>SUFFIX the newest first; their names say the version.
start_newest() {
  prefix=$1
  suffix=$2
  shift 2
  tried=' '
  while :; do
    best=
    best_rank=-1
    for candidate in "$prefix"*"$suffix"; do
      [ -f "$candidate" ] || continue
      name=${candidate#"$prefix"}
      name=${name%"$suffix"}
      case $tried in *" $name "*) continue ;; esac
      version=${name#v}
      major=${version%%.*}
      rest=${version#*.}
      minor=${rest%%.*}
      case $major in '' | *[!0-9]*) major=0 ;; esac
      case $minor in '' | *[!0-9]*) minor=0 ;; esac
      rank=$((major * 1000 + minor))
      if [ "$rank" -gt "$best_rank" ]; then
        best=$candidate
        best_rank=$rank
        best_name=$name
      fi
    done
    [ -n "$best" ] || return 0
    tried="$tried$best_name "
    start "$best" "$@"
  done
}

[ -z "${STASH_SENSE_NODE:-}" ] || start "$STASH_SENSE_NODE" "$@"

# PATH: every entry, for an old node may stand before a new one.
rest=${PATH:-}:
while [ -n "$rest" ]; do
  entry=${rest%%:*}
  rest=${rest#*:}
  [ -n "$entry" ] || continue
  start "$entry/node" "$@"
done

# Our own runtime folder, beside Stash's config.yml. This file lies in <config>/plugins/stash-sense, with the source's folder between when installed.
config=
for folder in "${STASH_CONFIG_FILE:+${STASH_CONFIG_FILE%/*}}" "$here/../.." "$here/../../.." "$home/.stash"; do
  [ -n "$folder" ] && [ -f "$folder/config.yml" ] || continue
  [ -n "$config" ] || config=$folder
  start "$folder/stash-sense/runtime/node/bin/node" "$@"
done
# Where "Install Node" put it, should that be elsewhere.
if [ -r "$here/node.path" ] && read -r node <"$here/node.path"; then
  start "$node" "$@"
fi

for node in /usr/local/bin/node /opt/homebrew/bin/node /usr/bin/node /opt/local/bin/node /snap/bin/node \
  /home/linuxbrew/.linuxbrew/bin/node "$home/.volta/bin/node" "$home/.local/bin/node" "$home/n/bin/node" \
  "$home/.nodenv/shims/node" "$home/.local/share/mise/shims/node" /usr/lib/nodejs/bin/node; do
  start "$node" "$@"
done
# Homebrew keeps numbered ones apart; the others keep one folder for each version.
for prefix in /opt/homebrew/opt/node@ /usr/local/opt/node@ /home/linuxbrew/.linuxbrew/opt/node@ \
  "${NVM_DIR:-$home/.nvm}/versions/node/" "$home/.asdf/installs/nodejs/" "$home/.volta/tools/image/node/" \
  "$home/.local/share/mise/installs/node/" "$home/.nodenv/versions/" "$home/.nodebrew/node/" \
  /usr/local/n/versions/node/ "$home/n/n/versions/node/"; do
  start_newest "$prefix" /bin/node "$@"
done
for prefix in "${FNM_DIR:-$home/.local/share/fnm}/node-versions/" "$home/.fnm/node-versions/" \
  "$home/Library/Application Support/fnm/node-versions/"; do
  start_newest "$prefix" /installation/bin/node "$@"
done

# None. Answer in Stash's own protocol: what it wrote to us is read (or it would fail on writing), the error goes to the
# page as JSON and to the log as a line SOH e STX. The status is 0, for any other would throw the answer away.
input=$(cat)
[ -z "$config" ] || config=$(cd "$config" 2>/dev/null && pwd || echo "$config")
place=${config:-<the folder of config.yml>}/stash-sense/runtime/node
by_hand="unpack Node 24 from nodejs.org as $place (so that $place/bin/node is there)"
system=
[ -r /etc/os-release ] && system=$(. /etc/os-release && echo "$ID ${ID_LIKE:-}")
case "$(uname -s) $system" in
*alpine*) todo="run: apk add --no-cache nodejs (in Docker: docker exec CONTAINER apk add --no-cache nodejs, or put it into the image, for a new container forgets it)" ;;
Darwin*) todo="run: brew install node, or $by_hand" ;;
*debian* | *ubuntu*) todo="run: apt-get install nodejs where that brings 22.19 or newer (apt-cache policy nodejs says which), else $by_hand" ;;
*fedora* | *rhel* | *centos*) todo="run: dnf install nodejs24, or $by_hand" ;;
*arch*) todo="run: pacman -S nodejs, or $by_hand" ;;
*) todo=$by_hand ;;
esac
escape() { printf '%s' "$1" | sed -e 's/\\/\\\\/g' -e 's/"/\\"/g' | tr '\n\t\r' '   '; }
if [ -f "$here/install-node.sh" ]; then
  case $(printf '%s' "$input" | tr -d ' \t\r\n') in
  *'"mode":"install-node"'*) . "$here/install-node.sh" ;;
  esac
fi
[ ! -r "$here/node.list" ] || todo="start the task \"Install Node\" in Stash under Settings, Tasks; or $todo"
message="Stash Sense needs Node 22.19 or newer and found ${too_old:-none}: $todo, then try again."
printf '\001e\002%s\n' "$message" >&2
printf '{"error":"%s"}' "$(escape "$message")"
