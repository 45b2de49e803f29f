# Read by launch.sh when the task "Install Node" was started and no Node is there. The task is the consent: what is fetched,
# how large it is and its SHA-256 stand in node.list, made with this package. Plain POSIX: dash, busybox.
# Has from launch.sh: $here, $config, $todo, $input (Stash's JSON), $platform, answer_of, clean, escape, suitable.

# What is made here is for Stash's user only.
umask 077

say() { printf '\001%s\002%s\n' "$1" "$(clean "$2")" >&2; }

finish_well() {
  say i "$1"
  printf '{"output":"%s"}' "$(escape "$1")"
  exit 0
}

# The status is 0, for any other would throw the answer away. Stash shows nothing of a job that failed: launch.sh tells the page,
# where this file could be written.
give_up() {
  [ -z "${temporary:-}" ] || rm -rf "$temporary"
  printf '%s\n' "$(clean "$1")" 2>/dev/null >"$here/node.failed" || :
  say e "$1"
  printf '{"error":"%s"}' "$(escape "$1")"
  exit 0
}

# The setting "Channel", out of Stash's own config.yml: the block of this plugin, one line of it.
channel_setting() {
  [ -n "$settings_file" ] && [ -f "$settings_file" ] && [ -r "$settings_file" ] || return 0
  awk '
    { match($0, /^ */); depth = RLENGTH }
    inside && NF && depth <= outer { exit }
    inside && $1 == "channel:" { sub(/^ *channel: */, ""); sub(/ *\r?$/, ""); print; exit }
    !inside && $0 ~ /^ *stash-sense: *\r?$/ { inside = 1; outer = depth }
  ' "$settings_file" | sed -e 's/^"\(.*\)"$/\1/' -e "s/^'\(.*\)'\$/\1/"
}

# Stash's installer writes down which index the plugin came from.
installed_from() {
  [ -f "$here/manifest" ] && [ -r "$here/manifest" ] || return 0
  sed -n 's/^source_repository: *//p' "$here/manifest" | head -n 1 | tr -d "\r\"'" | sed 's/[?#].*//'
}

# folder_of ADDRESS: without the index.yml or channel.json at its end, with a slash.
folder_of() {
  case $1 in
  */) printf '%s' "$1" ;;
  *.yml | *.yaml | *.json) printf '%s/' "${1%/*}" ;;
  *) printf '%s/' "$1" ;;
  esac
}

# shown ADDRESS: for people and logs, without a password or a token.
shown() {
  case $1 in
  *://*) printf '%s' "$1" | sed -e 's#^\([^/]*//\)[^/?\#]*@#\1#' -e 's/[?#].*//' ;;
  *) printf '%s' "$1" ;;
  esac
}

# has_password ADDRESS: or a user name.
has_password() {
  case $1 in
  *://*) ;;
  *) return 1 ;;
  esac
  authority=${1#*://}
  case ${authority%%[/?#]*} in *@*) ;; *) return 1 ;; esac
}

bytes_of() { if [ -f "$1" ]; then wc -c <"$1" | tr -d ' '; else echo 0; fi; }

sha256_of() {
  { sha256sum "$1" || shasum -a 256 "$1" || openssl dgst -sha256 -r "$1"; } 2>/dev/null | sed 's/[^0-9a-f].*//' | grep . | head -n 1
}

# download ADDRESS FILE: goes on where FILE ends. Nothing of it may hold Stash's pipes, or the job would never end; and when
# Stash kills this shell, the one that watches ends what is fetching within two seconds. The address goes over stdin, for
# everybody on this machine may see the words a program was started with.
download() {
  case $1 in
  http://* | https://*)
    if command -v curl >/dev/null 2>&1; then
      curl -fsSL --proto '=http,https' --max-redirs 5 --connect-timeout 30 --speed-limit 500 --speed-time 60 \
        --max-filesize "$size" -C - -o "$2" -K - >/dev/null 2>"$2.said" <<END &
url = "$(printf '%s' "$1" | sed 's/[\\"]/\\&/g')"
END
    elif command -v wget >/dev/null 2>&1; then
      # Not every busybox was built with a time limit, and none reads addresses.
      patience=
      help=$(wget --help 2>&1 </dev/null)
      case $help in *-T*) patience='-T 60' ;; esac
      case $help in
      *--input-file*)
        # shellcheck disable=SC2086 -- two words, or none
        wget -q $patience -c -O "$2" -i - >/dev/null 2>"$2.said" <<END &
