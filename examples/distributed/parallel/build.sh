#!/bin/sh
# build.sh TOPOLOGY OUT SHARDS [OPTION OF parallel]...
#
# Builds the shards of a topology with GNU parallel, each into a folder beside OUT, since one build at a time holds a tree and the tree says where its
# topology is; then puts them together as OUT, which must not be there yet. With --sshlogin or --sshloginfile the shards run on other machines, which
# need dvrc on their path and get the topology and its lock: then TOPOLOGY and OUT are relative to the working folder.
set -eu
[ $# -ge 3 ] && [ "$3" -ge 1 ] || { echo "Usage: build.sh TOPOLOGY OUT SHARDS [OPTION OF parallel]..." >&2; exit 2; }
topology=$1 out=$2 shards=$3
shift 3
[ ! -e "$out" ] || { echo "build.sh: $out is there already" >&2; exit 2; }
trap 'rm -rf "$out".shard-*' EXIT

case " $* " in
  *" --sshlogin"* | *" -S "*)
    set -- --workdir ... --transferfile "$topology" --transferfile "${topology%.*}.lock.json" --return "$out.shard-{}.tar" --cleanup "$@"
    ;;
esac
# A name as a word of the shells that run the shards.
word() { printf "'%s'" "$(printf %s "$1" | sed "s/'/'\\\\''/g")"; }
tree=$(word "$out").shard-{}
build="dvrc build $(word "$topology") -o $tree --frozen --jobs 1 --shard {}/$shards >&2"
seq "$shards" | parallel --will-cite --halt now,fail=1 "$@" "$build && tar -C $tree -cf $tree.tar . && rm -r $tree"

mkdir -p "$out"
for tree in "$out".shard-*.tar; do tar -C "$out" -xf "$tree"; done
