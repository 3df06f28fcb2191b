@echo off
rem Starts the command with the Node that `npm ci` installed. Says what is missing, and fetches nothing.
setlocal
set "root=%~dp0"
if exist "%root%node_modules\commander\" goto packages
echo dlr: the packages are missing: run `npm ci` in %root%>&2
exit /b 2
:packages
set "node=%root%node_modules\node\bin\node.exe"
if exist "%node%" goto start
set "node="
for %%i in (node.exe) do set "node=%%~$PATH:i"
if defined node goto start
echo dlr: Node is missing: run `npm ci` in %root%, without --ignore-scripts and --omit=dev>&2
exit /b 2
:start
"%node%" "%root%cli\dlr.js" %*
exit /b %errorlevel%