$1
END
        ;;
      *)
        if has_password "$1"; then
          echo 'this wget would show its password to everybody on this machine: install curl' >"$2.said"
          return 1
        fi
        # shellcheck disable=SC2086
        wget -q $patience -c -O "$2" "$1" </dev/null >/dev/null 2>"$2.said" &
        ;;
      esac
    else
      echo 'neither curl nor wget is installed' >"$2.said"
      return 1
    fi
    ;;
  *) cp "$1" "$2" </dev/null >/dev/null 2>"$2.said" & ;;
  esac
  fetching=$!
  (while kill -0 "$fetching" && kill -0 $$; do sleep 1; done; kill "$fetching") </dev/null >/dev/null 2>&1 &
  while kill -0 "$fetching" 2>/dev/null; do
    have=$(bytes_of "$2")
    if [ "$have" -gt "$size" ]; then
      kill "$fetching"
      rm -f "$2"
      echo "it goes on after the $size bytes it should have" >"$2.said"
      return 1
    fi
    say p "$(awk "BEGIN { printf \"%.2f\", 0.9 * $have / $size }")"
    sleep 1
  done
  wait "$fetching"
}

# not_ours FILE: something other than a file stands there, a link too, and nothing is written through it.
not_ours() { [ -h "$1" ] || { [ -e "$1" ] && [ ! -f "$1" ]; }; }

# making NAME: lists it before it is made, as plugin/system/files/inventory.ts does: what a killed start leaves is known as ours.
making() { printf '\n- %s\n' "$1" >>"$dir/stash-sense/stash-sense.files"; }

