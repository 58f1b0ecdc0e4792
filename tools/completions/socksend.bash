# SPDX-License-Identifier: MIT
# Written by ci/completions.
_socksend() {
  local word=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD-1]}
  COMPREPLY=()
  case $before in
    --file|--source-path|--svg) COMPREPLY=($(compgen -f -- "${word#@}")); return ;;
    --message|--hex|--zero|--random|--size|--repeat|--rate|--interval|--delay|--source|--source-port|--timeout|--retries|--wait|--linger|--keep-alive|--ttl|--dscp|--send-buffer|--receive-buffer|--device|--interface|--time|--parallel) return ;;
  esac
  case $word in
    -*) COMPREPLY=($(compgen -W "-h --help --message --hex --file --zero --random --prompt --lines --blocks --size --repeat --rate --interval --delay --udp -4 -6 --source --source-port --source-path --timeout --retries --wait --no-shutdown --linger --connect-only --no-delay --keep-alive --broadcast --dont-fragment --ttl --dscp --send-buffer --receive-buffer --device --interface --no-loop -v --verbose --hexdump --json --measure --time --parallel --reverse --no-offload --svg" -- "$word")) ;;
    *) COMPREPLY=($(compgen -A hostname -- "$word")) ;;
  esac
}
complete -o filenames -F _socksend socksend
