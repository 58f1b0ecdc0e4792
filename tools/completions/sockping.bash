# SPDX-License-Identifier: MIT
# Written by ci/completions.
_sockping() {
  local word=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD-1]}
  COMPREPLY=()
  case $before in
    --file|--svg) COMPREPLY=($(compgen -f -- "${word#@}")); return ;;
    --sweep|--retries|--backoff|--rate|-c|--count|-i|--interval|-W|--timeout|-w|--deadline|-l|--preload|-s|--size|-p|--pattern|-t|--ttl|-Q|--tos|-M|--fragments|-I|--source|-F|--flow-label|--backend) return ;;
  esac
  case $word in
    -*) COMPREPLY=($(compgen -W "-h --help --file --sweep --alive --unreachable --sorted --retries --backoff --rate -c --count -i --interval -W --timeout -w --deadline -l --preload -f --flood -A --adaptive -o --until-reply -s --size -p --pattern -t --ttl -Q --tos --trace -M --fragments -I --source -4 -6 -F --flow-label --backend -q --quiet -D --timestamps -a --audible -n --plot --svg --json --csv" -- "$word")) ;;
    *) COMPREPLY=($(compgen -A hostname -- "$word")) ;;
  esac
}
complete -o filenames -F _sockping sockping