# erase_made FOLDER: of a Node that was installed here, the files that its receipt names and that are still what it says.
erase_made() {
  [ -f "$1/.stash-sense-part" ] && [ ! -h "$1/.stash-sense-part" ] || return 0
  sed 1d "$1/.stash-sense-part" | while read -r made name || [ -n "$made" ]; do
    case $name in '' | /* | *..*) continue ;; esac
    [ ! -h "$1/$name" ] && [ -f "$1/$name" ] && [ "$(sha256_of "$1/$name")" = "$made" ] && rm -f "$1/$name"
  done
  rm -f "$1/.stash-sense-part"
  rmdir "$1/bin" "$1" 2>/dev/null || :
}

is_page() { [ -f "$archive" ] && head -c 200 "$archive" | grep -qi '<html\|<!doctype'; }

# fetch ADDRESS: $archive is whole and right, or this fails with the reason in $why.
fetch() {
  [ "$(bytes_of "$archive")" -le "$size" ] || rm -f "$archive"
  rm -f "$archive.anew"
  anew=
  tries=0
  while [ "$(bytes_of "$archive")" != "$size" ]; do
    before=$(bytes_of "$archive")
    # What it says of itself is not asked: a host that has nothing from there on (416) is a success to curl and wget.
    download "$1" "$archive" || :
    ! is_page || break
    # A line that breaks off but brings something is tried again, for a while.
    tries=$((tries + 1))
    [ "$tries" -lt 20 ] && [ "$(bytes_of "$archive")" -gt "$before" ] && continue
    # A host that knows no ranges never goes on: once from the start, beside what is there until something comes.
    if [ "$before" -gt 0 ] && [ -z "$anew" ]; then
      anew=yes
      download "$1" "$archive.anew" || :
      [ "$(bytes_of "$archive.anew")" -eq 0 ] || mv -f "$archive.anew" "$archive"
      rm -f "$archive.anew.said"
      continue
    fi
    said=$(tr '\n' ' ' <"$archive.said" 2>/dev/null | sed -e 's/^curl: ([0-9]*) //' -e 's/ *$//' | cut -c 1-200)
    rm -f "$archive.said"
    [ -n "$said" ] || [ "$before" -eq 0 ] || break
    why="$(shown "$1") could not be fetched (${said:-no usable answer})"
    return 1
  done
  rm -f "$archive.said"

  have=$(bytes_of "$archive")
  if [ "$have" -lt "$size" ] && ! is_page; then
    why="$(shown "$1") broke off after $have of $size bytes; the next start goes on there"
    return 1
  fi
  [ "$(sha256_of "$archive")" != "$sha256" ] || return 0
  if is_page; then
    why="$(shown "$1") answered with a web page instead of the file"
  elif [ -z "$(sha256_of "$archive")" ]; then
    why="there is no sha256sum, shasum or openssl to check $(shown "$1") with"
  else
    why="$(shown "$1") is not the file this plugin expects (SHA-256)"
  fi
  rm -f "$archive"
  return 1
}

rm -f "$here/node.failed" 2>/dev/null || :
dir=$(printf '%s' "$input" | tr '\n' ' ' | sed -n 's/.*"Dir" *: *"\([^"\\]*\)".*/\1/p')
[ -n "$dir" ] && [ -d "$dir" ] || dir=$config
[ -n "$dir" ] || give_up "Node was not installed: the folder of Stash's config.yml is not known; $todo."
settings_file=$dir/config.yml
[ -z "${STASH_CONFIG_FILE:-}" ] || settings_file=$STASH_CONFIG_FILE

[ -f "$here/node.list" ] && [ -r "$here/node.list" ] || give_up "This package of Stash Sense brings no Node to install; $todo."
line=$(grep "^$platform " "$here/node.list" | head -n 1)
[ -n "$line" ] || give_up "This package of Stash Sense brings no Node for this system ($platform); $todo."
read -r _ size sha256 url <<END
$line
END

base=${STASH_SENSE_CHANNEL:-$(channel_setting)}
! has_password "$base" ||
  give_up 'Node was not installed: the setting "Channel" holds a user name or a password, which Stash keeps and shows to everybody who may see its settings; give an address that needs none.'
[ -n "$base" ] || base=$(sed -n 's/^channel \(.*:.*\)/\1/p' "$here/node.list")
[ -n "$base" ] || base=$(installed_from)
case $base in
*://*) base=${base%%[?#]*} ;;
esac
case $url in
*://*) address=$url ;;
*)
  [ -n "$base" ] || give_up "Node was not installed: no channel is known (the plugin was copied in by hand), so name one in the setting \"Channel\"; or $todo."
  address=$(folder_of "$base")$url
  ;;
esac
case $address in
file://*) address=$(printf '%s' "${address#file://}" | sed -e 's/%20/ /g') ;;
http://* | https://* | /*) ;;
*) give_up "Node was not installed: the channel is \"$(shown "$base")\" and must begin with https://, http://, file:// or be the whole path of a folder." ;;
esac

