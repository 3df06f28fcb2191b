/** What the shells' scripts call, with the words typed so far, the one under the cursor last. */
export const COMPLETE = "__complete";

/** Shells that a script is written for. */
export const SHELLS = ["bash", "zsh", "fish", "powershell"] as const;

/** A shell as `completion` names it. */
export type CompletedShell = (typeof SHELLS)[number];

/**
 * What a shell runs at its start to complete `dlr`, `./dlr` and `device-lifecycle`: it asks the
 * command itself, and files where that knows nothing.
 */
export function completionScript(shell: CompletedShell): string {
  return SCRIPTS[shell];
}

const SCRIPTS: Readonly<Record<CompletedShell, string>> = {
  bash: `_dlr() {
  local IFS=$'\\n'
  COMPREPLY=($("\${COMP_WORDS[0]}" ${COMPLETE} "\${COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null))
}
complete -o default -F _dlr dlr ./dlr device-lifecycle
`,
  zsh: `#compdef dlr device-lifecycle
_dlr() {
  local -a found
  found=("\${(@f)$("\${words[1]}" ${COMPLETE} "\${(@)words[2,CURRENT]}" 2>/dev/null)}")
  found=("\${(@)found:#}")
  if (( \${#found} )); then compadd -a found; else _files; fi
}
compdef _dlr dlr ./dlr device-lifecycle
`,
  fish: `function __dlr_complete
    set -l words (commandline -opc) (commandline -ct)
    $words[1] ${COMPLETE} $words[2..-1] 2>/dev/null
end
complete -c dlr -a '(__dlr_complete)'
complete -c device-lifecycle -a '(__dlr_complete)'
`,
  powershell: `Register-ArgumentCompleter -Native -CommandName dlr, device-lifecycle -ScriptBlock {
    param($wordToComplete, $commandAst, $cursorPosition)
    $words = @($commandAst.CommandElements | ForEach-Object { $_.ToString() })
    if ($wordToComplete -eq '') { $typed = @($words | Select-Object -Skip 1) + '' } else { $typed = @($words | Select-Object -Skip 1) }
    & $words[0] ${COMPLETE} @typed 2>$null | Where-Object { $_ } |
        ForEach-Object { [System.Management.Automation.CompletionResult]::new($_, $_, 'ParameterValue', $_) }
}
`,
};
