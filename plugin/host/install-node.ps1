# The task "Install Node" on Windows, started by sh.cmd (or by launch.sh in Git's sh) when no Node is found. Does the same as
# install-node.sh; not tried on a Windows machine yet. Answers in Stash's plugin protocol: one JSON on stdout, lines of SOH level
# STX on stderr, both UTF-8 whatever the console's code page. ASCII only: Windows PowerShell reads a script without a BOM as ANSI.
param([string]$Here, [string]$Config)
$ErrorActionPreference = 'Stop'
$ProgressPreference = 'SilentlyContinue'

$utf8 = New-Object Text.UTF8Encoding $false
$stdout = [Console]::OpenStandardOutput()
$stderr = [Console]::OpenStandardError()
function Send([IO.Stream]$stream, [string]$text) {
  $bytes = $utf8.GetBytes($text)
  $stream.Write($bytes, 0, $bytes.Length)
  $stream.Flush()
}
function Say([string]$level, [string]$text) { Send $stderr ([char]1 + $level + [char]2 + $text + "`n") }
# The error's text as one line without the full stop.
function Get-Reason($trouble) { ("$trouble" -split "`n")[0].Trim().TrimEnd('.') }
function Answer([string]$key, [string]$text) {
  Say $(if ($key -eq 'error') { 'e' } else { 'i' }) $text
  Send $stdout (ConvertTo-Json -Compress @{ $key = $text })
  exit 0
}

# Stash stops a task by ending sh.cmd's cmd.exe: checked each second, also while a server sends nothing.
$parent = $null
try { $parent = Get-Process -Id (Get-CimInstance Win32_Process -Filter "ProcessId = $PID").ParentProcessId }
catch { Say 'd' "Who started this is not known ($(Get-Reason $_)): Stop may leave it at work." }
function Stop-WithParent { if ($parent -and $parent.HasExited) { [Environment]::Exit(1) } }
function Wait-For($task) {
  for ($seconds = 0; -not $task.Wait(1000); $seconds++) {
    Stop-WithParent
    if ($seconds -ge 60) { throw 'it said nothing for 60 s' }
  }
  return $task.Result
}

# As `suitable` in launch.sh: whether this output of `node --version` is new enough.
function Test-Suitable([string]$version) {
  if ($version -notmatch '^v(\d+)\.(\d+)\.') { return $false }
  $major = [int]$Matches[1]
  $minor = [int]$Matches[2]
  return $major -ge 24 -or ($major -eq 22 -and $minor -ge 19)
}

# The setting "Channel", from this plugin's block in Stash's config.yml.
function Read-Channel([string]$settings) {
  if (-not (Test-Path -LiteralPath $settings)) { return }
  $inside = $false
  foreach ($row in Get-Content -Encoding UTF8 -LiteralPath $settings) {
    if ($row -match '^( *)stash-sense: *$') { $inside = $true; $outer = $Matches[1].Length; continue }
    if (-not $inside) { continue }
    if ($row -match '^( *)\S' -and $Matches[1].Length -le $outer) { return }
    if ($row -match '^ *channel: *["'']?(.*?)["'']? *$') { return $Matches[1] }
  }
}

# The first group of the first line of a file that matches.
function Read-Line([string]$file, [string]$pattern) {
  if (-not (Test-Path -LiteralPath $file)) { return }
  foreach ($row in Get-Content -Encoding UTF8 -LiteralPath $file) { if ($row -match $pattern) { return $Matches[1] } }
}

# Requests the file from this byte on; a server without range requests sends it from the start.
function Open-From([Uri]$address, [long]$from) {
  if ($address.IsFile) {
    $file = [IO.File]::OpenRead($address.LocalPath)
    $null = $file.Seek($from, 'Begin')
    return @{ Stream = $file; From = $from }
  }
  $request = [Net.WebRequest]::CreateHttp($address)
  $request.UserAgent = 'stash-sense'
  if ($address.UserInfo) {
    $user, $password = $address.UserInfo -split ':', 2 | ForEach-Object { [Uri]::UnescapeDataString($_) }
    $request.Credentials = New-Object Net.NetworkCredential $user, $password
  }
  if ($from -gt 0) { $request.AddRange('bytes', $from) }
  $response = Wait-For $request.GetResponseAsync()
  if ($response.ContentType -match 'html') { throw 'it answered with a web page instead of the file' }
  return @{ Stream = $response.GetResponseStream(); From = $(if ([int]$response.StatusCode -eq 206) { $from } else { 0 }) }
}

