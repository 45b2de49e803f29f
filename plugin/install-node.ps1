# The task "Install Node" on Windows, started by sh.cmd where no Node is. What install-node.sh does elsewhere; not tried on a
# Windows machine yet. Answers in Stash's protocol: one JSON on stdout, lines of SOH level STX on stderr.
param([string]$Here, [string]$Config)
$ErrorActionPreference = 'Stop'
$ProgressPreference = 'SilentlyContinue'

function Say([string]$level, [string]$text) { [Console]::Error.WriteLine([char]1 + $level + [char]2 + $text) }
function Answer([string]$key, [string]$text) {
  Say $(if ($key -eq 'error') { 'e' } else { 'i' }) $text
  [Console]::Out.Write((ConvertTo-Json -Compress @{ $key = $text }))
  exit 0
}

$byHand = 'or install Node 24 from nodejs.org, then start Stash again.'
try {
  $list = Join-Path $Here 'node.list'
  $line = @(Get-Content $list | Where-Object { $_ -like 'win-x64 *' })[0]
  if (-not $line -or -not [Environment]::Is64BitOperatingSystem) {
    Answer 'error' "This package of Stash Sense brings no Node for this system; install Node 24 from nodejs.org, then start Stash again."
  }
  $null, $size, $sha256, $url = $line -split ' '

  # The setting "Channel" out of Stash's config.yml, else what was built in, else the index the plugin came from.
  $base = $env:STASH_SENSE_CHANNEL
  $settings = Join-Path $Config 'config.yml'
  if (-not $base -and (Test-Path $settings)) {
    $inside = $false
    foreach ($row in Get-Content $settings) {
      if ($row -match '^( *)stash-sense: *$') { $inside = $true; $outer = $Matches[1].Length; continue }
      if (-not $inside) { continue }
      if ($row -match '^( *)\S' -and $Matches[1].Length -le $outer) { break }
      if ($row -match '^ *channel: *["'']?(.*?)["'']? *$') { $base = $Matches[1]; break }
    }
  }
  if (-not $base) { $base = @(Get-Content $list | Where-Object { $_ -match '^channel .+:' } | ForEach-Object { $_.Substring(8) })[0] }
  $manifest = Join-Path $Here 'manifest'
  if (-not $base -and (Test-Path $manifest)) {
    $base = @(Get-Content $manifest | Where-Object { $_ -match '^source_repository: *["'']?([^"''?#]+)' } | ForEach-Object { $Matches[1] })[0]
  }
  if ($url -match '://') { $address = $url }
  else {
    if (-not $base) { Answer 'error' "Node was not installed: no channel is known (the plugin was copied in by hand), so name one in the setting ""Channel""; $byHand" }
    $address = ($base -replace '[^/\\]*\.(ya?ml|json)$', '').TrimEnd('/', '\') + '/' + $url
  }

  $place = Join-Path $Config 'stash-sense\runtime'
  $downloads = Join-Path $place 'downloads'
  New-Item -ItemType Directory -Force $downloads | Out-Null
  $archive = Join-Path $downloads ($sha256.Substring(0, 8) + '.node.zip')
  Say 'i' "Fetching Node ($([math]::Round($size / 1e6)) MB) from $address"
  [Net.ServicePointManager]::SecurityProtocol = [Net.SecurityProtocolType]::Tls12
  $request = [Net.WebRequest]::Create([Uri]$address)
  $from = $request.GetResponse().GetResponseStream()
  $to = [IO.File]::Create($archive)
  try {
    $buffer = New-Object byte[] 262144
    $done = 0
    $shown = 0
    while (($read = $from.Read($buffer, 0, $buffer.Length)) -gt 0) {
      $to.Write($buffer, 0, $read)
      $done += $read
      if ($done -gt $size) { throw "it goes on after the $size bytes it should have" }
      if ($done - $shown -gt 1e6) { Say 'p' ([string]::Format([Globalization.CultureInfo]::InvariantCulture, '{0:0.00}', 0.9 * $done / $size)); $shown = $done }
    }
  }
  finally { $to.Close(); $from.Close() }
  if ((Get-FileHash -Algorithm SHA256 $archive).Hash -ne $sha256) {
    Remove-Item $archive
    throw "$address is not the file this plugin expects (SHA-256)"
  }

  $temporary = Join-Path $place 'node.tmp'
  if (Test-Path $temporary) { Remove-Item -Recurse -Force $temporary }
  Expand-Archive $archive $temporary
  $unpacked = @(Get-ChildItem $temporary -Directory)[0].FullName
  $found = & (Join-Path $unpacked 'node.exe') --version
  if ($found -notmatch '^v(\d+)\.(\d+)' -or [int]$Matches[1] -lt 22) { throw "it does not run on this system ($found)" }
  $final = Join-Path $place 'node'
  if (Test-Path $final) { Remove-Item -Recurse -Force $final }
  Move-Item $unpacked $final
  Remove-Item -Recurse -Force $temporary, $archive
}
catch { Answer 'error' "Node was not installed: $(("$_" -split "`n")[0].Trim().TrimEnd('.')); try again, see the setting ""Channel"", $byHand" }
Answer 'output' "Node $($found.TrimStart('v')) is installed in $final. Start ""Set up"" next."
