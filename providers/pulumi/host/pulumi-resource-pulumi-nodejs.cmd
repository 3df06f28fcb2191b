@echo off
node "%~dp0dynamic-provider.js" %*
