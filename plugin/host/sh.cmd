@echo off
rem On Windows without sh on PATH, Stash resolves the command "sh" of stash-sense.yml to this file and runs
rem   sh.cmd <path of launch.sh> ARGS...
rem It finds a Node that is new enough and runs main.mjs with ARGS. Not tried on a Windows machine yet.
rem cmd.exe cannot become another program: when Stash stops a task it ends cmd.exe, which Node watches and ends within a second.
setlocal EnableExtensions DisableDelayedExpansion
set "HERE=%~dp0"
set "NODE="
set "OLD="

if defined STASH_SENSE_NODE call :try "%STASH_SENSE_NODE%"
if not defined NODE for /f "delims=" %%N in ('where node.exe 2^>nul ^<nul') do if not defined NODE call :try "%%N"
if not defined NODE call :try "%HERE%..\..\..\stash-sense\runtime\node\node.exe"
if not defined NODE call :try "%HERE%..\..\stash-sense\runtime\node\node.exe"
if not defined NODE call :try "%USERPROFILE%\.stash\stash-sense\runtime\node\node.exe"
if not defined NODE if defined STASH_CONFIG_FILE for %%F in ("%STASH_CONFIG_FILE%") do call :try "%%~dpFstash-sense\runtime\node\node.exe"
if not defined NODE if exist "%HERE%node.path" for /f "usebackq delims=" %%N in ("%HERE%node.path") do call :try "%%N"
if not defined NODE call :try "%ProgramFiles%\nodejs\node.exe"
if not defined NODE call :try "%LOCALAPPDATA%\Programs\nodejs\node.exe"
if not defined NODE if defined NVM_SYMLINK call :try "%NVM_SYMLINK%\node.exe"
if not defined NODE if defined NVM_HOME for /d %%D in ("%NVM_HOME%\v*") do call :try "%%D\node.exe"
if not defined NODE for /d %%D in ("%LOCALAPPDATA%\Volta\tools\image\node\*") do call :try "%%D\node.exe"
if not defined NODE for /d %%D in ("%APPDATA%\fnm\node-versions\*") do call :try "%%D\installation\node.exe"
if not defined NODE goto none

set "STASH_SENSE_LAUNCHER=0"
rem onnxruntime-node reads this while it is loaded (core/no-telemetry.ts).
set "ORT_DISABLE_TELEMETRY=1"
rem %1 is the path of launch.sh.
"%NODE%" --no-warnings --max-semi-space-size=4 --initial-heap-size=64 "%HERE%main.mjs" %2 %3 %4 %5 %6 %7 %8 %9
exit /b %ERRORLEVEL%

:try
if defined NODE exit /b 0
if not exist "%~1" exit /b 0
set "MAJOR="
for /f "tokens=1,2 delims=v." %%A in ('""%~1" --version" 2^>nul ^<nul') do set "MAJOR=%%A" & set "MINOR=%%B"
if not defined MAJOR exit /b 0
if %MAJOR% GEQ 24 set "NODE=%~1"
if %MAJOR% EQU 22 if %MINOR% GEQ 19 set "NODE=%~1"
if not defined NODE set "OLD=, only %MAJOR%.%MINOR%"
if not defined NODE exit /b 0
rem Volta's node.exe starts the real node.exe as a child: take the real one.
for /f "delims=" %%X in ('""%~1" -p process.execPath" 2^>nul ^<nul') do if exist "%%X" set "NODE=%%X"
exit /b 0

:none
rem findstr reads Stash's JSON from stdin to its end, which Stash needs in both cases.
findstr /c:"install-node" >nul
if errorlevel 1 goto tell
if not exist "%HERE%node.list" goto tell
if not exist "%HERE%install-node.ps1" goto tell
set "CONFIG=%USERPROFILE%\.stash"
if exist "%HERE%..\..\config.yml" set "CONFIG=%HERE%..\.."
if exist "%HERE%..\..\..\config.yml" set "CONFIG=%HERE%..\..\.."
if defined STASH_CONFIG_FILE for %%F in ("%STASH_CONFIG_FILE%") do set "CONFIG=%%~dpF."
powershell.exe -NoLogo -NoProfile -NonInteractive -ExecutionPolicy Bypass -File "%HERE%install-node.ps1" "%HERE%." "%CONFIG%" <nul
exit /b 0

:tell
set "FIRST="
if exist "%HERE%node.list" set "FIRST=start the task Install Node in Stash under Settings, Tasks, or "
echo {"error":"Stash Sense needs Node 22.19 or newer and found none%OLD%: %FIRST%run `winget install OpenJS.NodeJS.LTS` or install Node 24 from nodejs.org, then start Stash again."}
exit /b 0
