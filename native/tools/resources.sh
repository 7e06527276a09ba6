#!/bin/sh
# What every kernel takes of a multiprocessor, for every architecture: registers, shared memory, spills, as ptxas reports them. Needs nvcc, no GPU.
#   sh native/tools/resources.sh > docs/cuda-resources.md
# ARCHITECTURES: for which (all the addon is built for). JOBS: how many compilers at a time (2).
set -eu
cd "$(dirname "$0")/.."
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
architectures="${ARCHITECTURES:-75 80 86 89 90a 100 120}"

compile() { # file
  name=$(basename "$1" .cu)
  targets=""
  for architecture in $architectures; do targets="$targets -gencode arch=compute_$architecture,code=sm_$architecture"; done
  # shellcheck disable=SC2086 # several words
  nvcc -std=c++17 -O3 -Iinclude -Isrc $targets -Xptxas -v -c "$1" -o "$work/$name.o" >"$work/$name.log" 2>&1 ||
    { cat "$work/$name.log" >&2; touch "$work/failed"; }
}

running=0
for file in src/cuda/*/*.cu; do
  compile "$file" &
  running=$((running + 1))
  if [ "$running" -ge "${JOBS:-2}" ]; then wait; running=0; fi
done
wait
[ ! -e "$work/failed" ]

echo '# Kernels and what they take'
echo
echo "Made by \`native/tools/resources.sh\` with $(nvcc --version | sed -n 's/.*release \([^,]*\),.*/nvcc \1/p') for compute capability $(echo $architectures | sed 's/ /, /g')."
echo 'Per architecture: registers, and in brackets bytes of spills (stores + loads) where there are any; a dash where a kernel is not built.'
echo 'Shared memory: static bytes; dynamic comes on top. A kernel that an architecture cannot run is a trap there and takes next to nothing.'
echo
echo "| file | kernel | shared | $(echo $architectures | sed 's/ / | /g') |"
echo "| --- | --- | --- |$(for a in $architectures; do printf ' --- |'; done)"
for file in src/cuda/*/*.cu; do
  name=$(basename "$file" .cu)
  awk -v file="$name" '
    /Compiling entry function/ { split($0, quote, "\047"); kernel = quote[2]; arch = substr(quote[4], 4) }
    /bytes spill/ { match($0, /[0-9]+ bytes spill stores/); stores = substr($0, RSTART) + 0; match($0, /[0-9]+ bytes spill loads/); spills = stores + substr($0, RSTART) }
    /Used [0-9]+ registers/ { match($0, /[0-9]+ registers/); registers = substr($0, RSTART) + 0; shared = 0
      if (match($0, /[0-9]+ bytes smem/)) shared = substr($0, RSTART) + 0
      print file, kernel, arch, registers, spills, shared }' "$work/$name.log"
done | c++filt -p | awk -v list="$architectures" '
  { # a demangled name may hold spaces: the four numbers stand at the end
    arch = $(NF - 3); kernel = ""
    for (i = 2; i <= NF - 4; ++i) kernel = kernel (i > 2 ? " " : "") $i
    gsub(/heirloom::cuda::|\(anonymous namespace\)::/, "", kernel); sub(/^void /, "", kernel); gsub(/\|/, "\\|", kernel)
    id = $1 " | `" kernel "`"
    if (!(id in seen)) { seen[id] = 1; order[++n] = id }
    value[id, arch] = $(NF - 2) ($(NF - 1) > 0 ? " (" $(NF - 1) ")" : ""); shared[id] = $NF > shared[id] ? $NF : shared[id] + 0 }
  END {
    count = split(list, archs, " ")
    for (i = 1; i <= n; ++i) {
      line = "| " order[i] " | " shared[order[i]] " |"
      for (j = 1; j <= count; ++j) line = line " " ((order[i], archs[j]) in value ? value[order[i], archs[j]] : "-") " |"
      print line
    }
  }'
