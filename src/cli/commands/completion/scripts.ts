/**
 * The script of each shell. All of them ask `wechat-mp __complete <shell> …` at each Tab: the first line of the answer
 * says what the shell adds by itself (`files`, `folders`, `program`), each further one is a word, a tab and its meaning.
 */

/** Runs from version 3.2 on, which macOS has: without `compopt`, names of files are listed here. */
const bash = `# bash completion for wechat-mp
_wechat_mp() {
  local kind="" line at=1
  COMPREPLY=()
  while IFS= read -r line; do
    if [ -z "$kind" ]; then kind=$line; else COMPREPLY+=("\${line%%$'\\t'*}"); fi
  done < <("\${1/#\\~/$HOME}" __complete bash "\${COMP_LINE:0:COMP_POINT}" 2>/dev/null)
  if [ "$kind" = program ]; then
    while [ "\${COMP_WORDS[at]}" != -- ]; do at=$((at + 1)); done
    if declare -F _command_offset >/dev/null; then
      _command_offset $((at + 1))
      return
    elif [ "$COMP_CWORD" -eq $((at + 1)) ]; then
      while IFS= read -r line; do COMPREPLY+=("$line"); done < <(compgen -c -- "$2")
    fi
    kind=files
  fi
  [ "\${#COMPREPLY[@]}" -eq 0 ] || return 0
  case $kind in
    files) compopt -o default 2>/dev/null && return 0; at=-f ;;
    folders) compopt -o dirnames 2>/dev/null && return 0; at=-d ;;
    *) return 0 ;;
  esac
  while IFS= read -r line; do COMPREPLY+=("$line"); done < <(compgen "$at" -- "$2")
}
complete -F _wechat_mp wechat-mp wechat-mp-cli
`;

const zsh = `#compdef wechat-mp wechat-mp-cli
_wechat-mp() {
  local line
  local -a lines candidates
  lines=("\${(@f)$("\${~\${(Q)words[1]}}" __complete zsh "\${(@Q)words[2,$((CURRENT - 1))]}" "\${(Q)PREFIX}" 2>/dev/null)}")
  for line in "\${(@)lines[2,-1]}"; do
    [[ -n $line ]] && candidates+=("\${\${line%%$'\\t'*}//:/\\\\:}:\${line#*$'\\t'}")
  done
  (( $#candidates )) && _describe -t values value candidates
  case $lines[1] in
    files) [[ $PREFIX == -*=* ]] && compset -P '*='; _files ;;
    folders) [[ $PREFIX == -*=* ]] && compset -P '*='; _files -/ ;;
    program)
      local at=\${words[(i)--]}
      shift $at words
      (( CURRENT -= at ))
      _normal
      ;;
  esac
}
if [[ $funcstack[1] == _wechat-mp ]]; then
  _wechat-mp "$@"
else
  (( $+functions[compdef] )) || { autoload -Uz compinit && compinit }
  compdef _wechat-mp wechat-mp wechat-mp-cli
fi
`;

const fish = `# fish completion for wechat-mp
function __wechat_mp_complete
    set -l words (commandline -opc)
    set -l current (commandline -ct)
    set -l program $words[1]
    set -e words[1]
    set -l lines ($program __complete fish $words "$current" 2>/dev/null)
    set -l kind $lines[1]
    set -e lines[1]
    test (count $lines) -gt 0; and printf '%s\\n' $lines
    switch "$kind"
        case files
            __fish_complete_path "$current"
        case folders
            __fish_complete_directories "$current" ''
        case program
            set -l at (contains -i -- -- $words)
            set -e words[1..$at]
            complete -C (string join ' ' -- (string escape -- $words) "$current")
    end
end
complete -c wechat-mp -f -k -a '(__wechat_mp_complete)'
complete -c wechat-mp-cli -f -k -a '(__wechat_mp_complete)'
`;

/** Windows PowerShell 5 hands over no empty words: an answer to one is asked for by another name. */
const powershell = `# PowerShell completion for wechat-mp
Register-ArgumentCompleter -Native -CommandName 'wechat-mp', 'wechat-mp-cli' -ScriptBlock {
  param($wordToComplete, $commandAst, $cursorPosition)
  $all = @($commandAst.CommandElements |
    Where-Object { $_.Extent.StartOffset -lt $cursorPosition } |
    ForEach-Object { $_.Extent.Text.Trim("'", '"') })
  $program = $all[0]
  $words = @($all | Select-Object -Skip 1)
  $mode = if ($wordToComplete -eq '') { 'powershell-next' } else { 'powershell' }
  $lines = @(& $program __complete $mode @words 2>$null)
  $found = @($lines | Select-Object -Skip 1 | ForEach-Object {
    $value, $text = $_ -split "\`t", 2
    if (-not $text) { $text = $value }
    [System.Management.Automation.CompletionResult]::new($value, $value, 'ParameterValue', $text)
  })
  # An empty word keeps PowerShell from listing files where none belong.
  if ($found.Count -gt 0) { $found } elseif ($lines[0] -eq 'none') { '' }
}
`;

export const scripts = { bash, zsh, fish, powershell } as const;

type Shell = keyof typeof scripts;

export const shells = Object.keys(scripts) as readonly Shell[];

export function isShell(name: string): name is Shell {
  return Object.hasOwn(scripts, name);
}
