#!/usr/bin/env bash
# Installs the program, its manual page, and its shell completions below a prefix. The manual page and the completions are
# generated from the program itself.
#
#   Scripts/install.sh PROGRAM PREFIX
#   Scripts/install.sh --remove PREFIX
#
# ZSH_FUNCTIONS is the folder of zsh completions below the prefix; Debian's packages use another one than everybody else.
set -euo pipefail
cd "$(dirname "$0")/.."
program=$1 prefix=$2
zsh=${ZSH_FUNCTIONS:-share/zsh/site-functions}
files=(
  bin/graft share/man/man1/graft.1 share/bash-completion/completions/graft "$zsh/_graft"
  share/fish/vendor_completions.d/graft.fish
)

if [[ $program == --remove ]]; then
  for file in "${files[@]}"; do rm -f "$prefix/$file"; done
  echo "Removed: ${files[*]} in $prefix"
  exit 0
fi

generated=$(mktemp -d)
trap 'rm -rf "$generated"' EXIT
version=$("$program" --version | cut -d' ' -f1)
date=$(sed -n "s/^## $version - //p" CHANGELOG.md)
"$program" --experimental-dump-help | python3 Scripts/manual.py "$version" "$date" >"$generated/manual"
for shell in bash zsh fish; do "$program" --generate-completion-script "$shell" >"$generated/$shell"; done

sources=("$program" "$generated"/{manual,bash,zsh,fish})
for i in "${!files[@]}"; do
  mode=644
  [[ ${files[i]} == bin/* ]] && mode=755
  install -d -m 755 "$prefix/$(dirname "${files[i]}")"
  install -m $mode "${sources[i]}" "$prefix/${files[i]}"
done
echo "Installed: ${files[*]} in $prefix"
