#!/bin/sh
# Stash starts this as `sh launch.sh ARGS…`. It finds a Node that is new enough and becomes it (exec: the process id stays
# the one that Stash kills). Plain POSIX: dash, busybox. Nothing here may read stdin before Node does, or write to stdout.
# On Windows Stash finds Git's sh, where there is one, and else sh.cmd.

case $0 in
*/*) here=${0%/*} ;;
*) here=. ;;
esac
home=${HOME:-/nonexistent}
too_old=

# Where Node does not become this process after all (a `node` that starts another, as Volta's; Git's sh, whose process ids
# are not those of Windows), it ends with its parent.
STASH_SENSE_LAUNCHER=$$
windows=
node_in_folder=bin/node
if [ "${OS:-}" = Windows_NT ]; then
  STASH_SENSE_LAUNCHER=0
  windows=yes
  node_in_folder=node.exe
fi
export STASH_SENSE_LAUNCHER
# onnxruntime-node must find it when it is loaded (core/no-telemetry.ts).
export ORT_DISABLE_TELEMETRY=1

# suitable VERSION: is this `node --version` at least 22.19? The SQLite of every 23 lacks what that of 22.19 has.
suitable() {
  version=${1#v}
  major=${version%%.*}
  minor=${version#*.}
  minor=${minor%%.*}
  case $major$minor in
  '' | *[!0-9]*) return 1 ;;
  esac
  [ "$major" -ge 24 ] || { [ "$major" -eq 22 ] && [ "$minor" -ge 19 ]; }
}

# answer_of PROGRAM ARGS…: prints the first line that it writes to stdout and has its status, but at most after $answer_seconds
# seconds, when it is killed: a network share that is gone, or a wrapper that waits for somebody, never answers. Not every
# system has a `timeout`. The line comes over a pipe that is read up to the line "end" and not to its end, for a program that
# the killed one has started may hold it open. Nothing of this holds the pipes of Stash: see the redirections of its callers.
answer_seconds=15
answer_of() {
  {
    "$@" </dev/null &
    asked=$!
    (
      PATH=${PATH:-}:/usr/bin:/bin
      waited=0
      while [ "$waited" -lt "$answer_seconds" ] && kill -0 "$asked"; do
        sleep 1 || exit 0
        waited=$((waited + 1))
      done
      kill -9 "$asked"
    ) </dev/null >/dev/null 2>&1 &
    watch=$!
    wait "$asked"
    printf '\nend %s\n' "$?"
    kill "$watch" 2>/dev/null
  } | {
    answer=
    while IFS= read -r line; do
      case $line in
      'end '*)
        printf '%.200s\n' "$answer"
        exit "${line#end }"
        ;;
      esac
      [ -n "$answer" ] || answer=$line
    done
    exit 1
  }
}

# start FILE ARGS…: becomes this Node, or comes back when it is none, does not run here or is too old.
# The small young generation is 35 MB less, and what is large lies outside of it.
start() {
  node=$1
  shift
  [ -f "$node" ] && [ -x "$node" ] || return 0
  found=$(answer_of "$node" --version 2>/dev/null </dev/null) || {
    [ $? -ne 137 ] || [ -n "$too_old" ] || too_old="one in $node that does not answer"
    return 0
  }
  if suitable "$found"; then
    # There a parent in between would outlive us, so it is left out.
    [ -z "$windows" ] || ! real=$(answer_of "$node" -p process.execPath 2>/dev/null </dev/null) || [ ! -f "$real" ] || node=$real
    exec "$node" --no-warnings --max-semi-space-size=4 "$here/main.mjs" "$@"
  fi
  [ -z "$too_old" ] || return 0
  case $found in
  v23.*) too_old="only ${found#v} (no 23 works) in $node" ;;
  *) too_old="only ${found#v} in $node" ;;
  esac
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
  start "$folder/stash-sense/runtime/node/$node_in_folder" "$@"
done
# Where "Install Node" put it, should that be elsewhere.
if [ -f "$here/node.path" ] && [ -r "$here/node.path" ] && IFS= read -r node <"$here/node.path"; then
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
[ -z "$config" ] || config=$(cd "$config" 2>/dev/null && pwd || printf '%s' "$config")

# in_utf8 TEXT: succeeds when all bytes of it above 127 are characters of UTF-8 and none of them is a control character.
in_utf8() {
  lead2=$(printf '[\303-\337]')
  lead3=$(printf '[\341-\354\356\357]')
  lead4=$(printf '[\361-\363]')
  next=$(printf '[\200-\277]')
  printf '%s' "$1" | LC_ALL=C sed \
    -e "s/$(printf '\360[\220-\277]')$next$next/x/g" -e "s/$lead4$next$next$next/x/g" \
    -e "s/$(printf '\364[\200-\217]')$next$next/x/g" -e "s/$(printf '\340[\240-\277]')$next/x/g" \
    -e "s/$(printf '\355[\200-\237]')$next/x/g" -e "s/$lead3$next$next/x/g" \
    -e "s/$(printf '\302[\240-\277]')/x/g" -e "s/$lead2$next/x/g" |
    LC_ALL=C sed -n "/$(printf '[\200-\377]')/{s/.*/no/p;q;}" | {
    ! IFS= read -r _
  }
}

# clean TEXT: one line without control characters and in UTF-8, whatever the name of a folder holds: no line of Stash's log
# and no JSON is broken by it. In a text that is not UTF-8 each byte above 127 is shown as "?".
clean() {
  (
    PATH=${PATH:-}:/usr/bin:/bin
    line=$(printf '%s' "$1" | LC_ALL=C tr '\001-\037\177' ' ')
    if in_utf8 "$line"; then
      printf '%s' "$line"
    else
      printf '%s' "$line" | LC_ALL=C tr '\200-\377' '?'
    fi
  )
}

