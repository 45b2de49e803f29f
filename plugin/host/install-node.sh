# Sourced by launch.sh when the task "Install Node" was started and no Node is found. Starting the task is the user's consent.
# node.list, built into this package, holds file, size and SHA-256 of each Node. Plain POSIX: dash, busybox.
# Uses from launch.sh: $here, $config, $todo, $input (Stash's JSON), $platform, answer_of, clean, escape, suitable.

# Only Stash's user may read the files made here.
umask 077

say() { printf '\001%s\002%s\n' "$1" "$(clean "$2")" >&2; }

finish_well() {
  say i "$1"
  printf '{"output":"%s"}' "$(escape "$1")"
  exit 0
}

# Exits with 0: with any other status Stash discards the output. Stash does not show the error of a failed job, so launch.sh
# reads node.failed and shows it on the page.
give_up() {
  [ -z "${temporary:-}" ] || rm -rf "$temporary"
  printf '%s\n' "$(clean "$1")" 2>/dev/null >"$here/node.failed" || :
  say e "$1"
  printf '{"error":"%s"}' "$(escape "$1")"
  exit 0
}

# Prints the setting "Channel", from this plugin's block in Stash's config.yml.
channel_setting() {
  [ -n "$settings_file" ] && [ -f "$settings_file" ] && [ -r "$settings_file" ] || return 0
  awk '
    { match($0, /^ */); depth = RLENGTH }
    inside && NF && depth <= outer { exit }
    inside && $1 == "channel:" { sub(/^ *channel: */, ""); sub(/ *\r?$/, ""); print; exit }
    !inside && $0 ~ /^ *stash-sense: *\r?$/ { inside = 1; outer = depth }
  ' "$settings_file" | sed -e 's/^"\(.*\)"$/\1/' -e "s/^'\(.*\)'\$/\1/"
}

# Prints the address of the package index, which Stash's installer writes into `manifest`.
installed_from() {
  [ -f "$here/manifest" ] && [ -r "$here/manifest" ] || return 0
  sed -n 's/^source_repository: *//p' "$here/manifest" | head -n 1 | tr -d "\r\"'" | sed 's/[?#].*//'
}

# folder_of ADDRESS: prints it with a slash at its end, without a file name such as index.yml or channel.json.
folder_of() {
  case $1 in
  */) printf '%s' "$1" ;;
  *.yml | *.yaml | *.json) printf '%s/' "${1%/*}" ;;
  *) printf '%s/' "$1" ;;
  esac
}

# shown ADDRESS: prints it for display and logs, without user, password and query.
shown() {
  case $1 in
  *://*) printf '%s' "$1" | sed -e 's#^\([^/]*//\)[^/?\#]*@#\1#' -e 's/[?#].*//' ;;
  *) printf '%s' "$1" ;;
  esac
}

# has_password ADDRESS: succeeds when it holds a password or a user name.
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

# download ADDRESS FILE: continues at the end of FILE. Child processes must not inherit Stash's pipes, or the job would never
# end. When Stash kills this shell, a watching subshell kills the download within two seconds. The address is passed over
# stdin, since all users of this machine can see the arguments of a process.
download() {
  case $1 in
  http://* | https://*)
    if command -v curl >/dev/null 2>&1; then
      curl -fsSL --proto '=http,https' --max-redirs 5 --connect-timeout 30 --speed-limit 500 --speed-time 60 \
        --max-filesize "$size" -C - -o "$2" -K - >/dev/null 2>"$2.said" <<END &
url = "$(printf '%s' "$1" | sed 's/[\\"]/\\&/g')"
END
    elif command -v wget >/dev/null 2>&1; then
      # Some builds of busybox's wget lack -T (a time limit), and none can read the address from stdin.
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

# not_ours FILE: succeeds when it exists and is not a regular file (a link, a folder). We never write through a link.
not_ours() { [ -h "$1" ] || { [ -e "$1" ] && [ ! -f "$1" ]; }; }

# making NAME: adds it to the inventory before it is made, as plugin/system/files/inventory.ts does, so that a later run knows
# the files of a killed one as ours.
making() { printf '\n- %s\n' "$1" >>"$dir/stash-sense/stash-sense.files"; }

# erase_made FOLDER: deletes the files of an installed Node that are named in its receipt and still have the hash in it.
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

# fetch ADDRESS: succeeds when $archive is complete and has the right hash; else fails with the reason in $why.
fetch() {
  [ "$(bytes_of "$archive")" -le "$size" ] || rm -f "$archive"
  rm -f "$archive.anew"
  anew=
  tries=0
  while [ "$(bytes_of "$archive")" != "$size" ]; do
    before=$(bytes_of "$archive")
    # The exit code is ignored: curl and wget report success when a host has nothing from that offset on (416).
    download "$1" "$archive" || :
    ! is_page || break
    # Retry a broken connection while it brings new bytes, at most 20 times.
    tries=$((tries + 1))
    [ "$tries" -lt 20 ] && [ "$(bytes_of "$archive")" -gt "$before" ] && continue
    # A host without range requests cannot continue: one attempt from the start, into another file until bytes arrive.
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
# rm deletes a link itself and not its target.
rm -f "$archive.said" "$archive.anew" "$archive.anew.said"
part=runtime/downloads/${archive##*/}
[ ! -f "$archive" ] || grep -qxF -e "- $part" "$dir/stash-sense/stash-sense.files" 2>/dev/null ||
  mv "$archive" "$archive.kept-$$" || give_up "Node was not installed: $archive is in the way; remove it, or $todo."
[ -f "$archive" ] || making "$part"
making "$part.said"
making "$part.anew"
free=$(df -Pk "$place" 2>/dev/null | awk 'NR == 2 { print $4 }')
# In kB: the archive and the program, which is four times as large, and 20 MB spare.
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
# tar run by root keeps the archive's modes.
chmod 600 "$temporary/$top"/* 2>/dev/null || :
chmod 700 "$temporary/$top" "$temporary/$top/bin" "$temporary/$top/bin/node"
# exec, so that answer_of kills Node itself; stderr is included, since the loader reports a missing library there.
version_or_complaint() { exec "$temporary/$top/bin/node" --version 2>&1; }
found=$(answer_of version_or_complaint 2>/dev/null </dev/null) || found="it does not start: $found"
suitable "$found" || give_up "Node was fetched but does not run on this system ($found); is $place on a disk mounted noexec, or a library such as libstdc++ missing? Else $todo."

# The receipt: hashes of the installed files, so that only these are ever deleted.
(cd "$temporary/$top" && {
  printf '%s' "$sha256"
  for it in bin/node LICENSE; do [ ! -f "$it" ] || printf '\n%s %s' "$(sha256_of "$it")" "$it"; done
} >.stash-sense-part)

# Keeps a Node that the user put there.
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
# For a Stash whose plugins folder is not beside its config.yml; an update of the plugin keeps this file.
printf '%s\n' "$place/node/bin/node" 2>/dev/null >"$here/node.path" || :
finish_well "Node ${found#v} is installed in $place/node.$kept Start \"Set up\" next."