# Continues the download at the end of the file.
function Get-Part([Uri]$address, [string]$archive, [long]$size) {
  $have = if (Test-Path -LiteralPath $archive) { (Get-Item -LiteralPath $archive).Length } else { 0 }
  if ($have -eq $size) { return }
  if ($have -gt $size) { $have = 0 }
  try { $source = Open-From $address $have }
  catch {
    if ($have -eq 0) { throw }
    $source = Open-From $address 0
  }
  $to = [IO.File]::Open($archive, 'OpenOrCreate', 'Write')
  try {
    $to.SetLength($source.From)
    $done = $to.Seek(0, 'End')
    $buffer = New-Object byte[] 262144
    $clock = [Diagnostics.Stopwatch]::StartNew()
    while (($read = Wait-For $source.Stream.ReadAsync($buffer, 0, $buffer.Length)) -gt 0) {
      $to.Write($buffer, 0, $read)
      $done += $read
      if ($done -gt $size) { throw "it goes on after the $size bytes it should have" }
      if ($clock.ElapsedMilliseconds -lt 1000) { continue }
      $clock.Restart()
      Stop-WithParent
      Say 'p' ([string]::Format([Globalization.CultureInfo]::InvariantCulture, '{0:0.00}', 0.9 * $done / $size))
    }
  }
  finally { $to.Close(); $source.Stream.Close() }
  if ($done -lt $size) { throw "it broke off after $done of $size bytes; the next start goes on there" }
}

# Deletes the files of an installed Node that are named in its receipt and still have the hash in it.
function Remove-Made($folder) {
  $receipt = Join-Path $folder '.stash-sense-part'
  if ((Get-Item -Force -LiteralPath $folder).Attributes -band [IO.FileAttributes]::ReparsePoint) { return }
  if (-not (Test-Path -LiteralPath $receipt -PathType Leaf)) { return }
  foreach ($line in [IO.File]::ReadAllLines($receipt)) {
    if ($line -notmatch '^([0-9a-f]{64}) ([^/\\:]+)$') { continue }
    $hash, $file = $Matches[1], (Join-Path $folder $Matches[2])
    if ((Test-Path -LiteralPath $file -PathType Leaf) -and (Get-FileHash -Algorithm SHA256 -LiteralPath $file).Hash -eq $hash) {
      Remove-Item -Force -LiteralPath $file
    }
  }
  Remove-Item -Force -LiteralPath $receipt
  if (-not (Get-ChildItem -Force -LiteralPath $folder)) { Remove-Item -Force -LiteralPath $folder }
}