# escape TEXT: as it stands between the quotes of a JSON string.
escape() { (PATH=${PATH:-}:/usr/bin:/bin && clean "$1" | LC_ALL=C sed -e 's/\\/\\\\/g' -e 's/"/\\"/g'); }

# Which of Node's builds runs here. An Alpine may have a loader of glibc beside its own, so ldd is asked first.
platform_of_this_system() {
  case $(uname -m) in
  x86_64 | amd64) machine=x64 ;;
  aarch64 | arm64) machine=arm64 ;;
  *) machine=$(uname -m) ;;
  esac
  case $(uname -s) in
  Darwin) echo "darwin-$machine" ;;
  MINGW* | MSYS* | CYGWIN*) echo "win-$machine" ;;
  Linux)
    case $(ldd --version 2>&1 </dev/null) in
    *musl*) echo "linuxmusl-$machine" ;;
    *GLIBC* | *GNU*) echo "linux-$machine" ;;
    *)
      for loader in /lib/ld-musl-*; do
        [ ! -e "$loader" ] || { echo "linuxmusl-$machine" && return; }
      done
      echo "linux-$machine"
      ;;
    esac
    ;;
  *) uname -s ;;
  esac
}

# What to type on this very system. Debian and its like bring a Node that is too old, so there it is Node's own archive,
# unpacked where the lines above look first; that folder stays when a container is made anew.
platform=$(platform_of_this_system)
place=${config:-$home/.stash}/stash-sense/runtime/node
system=
[ -r /etc/os-release ] && system=$(. /etc/os-release && echo " ${ID:-} ${ID_LIKE:-} ")
container=
if [ -e /.dockerenv ]; then
  # Docker names a container's host after the container, unless somebody named it otherwise.
  container=$(uname -n)
  case $container in
  *[!0-9a-f]*) container=CONTAINER ;;
  ????????????) ;;
  *) container=CONTAINER ;;
  esac
fi
# typed COMMAND: as one types it, in a container from outside.
typed() {
  # What would end a quotation is not offered to be typed: the shell would read something else than a path.
  case $place in
  *[\'\"\\\$\`\!]* | *[[:cntrl:]]*)
    case $1 in
    *"$place"*)
      printf '%s\n' "unpack Node 24 from nodejs.org into $place"
      return
      ;;
    esac
    ;;
  esac
  case $container:$1 in
  :*) printf '%s\n' "run \`$1\`" ;;
  *[\&\;]*) printf '%s\n' "run \`docker exec -u 0 $container sh -c \"$1\"\` where Docker runs" ;;
  *) printf '%s\n' "run \`docker exec -u 0 $container $1\` where Docker runs" ;;
  esac
}
unpack() {
  fetch='curl -fsSL'
  command -v curl >/dev/null 2>&1 || ! command -v wget >/dev/null 2>&1 || fetch='wget -qO-'
  node=https://nodejs.org/dist/v24.21.0/node-v24.21.0-$platform.tar.gz
  typed "mkdir -p '$place' && $fetch $node | tar -xz --strip-components=1 -C '$place'"
}
case $platform in
linuxmusl-x64 | linuxmusl-arm64)
  case $system in
  *' alpine '*)
    # The package nodejs is the long-term one, which older releases of Alpine have from before 22.19.
    case $too_old in
    */usr/bin/node) todo=$(typed 'apk del nodejs; apk add --no-cache nodejs-current') ;;
    *) todo=$(typed 'apk add --no-cache nodejs') ;;
    esac
    [ -z "$container" ] || todo="$todo (a new container forgets it)"
    ;;
  *) todo='install Node 24 with the package manager of this system' ;;
  esac
  ;;
linux-x64 | linux-arm64) todo=$(unpack) ;;
darwin-x64 | darwin-arm64)
  todo=$(unpack)
  for brew in /opt/homebrew/bin/brew /usr/local/bin/brew; do
    [ ! -x "$brew" ] || todo="run \`$brew install node\`"
  done
  ;;
win-*) todo='run `winget install OpenJS.NodeJS.LTS` or install Node 24 from nodejs.org and start Stash again' ;;
*) todo="install Node 24 if there is one for this system ($platform)" ;;
esac
if [ -f "$here/install-node.sh" ]; then
  case $(printf '%s' "$input" | tr -d ' \t\r\n') in
  *'"mode":"install-node"'*)
    case $platform in
    win-*)
      powershell.exe -NoLogo -NoProfile -NonInteractive -ExecutionPolicy Bypass -File "$here/install-node.ps1" \
        "$here" "${config:-$home/.stash}" </dev/null
      exit 0
      ;;
    *) . "$here/install-node.sh" ;;
    esac
    ;;
  esac
fi
advice="$todo, then try again"
if [ -f "$here/node.list" ] && [ -r "$here/node.list" ]; then
  case $(cat "$here/node.list") in
  *"
$platform "*) advice='start the task "Install Node" in Stash under Settings, Tasks, then try again' ;;
  esac
fi
message="Stash Sense needs Node 22.19 or newer and found ${too_old:-none}: $advice."
if [ -f "$here/node.failed" ] && [ -r "$here/node.failed" ] && IFS= read -r failed <"$here/node.failed"; then
  message="$message The last try to install it failed: $failed"
fi
printf '\001e\002%s\n' "$(clean "$message")" >&2
printf '{"error":"%s"}' "$(escape "$message")"
