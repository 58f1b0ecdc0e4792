# SPDX-License-Identifier: MIT
# Written by ci/completions.
_socklisten() {
  local word=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD-1]}
  COMPREPLY=()
  case $before in
    --output|--reply|--ready-file) COMPREPLY=($(compgen -f -- "${word#@}")); return ;;
    --output-dir) COMPREPLY=($(compgen -d -- "$word")); return ;;
    --name|--count|--max-connections|--max-bytes|--idle-timeout|--allow|--deny|--backlog|--receive-buffer|--multicast|--interface|--statistics) return ;;
  esac
  case $word in
    -*) COMPREPLY=($(compgen -W "-h --help --discard --output --output-dir --name --label --hexdump --json -q --quiet --echo --reply --chat --pipe --count --once --max-connections --max-bytes --idle-timeout --allow --deny --udp --backlog --receive-buffer --share --balance --everyone --multicast --interface --print-port --ready-file --statistics --measure" -- "$word")) ;;
    *) COMPREPLY=($(compgen -A hostname -- "$word")) ;;
  esac
}
complete -o filenames -F _socklisten socklisten