$byHand = 'or install Node 24 from nodejs.org, then start Stash again.'
try {
  $list = Join-Path $Here 'node.list'
  $rest = Read-Line $list '^win-x64 (.+)$'
  if (-not $rest -or -not [Environment]::Is64BitOperatingSystem) {
    Answer 'error' 'This package of Stash Sense brings no Node for this system; install Node 24 from nodejs.org, then start Stash again.'
  }
  $size, $sha256, $url = $rest -split ' '
  $size = [long]$size

  # The setting, else the address built into the package, else the package index from which the plugin was installed.
  $settings = if ($env:STASH_CONFIG_FILE) { $env:STASH_CONFIG_FILE } else { Join-Path $Config 'config.yml' }
  $base = if ($env:STASH_SENSE_CHANNEL) { $env:STASH_SENSE_CHANNEL } else { Read-Channel $settings }
  if ($base -match '^[^/]*://[^/?#]*@') {
    Answer 'error' 'Node was not installed: the setting "Channel" holds a user name or a password, which Stash keeps and shows to everybody who may see its settings; give an address that needs none.'
  }
  if (-not $base) { $base = Read-Line $list '^channel (.+:.*)$' }
  if (-not $base) { $base = Read-Line (Join-Path $Here 'manifest') '^source_repository: *["'']?([^"'']+)' }
  if ($base -match '://') { $base = ($base -split '[?#]')[0].Trim() }
  if ($url -notmatch '://') {
    if (-not $base) { Answer 'error' "Node was not installed: no channel is known (the plugin was copied in by hand), so name one in the setting ""Channel""; $byHand" }
    $url = ($base -replace '[^/\\]*\.(ya?ml|json)$', '').TrimEnd('/', '\') + '/' + $url
  }
  $address = $null
  if (-not [Uri]::TryCreate($url, 'Absolute', [ref]$address) -or @('http', 'https', 'file') -notcontains $address.Scheme) {
    Answer 'error' "Node was not installed: the channel must begin with https://, http://, file:// or be the whole path of a folder; correct the setting ""Channel"", $byHand"
  }
  # Without a password or a token.
  $shown = if ($address.IsFile) { $address.LocalPath } else { $address.Scheme + '://' + $address.Authority + $address.AbsolutePath }

  $place = Join-Path $Config 'stash-sense\runtime'
  $downloads = Join-Path $place 'downloads'
  $null = New-Item -ItemType Directory -Force $downloads
  foreach ($it in $place, $downloads) {
    if ((Get-Item -Force -LiteralPath $it).Attributes -band [IO.FileAttributes]::ReparsePoint) {
      Answer 'error' "Node was not installed: $it is a link, and Stash Sense writes only to files and folders of its own; remove it, $byHand"
    }
  }
  $free = $null
  try { $free = (New-Object IO.DriveInfo ([IO.Path]::GetPathRoot($place))).AvailableFreeSpace }
  catch { Say 'd' "The free space of $place is not known ($(Get-Reason $_))." }
  # The archive, and the program, which is four times as large.
  $needed = 5 * $size + 20e6
  if ($null -ne $free -and $free -lt $needed) {
    Answer 'error' "Node was not installed: it needs $([math]::Ceiling($needed / 1e6)) MB of free space in $place and there are $([math]::Floor($free / 1e6)) MB; make room there."
  }

  Say 'i' "Fetching Node ($([math]::Round($size / 1e6)) MB) from $shown"
  [Net.ServicePointManager]::SecurityProtocol = [Net.SecurityProtocolType]::Tls12
  $archive = Join-Path $downloads ($sha256.Substring(0, 8) + '.node.zip')
  # Added to the inventory before it is made, as plugin/system/files/inventory.ts does: a later run knows these files as ours.
  $made = Join-Path $Config 'stash-sense\stash-sense.files'
  [IO.File]::AppendAllText($made, "`n- runtime/downloads/$([IO.Path]::GetFileName($archive))`n- runtime/node.tmp/`n")
  try { Get-Part $address $archive $size }
  catch { throw "$shown could not be fetched ($($_.Exception.GetBaseException().Message.Trim().TrimEnd('.')))" }
  if ((Get-FileHash -Algorithm SHA256 -LiteralPath $archive).Hash -ne $sha256) {
    Remove-Item -LiteralPath $archive
    throw "$shown is not the file this plugin expects (SHA-256)"
  }
  Stop-WithParent

  $temporary = Join-Path $place 'node.tmp'
  if (Test-Path -LiteralPath $temporary) { Remove-Item -Recurse -Force -LiteralPath $temporary }
  Expand-Archive -LiteralPath $archive -DestinationPath $temporary
  $unpacked = @(Get-ChildItem -LiteralPath $temporary -Directory)[0].FullName
  $found = [string](& (Join-Path $unpacked 'node.exe') --version)
  if (-not (Test-Suitable $found)) { throw "it does not run on this system ($found)" }
  # The program and its licence, and a receipt with both hashes, so that only these are ever deleted.
  Get-ChildItem -Force -LiteralPath $unpacked | Where-Object { @('node.exe', 'LICENSE') -notcontains $_.Name } |
    Remove-Item -Recurse -Force
  $lines = @($sha256) + @(Get-ChildItem -File -LiteralPath $unpacked | ForEach-Object {
      (Get-FileHash -Algorithm SHA256 -LiteralPath $_.FullName).Hash.ToLowerInvariant() + ' ' + $_.Name
    })
  [IO.File]::WriteAllText((Join-Path $unpacked '.stash-sense-part'), ($lines -join "`n"))
  # Renames, so that a killed process leaves either a complete Node, or none and the archive. Keeps a Node that the user put there.
  $final = Join-Path $place 'node'
  $before = Join-Path $place "node.kept-$PID"
  if (Test-Path -LiteralPath $final) { [IO.Directory]::Move($final, $before) }
  [IO.Directory]::Move($unpacked, $final)
  foreach ($left in $temporary, $archive) { if (Test-Path -LiteralPath $left) { Remove-Item -Recurse -Force -LiteralPath $left } }
  $kept = ''
  if (Test-Path -LiteralPath $before) {
    Remove-Made $before
    if (Test-Path -LiteralPath $before) { $kept = " What was in $final before is in $before now." }
  }
  # For a Stash whose plugins folder is not beside its config.yml. In cmd.exe's encoding, since sh.cmd reads it.
  try { Set-Content -Encoding Oem -LiteralPath (Join-Path $Here 'node.path') -Value (Join-Path $final 'node.exe') }
  catch { Say 'w' "Where Node is could not be noted in $Here ($(Get-Reason $_)): it is found only beside config.yml." }
}
catch { Answer 'error' "Node was not installed: $(Get-Reason $_); try again, see the setting ""Channel"", $byHand" }
Answer 'output' "Node $($found.TrimStart('v')) is installed in $final.$kept Start ""Set up"" next."
