#!/bin/sh
# Stash starts this as `sh launch.sh ARGS…`. It finds a Node that is new enough and replaces itself with it (exec keeps the
# process id, which is the one Stash kills). Plain POSIX: dash, busybox. Must not read stdin or write to stdout before Node.
# On Windows Stash runs Git's sh when it is installed, else sh.cmd.

case $0 in
*/*) here=${0%/*} ;;
*) here=. ;;
esac
home=${HOME:-/nonexistent}
too_old=

# Node compares this with its own process id: when it differs (Volta's `node` starts another Node as a child; the process ids
# of Git's sh are not those of Windows), Node ends when its parent ends.
STASH_SENSE_LAUNCHER=$$
windows=
node_in_folder=bin/node
if [ "${OS:-}" = Windows_NT ]; then
  STASH_SENSE_LAUNCHER=0
  windows=yes
  node_in_folder=node.exe
fi
export STASH_SENSE_LAUNCHER
# onnxruntime-node reads this while it is loaded (core/no-telemetry.ts).
export ORT_DISABLE_TELEMETRY=1

# Where compiled code is kept (plugin/host/compile-cache.ts): a folder that Stash's user owns. What is made in it is for that user
# only.
umask 077
if [ -f "$here/compile-cache.path" ] && IFS= read -r cache <"$here/compile-cache.path" &&
  [ -d "$cache" ] && [ -O "$cache" ] && [ ! -h "$cache" ]; then
  export STASH_SENSE_COMPILE_CACHE="$cache"
fi

# suitable VERSION: succeeds when this `node --version` is at least 22.19 and not 23, whose SQLite lacks what 22.19 has.
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

# The Node that was started the last time and need not be asked for its version (plugin/host/known-node.ts).
known=
if [ -f "$here/node.known" ] && [ -r "$here/node.known" ]; then IFS= read -r known <"$here/node.known" || known=; fi
# The process id of the last start of a known Node, which deletes the file once it runs. Where that process has ended and the
# file is there, the Node may not run here any more (it misses a library, say): it is asked again.
starting=$here/node.starting
if [ -f "$starting" ] && [ -r "$starting" ] && IFS= read -r starter <"$starting"; then
  case $starter in
  '' | *[!0-9]*) known= ;;
  *) kill -0 "$starter" 2>/dev/null || known= ;;
  esac
fi

# mark_of FILE: prints the oldest version that suits, and inode, owner, size and time of the file or of what it links to, and of
# the system's sh: the former change when another Node takes its place, the latter where the same Node lies in another system
# (a folder of the host that another image mounts). Prints nothing where it cannot be told.
mark_of() {
  lines=$(LC_ALL=C ls -dnLi "$1" /bin/sh 2>/dev/null) || return 0
  # In the order of the names.
  of_node=${lines%%"
"*}
  of_sh=${lines#*"
"}
  case $of_node in
  *' /bin/sh')
    of_sh=$of_node
    of_node=${lines#*"
"}
    ;;
  esac
  printf '22.19 %s %s' "${of_node%"$1"}" "${of_sh%/bin/sh}"
}

# note_start: writes $starting, unless something else has its name or the folder is read-only.
note_start() {
  { [ -e "$starting" ] && [ ! -f "$starting" ]; } || [ -h "$starting" ] ||
    { printf '%s\n' "$$" >"$starting"; } 2>/dev/null || :
}

# answer_of PROGRAM ARGS…: prints the first line of its stdout and returns its status. Kills it after $answer_seconds seconds:
# a lost network share or a wrapper that waits for input never answers, and not every system has `timeout`. The pipe is read
# up to the line "end" and not to its end of file, since a child of the killed program may hold it open. Callers redirect all
# streams, so that no process here holds Stash's pipes.
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

# run NODE ARGS…: replaces this shell with this Node.
# --max-semi-space-size=4 saves 35 MB: large buffers lie outside of the young generation anyway.
# --initial-heap-size=64: collects garbage a sixth as often while pictures are looked at, for 3 MB.
# Both are for tasks alone (execArgs in stash-sense.yml): with --initial-heap-size Node compiles its own modules anew, which takes
# a tenth of a question of the page. That one ends before a young generation of this size is full.
run() {
  node=$1
  shift
  case " $* " in
  *' --task '*) set -- --max-semi-space-size=4 --initial-heap-size=64 "$here/main.mjs" "$@" ;;
  *) set -- --min-semi-space-size=16 "$here/main.mjs" "$@" ;;
  esac
  exec "$node" --no-warnings "$@"
}

# start FILE ARGS…: replaces this shell with this Node; returns when FILE is no Node, does not run here or is too old.
start() {
  node=$1
  shift
  [ -f "$node" ] && [ -x "$node" ] || return 0
  mark=$(mark_of "$node")
  if [ -n "$mark" ] && [ "$mark" = "$known" ]; then
    note_start
    run "$node" "$@"
  fi
  found=$(answer_of "$node" --version 2>/dev/null </dev/null) || {
    [ $? -ne 137 ] || [ -n "$too_old" ] || too_old="one in $node that does not answer"
    return 0
  }
  if suitable "$found"; then
    # On Windows start the real node.exe: a wrapper in between would survive when Stash kills this process.
    [ -z "$windows" ] || ! real=$(answer_of "$node" -p process.execPath 2>/dev/null </dev/null) || [ ! -f "$real" ] || node=$real
    export STASH_SENSE_NODE_MARK="$mark"
    run "$node" "$@"
  fi
  [ -z "$too_old" ] || return 0
  case $found in
  v23.*) too_old="only ${found#v} (no 23 works) in $node" ;;
  *) too_old="only ${found#v} in $node" ;;
  esac
}

# start_newest PREFIX SUFFIX ARGS…: tries the programs PREFIX<version>SUFFIX, the newest version first.
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

# Every entry of PATH: an old Node may come before a new one.
rest=${PATH:-}:
while [ -n "$rest" ]; do
  entry=${rest%%:*}
  rest=${rest#*:}
  [ -n "$entry" ] || continue
  start "$entry/node" "$@"
done

# Our own runtime folder, beside Stash's config.yml. This file is in <config>/plugins/stash-sense, or in
# <config>/plugins/<source>/stash-sense when Stash installed it.
config=
for folder in "${STASH_CONFIG_FILE:+${STASH_CONFIG_FILE%/*}}" "$here/../.." "$here/../../.." "$home/.stash"; do
  [ -n "$folder" ] && [ -f "$folder/config.yml" ] || continue
  [ -n "$config" ] || config=$folder
  start "$folder/stash-sense/runtime/node/$node_in_folder" "$@"
done
# The Node of "Install Node", when it is elsewhere.
if [ -f "$here/node.path" ] && [ -r "$here/node.path" ] && IFS= read -r node <"$here/node.path"; then
  start "$node" "$@"
fi

for node in /usr/local/bin/node /opt/homebrew/bin/node /usr/bin/node /opt/local/bin/node /snap/bin/node \
  /home/linuxbrew/.linuxbrew/bin/node "$home/.volta/bin/node" "$home/.local/bin/node" "$home/n/bin/node" \
  "$home/.nodenv/shims/node" "$home/.local/share/mise/shims/node" /usr/lib/nodejs/bin/node; do
  start "$node" "$@"
done
# Homebrew's versioned formulas (node@22), and version managers with one folder for each version.
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

# No Node was found. Answers in Stash's plugin protocol: reads stdin (else Stash's write would fail), prints the error as JSON
# for the page and as a line SOH e STX for the log. Exits with 0: with any other status Stash discards the output.
input=$(cat)
[ -z "$config" ] || config=$(cd "$config" 2>/dev/null && pwd || printf '%s' "$config")

# in_utf8 TEXT: succeeds when all its bytes above 127 form valid UTF-8 without control characters.
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

# clean TEXT: prints it as one line of UTF-8 without control characters, so that the name of a folder cannot break a log line
# or the JSON. If TEXT is not UTF-8, each byte above 127 becomes "?".
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

# escape TEXT: prints it escaped for a JSON string.
escape() { (PATH=${PATH:-}:/usr/bin:/bin && clean "$1" | LC_ALL=C sed -e 's/\\/\\\\/g' -e 's/"/\\"/g'); }

# Prints the platform of Node's builds that run here. Asks ldd first: Alpine may have glibc's loader beside musl's.
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

# $todo: how to install Node on this system. Debian's packages are too old, so there it is Node's own archive, unpacked into
# our runtime folder, which survives when a container is recreated.
platform=$(platform_of_this_system)
place=${config:-$home/.stash}/stash-sense/runtime/node
system=
[ -r /etc/os-release ] && system=$(. /etc/os-release && echo " ${ID:-} ${ID_LIKE:-} ")
container=
if [ -e /.dockerenv ]; then
  # Docker mounts files into each container from a folder that has the container's id as its name. Where it is not seen, the
  # host name is the id, of 12 hex digits, unless it was changed.
  container=$(sed -n 's#.*/containers/\([0-9a-f]\{12\}\)[0-9a-f]*/.*#\1#p' /proc/self/mountinfo 2>/dev/null | {
    IFS= read -r line && printf '%s' "$line"
  })
  [ -n "$container" ] || container=$(uname -n)
  case $container in
  *[!0-9a-f]*) container=CONTAINER ;;
  ????????????) ;;
  *) container=CONTAINER ;;
  esac
fi
[ "$container" != CONTAINER ] || container_note=' (CONTAINER is its name there, see "docker ps")'
# typed COMMAND: prints how to run it; for a container, with `docker exec` from outside.
typed() {
  # A path with quotes or other special characters is not put into a command: the shell would not read it as a path.
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
  *[\&\;]*) printf '%s\n' "run \`docker exec -u 0 $container sh -c \"$1\"\` where Docker runs${container_note:-}" ;;
  *) printf '%s\n' "run \`docker exec -u 0 $container $1\` where Docker runs${container_note:-}" ;;
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
    # Alpine's package nodejs is the long-term version, older than 22.19 in old releases of Alpine.
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
