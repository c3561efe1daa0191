#include <crm/error.h>
#include <crm/text.h>

#include <string>

#include "manual/completion.h"

namespace crm::cmd {
namespace {

// bash cuts words at '=' and ':' too; the program gets them whole, and each candidate loses what stands
// before the cut.
constexpr std::string_view kBash = R"sh(# bash completion for crm: eval "$(crm completion bash)"
_crm() {
  local line=${COMP_LINE:0:COMP_POINT} typed candidate
  local -a words
  read -ra words <<<"$line"
  [[ $line == *[[:space:]] ]] && words+=("")
  typed=${words[${#words[@]} - 1]}
  local before=${typed%"${typed##*[=:]}"}
  COMPREPLY=()
  while IFS=$'\t' read -r candidate _; do
    if [[ $candidate == :file ]]; then
      compopt -o default
      COMPREPLY=()
      return
    fi
    [[ $candidate == *[=/] ]] && compopt -o nospace
    COMPREPLY+=("$(printf '%q' "${candidate#"$before"}")")
  done < <("${words[0]}" __complete -- "${words[@]:1}" 2>/dev/null)
}
complete -F _crm crm
)sh";

constexpr std::string_view kZsh = R"sh(#compdef crm
# zsh completion for crm: eval "$(crm completion zsh)", or this file as _crm in $fpath
_crm() {
  local -a lines open whole
  local line word
  lines=("${(@f)$("${(Q)words[1]}" __complete -- "${(@Q)words[2,CURRENT]}" 2>/dev/null)}")
  for line in "${lines[@]}"; do
    [[ -z $line ]] && continue
    if [[ $line == :file ]]; then
      _files
      return
    fi
    word=${${line%%$'\t'*}//:/\\:}
    [[ $line == *$'\t'* ]] && word+=":${line#*$'\t'}"
    if [[ ${line%%$'\t'*} == *[=/] ]]; then
      open+=("$word")
    else
      whole+=("$word")
    fi
  done
  (( $#open )) && _describe 'crm' open -S ''
  (( $#whole )) && _describe 'crm' whole
}
if [[ $funcstack[1] == _crm ]]; then
  _crm "$@"
else
  compdef _crm crm
fi
)sh";

constexpr std::string_view kFish = R"sh(# fish completion for crm: crm completion fish | source
function __crm_complete
    set -l words (commandline -opc)
    set -l lines ($words[1] __complete -- $words[2..-1] (commandline -ct) 2>/dev/null)
    if test "$lines" = ":file"
        __fish_complete_path (commandline -ct)
    else
        printf '%s\n' $lines
    end
end
complete -c crm -f -a '(__crm_complete)'
)sh";

}  // namespace

std::string_view completion_script(std::string_view shell) {
  if (shell == "bash") return kBash;
  if (shell == "zsh") return kZsh;
  if (shell == "fish") return kFish;
  throw Error(ErrorCode::usage, "no completion for " + crm::quoted(shell), "one of bash, zsh and fish");
}

}  // namespace crm::cmd