place=$dir/stash-sense/runtime
top=${url##*/}
top=${top%.tar.gz}
archive=$place/downloads/$(printf '%.8s' "$sha256").node.part
temporary=
for it in "$place" "$place/downloads"; do
  [ ! -h "$it" ] || give_up "Node was not installed: $it is a link, and Stash Sense writes only to files and folders of its own; remove it, or $todo."
done
for it in "$archive" "$dir/stash-sense/stash-sense.files"; do
  ! not_ours "$it" || give_up "Node was not installed: $it is a link or no file, and Stash Sense writes only to files and folders of its own; remove it, or $todo."
done
mkdir -p "$place/downloads" 2>/dev/null && [ -w "$place" ] ||
  give_up "Node was not installed: the user Stash runs as may not write to $place; give it the right to, or $todo."
chmod 700 "$place" "$place/downloads" 2>/dev/null || :
# Of links only the link goes.
rm -f "$archive.said" "$archive.anew" "$archive.anew.said"
part=runtime/downloads/${archive##*/}
[ ! -f "$archive" ] || grep -qxF -e "- $part" "$dir/stash-sense/stash-sense.files" 2>/dev/null ||
  mv "$archive" "$archive.kept-$$" || give_up "Node was not installed: $archive is in the way; remove it, or $todo."
[ -f "$archive" ] || making "$part"
making "$part.said"
making "$part.anew"
free=$(df -Pk "$place" 2>/dev/null | awk 'NR == 2 { print $4 }')
# Packed it is a quarter of the program.
needed=$((size * 5 / 1024 + 20000))
case $free in
'' | *[!0-9]*) ;;
*) [ "$free" -ge "$needed" ] || give_up "Node was not installed: it needs $((needed / 1000)) MB of free space in $place and there are $((free / 1000)) MB; make room there." ;;
esac

say i "Fetching Node ($((size / 1000000)) MB) from $(shown "$address")"
fetch "$address" || give_up "Node was not installed: $why; try again, see the setting \"Channel\", or $todo."

temporary=$place/node.$$.tmp
making "runtime/${temporary##*/}/"
mkdir "$temporary" || {
  temporary=
  give_up "Node was not installed: $place/node.$$.tmp cannot be made; see that $place can be written to."
}
tar -xzf "$archive" -C "$temporary" "$top/bin/node" >/dev/null 2>"$temporary/said" </dev/null ||
  give_up "Node was not installed: its archive could not be unpacked ($(tr '\n' ' ' <"$temporary/said" | cut -c 1-200)); see that the disk of $place is not full and that tar is installed."
tar -xzf "$archive" -C "$temporary" "$top/LICENSE" >/dev/null 2>&1 </dev/null || :
rm -f "$temporary/said"
# Unpacked by root, they have the modes of the archive.
chmod 600 "$temporary/$top"/* 2>/dev/null || :
chmod 700 "$temporary/$top" "$temporary/$top/bin" "$temporary/$top/bin/node"
# Its own process, so that it can be killed; what a loader complains about is an answer too.
version_or_complaint() { exec "$temporary/$top/bin/node" --version 2>&1; }
found=$(answer_of version_or_complaint 2>/dev/null </dev/null) || found="it does not start: $found"
suitable "$found" || give_up "Node was fetched but does not run on this system ($found); is $place on a disk mounted noexec, or a library such as libstdc++ missing? Else $todo."

# Which files these are, so that nothing else is ever erased there.
(cd "$temporary/$top" && {
  printf '%s' "$sha256"
  for it in bin/node LICENSE; do [ ! -f "$it" ] || printf '\n%s %s' "$(sha256_of "$it")" "$it"; done
} >.stash-sense-part)

# A Node that a user has put there is kept.
before=
if [ -e "$place/node" ] || [ -h "$place/node" ]; then
  before=$place/node.kept-$$
  mv "$place/node" "$before" || give_up "Node was not installed: $place/node could not be replaced; see that $place can be written to."
fi
mv "$temporary/$top" "$place/node" || give_up "Node was not installed: $place/node could not be put in place; see that $place can be written to."
rm -rf "$temporary" "$archive"
[ -z "$before" ] || [ -h "$before" ] || erase_made "$before"
kept=
[ -z "$before" ] || { [ ! -e "$before" ] && [ ! -h "$before" ]; } || kept=" What was in $place/node before is in $before now."
# For a Stash whose plugins do not lie beside its config.yml; an update of the plugin leaves this file alone.
printf '%s\n' "$place/node/bin/node" 2>/dev/null >"$here/node.path" || :
finish_well "Node ${found#v} is installed in $place/node.$kept Start \"Set up\" next."
