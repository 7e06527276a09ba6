#!/bin/sh
# Proves and measures the engine on a graphics card, in under nine minutes, and writes one report in markdown: every command beside what it said.
#   sh native/tools/gpu-proof.sh [BUILD_FOLDER] > report.md
# BUILD_FOLDER: built already, with CUDA; else one is made in OUT. OUT: where logs go (a new folder under TMPDIR). CARD: which one (0).
# WEIGHTS: a folder of FlashVSR as heirloom-models --import makes it; else random numbers of the full size, which take 11 GB of disk.
# TINY: the public golden flashvsr-tiny, where it does not lie in shared/goldens beside the repository.
# Exit status: 0 all bars hold, 1 one does not or a step failed, 2 there is no card. Steps that cannot run say so and do not fail.
set -u
root=$(cd "$(dirname "$0")/../.." && pwd)
card=${CARD:-0}

if ! command -v nvidia-smi >/dev/null 2>&1 || ! nvidia-smi -i "$card" --query-gpu=name --format=csv,noheader >/dev/null 2>&1; then
  echo "There is no NVIDIA graphics card $card with a working driver here (nvidia-smi finds none), so nothing was measured." >&2
  exit 2
fi

started=$(date +%s)
total=${TOTAL:-525}                                   # seconds for everything
OUT=${OUT:-$(mktemp -d)}
mkdir -p "$OUT"
OUT=$(cd "$OUT" && pwd)
failures=0
export CUDA_VISIBLE_DEVICES="$card"                   # below it is cuda:0 for every program
# What is made here goes; the logs stay.
trap 'kill "${making:-}" 2>/dev/null; rm -rf "$OUT/weights" "$OUT/made"' EXIT

left() { echo $((started + total - $(date +%s))); }
fail() { failures=$((failures + 1)); echo "**Failed: $***"; }

# Words as a shell would have to be given them.
quoted() {
  for word; do
    case $word in
      *[!A-Za-z0-9_./:=,+-]*) printf " '%s'" "$word" ;;
      *) printf ' %s' "$word" ;;
    esac
  done
}

# step NAME SECONDS COMMAND...: runs it in its time and keeps what it says in OUT/NAME.log. Returns its status.
step() {
  name=$1 limit=$2
  shift 2
  echo
  echo "### $name"
  echo
  echo "   $(quoted "$@")"
  echo
  rest=$(left)
  if [ "$rest" -lt 5 ]; then echo "Not run: the time is over."; return 3; fi
  [ "$limit" -gt "$rest" ] && limit=$rest
  before=$(date +%s)
  timeout -k 5 "$limit" "$@" >"$OUT/$name.log" 2>&1
  status=$?
  taken=$(($(date +%s) - before))
  if [ $status -eq 124 ] || [ $status -eq 137 ]; then fail "$name did not end in $limit seconds"
  elif [ $status -ne 0 ]; then fail "$name ended with status $status after $taken s"
  else echo "Done in $taken s."; fi
  return $status
}
# show NAME LINES [PATTERN]: the last lines of a step, those with the pattern.
show() {
  [ -e "$OUT/$1.log" ] || return 0
  echo
  echo '```'
  grep -E "${3:-.}" "$OUT/$1.log" | tail -n "$2" | sed "s|$OUT/||g; s|$root/||g"
  echo '```'
}
# bar WHAT VALUE least|most BAR
bar() {
  if [ -z "$2" ]; then fail "$1: no value"
  elif awk -v value="$2" -v bar="$4" -v way="$3" 'BEGIN { exit !(way == "least" ? value >= bar : value <= bar) }'; then echo "- $1: $2, at $3 $4: holds"
  else echo "- $1: $2, at $3 $4: does not hold"; fail "$1"; fi
}
# Those with the word, of the lines of heirloom-bench on standard input: the frames per second of the first.
rate_of() { grep -F "$1" | sed -n 's/.* \([0-9.]*\) frames\/s.*/\1/p' | head -n 1; }

gpu=$(nvidia-smi -i "$card" --query-gpu=name --format=csv,noheader)
capability=$(nvidia-smi -i "$card" --query-gpu=compute_cap --format=csv,noheader | tr -d '. ')
architecture=$capability
[ "$capability" = 90 ] && architecture=90a

echo "# Heirloom on $gpu"
echo
echo "$(date -u '+%Y-%m-%d %H:%M') UTC, commit $(git -C "$root" rev-parse --short HEAD 2>/dev/null || echo unknown), compute capability $capability."
step facts 15 nvidia-smi -i "$card" --query-gpu=name,driver_version,memory.total,memory.used,clocks.max.sm,clocks.max.mem,power.limit,ecc.mode.current,mig.mode.current,temperature.gpu --format=csv
show facts 3

echo
echo '## Build'
if [ $# -ge 1 ]; then
  build=$(cd "$1" && pwd) || exit 1
  echo
  echo "The one in $1, as it was given."
elif ! command -v nvcc >/dev/null 2>&1; then
  echo
  fail 'there is no nvcc and no build folder was given'
  exit 1
else
  build=$OUT/build
  step configure 40 cmake -S "$root/native" -B "$build" -DHL_CUDA=ON -DHL_ADDON=OFF -DHL_TESTS=OFF -DHL_CARD_TESTS=ON "-DHL_CUDA_ARCHITECTURES=$architecture-real" || { show configure 20; exit 1; }
  step build 200 cmake --build "$build" --parallel "$(nproc)" || { show build 20; exit 1; }
fi
for tool in compare bench models random_weights; do
  [ -x "$build/heirloom-$tool" ] || { echo; fail "$build has no heirloom-$tool"; exit 1; }
done

# The weights are made while the goldens run.
weights=${WEIGHTS:-}
if [ -z "$weights" ]; then
  if [ "$(df -Pk "$OUT" | awk 'NR == 2 { print $4 }')" -gt 12000000 ]; then
    weights=$OUT/made
    mkdir -p "$OUT/weights"
    (timeout 150 "$build/heirloom-random_weights" "$OUT/weights" && timeout 120 "$build/heirloom-models" "$OUT/weights" --import "$weights" --version v1.1) >"$OUT/weights.log" 2>&1 &
    making=$!
  else
    echo
    echo "$OUT has less than 12 GB free: no full-size weights, nothing of FlashVSR's speed."
  fi
fi

peak=''
echo
echo '## The yardstick: bf16 from registers and shared memory alone'
if command -v nvcc >/dev/null 2>&1; then
  if step peak-build 60 nvcc -std=c++17 -O3 "-arch=sm_$architecture" "-I$root/native/include" "-I$root/native/src" "$root/native/tools/gpu_peak.cu" "$root/native/src/check.cpp" "$root/native/src/cuda/device/kernel_times.cpp" -o "$OUT/gpu_peak" &&
    step peak 20 "$OUT/gpu_peak"; then
    peak=$(cat "$OUT/peak.log")
    echo
    echo "$peak TFLOP/s."
  else
    show peak-build 5
  fi
else
  echo
  echo 'No nvcc: the peak cannot be measured, and there are no percents of it.'
fi

echo
echo '## The kernels'"'"' own tests, on the card'
echo
if [ -x "$build/gemm_card_test" ]; then
  for test in gemm conv attention select windows kv_store frames ops weights stream stream_flashvsr; do
    timeout 30 "$build/${test}_card_test" >"$OUT/test-$test.log" 2>&1 || fail "${test}_card_test"
    echo "- $test: $(tail -n 1 "$OUT/test-$test.log")"
  done
else
  echo 'Not built (HL_CARD_TESTS).'
fi

echo
echo '## Goldens, and the card against the processor'
echo
echo "Bars are heirloom-compare's own: fp32 1e-4 relative per tap and masks 99.9 % alike, bf16 frames 38 dB. The toy has no bf16 bar: its frames leave [-1, 1]."
golden() { # NAME FOLDER PRECISION
  if [ ! -e "$2/inputs.safetensors" ]; then echo; echo "$1 in $3: not there."; return; fi
  step "golden-$1-$3" 60 "$build/heirloom-compare" "$2" --device "cuda:0 $3"
  show "golden-$1-$3" 30 '^frames|FAIL|compared|\(' # every tap stands in the log
}
fixtures=$root/test/fixtures
golden toy "$fixtures/native/flashvsr-toy" fp32
for precision in fp32 bf16; do
  golden heirloom-s "$fixtures/heirloom-s-golden" $precision
  golden heirloom-s-strength "$fixtures/heirloom-s-golden-strength" $precision
  golden flashvsr-tiny "${TINY:-$root/../shared/goldens/flashvsr-tiny}" $precision
done

echo
echo '## Operations against double precision'
echo
mkdir -p "$OUT/weights-small"
if step small-weights 20 "$build/heirloom-random_weights" "$OUT/weights-small" --small; then
  step operations 60 "$build/heirloom-compare" "$OUT/weights-small" --device 'cuda:0 fp32'
  show operations 40
fi

if [ -n "${making:-}" ]; then wait "$making" || { echo; fail 'the full-size weights could not be made'; show weights 5; weights=''; }; making=''; fi

echo
echo '## Speed, steady state, decode and encode excluded'
echo
echo 'Frames per second of the whole stream, packed frames in and out; then the stages with a moment of rest after each. Medians. Card memory: taken since before loading, beside the driver'"'"'s own.'
if [ -n "$weights" ]; then
  step speed 100 "$build/heirloom-bench" --device 'cuda:0 bf16' --model "$weights" --scale 2 --rounds 5 --peak "${peak:-0}" --size 704x384 --size 960x540
  show speed 6
  step speed-4k 60 "$build/heirloom-bench" --device 'cuda:0 bf16' --model "$weights" --scale 2 --rounds 2 --peak "${peak:-0}" --size 1920x1080 --only stream
  show speed-4k 3
  cat "$OUT/speed-4k.log" >>"$OUT/speed.log"
  step speed-least 60 "$build/heirloom-bench" --device 'cuda:0 bf16' --model "$weights" --scale 2 --rounds 3 --peak "${peak:-0}" --size 960x540 --only stream --memory 7152
  show speed-least 3
  echo
  case "$gpu" in
    *H200* | *H100*SXM* | *H100*HBM3*) floor=989 ;;
    *A100*) floor=312 ;;
    *'RTX 4090'*) floor=165 ;;
    *) floor='' ;;
  esac
  for size in 1408x768 1920x1080 3840x2160; do
    tera=$(grep -F "stream |" "$OUT/speed.log" | grep -F "$size" | sed -n 's/.* \([0-9.]*\) TFLOP.*/\1/p')
    [ -n "$tera" ] && [ -n "$floor" ] && echo "- $size: $(awk -v a="$tera" -v b="$floor" 'BEGIN { printf "%.1f", 100 * a / b }') % of the floor at the published dense bf16 peak ($floor TFLOP/s)"
  done
  case "$gpu" in
    *H200*)
      bar '768x1408, frames/s' "$(grep -F 'stream |' "$OUT/speed.log" | rate_of 1408x768)" least 40
      bar '1920x1080, frames/s' "$(grep -F 'stream |' "$OUT/speed.log" | rate_of 1920x1080)" least 20
      ;;
    *) echo '- frames per second have their bars on an H200; none here' ;;
  esac
  bar 'card memory at 1080p, MiB' "$(grep -F 'stream |' "$OUT/speed.log" | grep -F 1920x1080 | sed -n 's/.*at most \([0-9]*\) MiB.*/\1/p')" most 13351
else
  echo
  echo 'Not run: there are no full-size weights.'
fi

if step heirloom-s 40 "$build/heirloom-bench" --device 'cuda:0 bf16' --model "$root/resources/models/heirloom-s" --scale 2 --rounds 25 --size 960x540; then
  show heirloom-s 3
  echo
  fps=$(rate_of 1920x1080 <"$OUT/heirloom-s.log")
  case "$gpu" in
    *H200*) bar 'heirloom-s to 1080p, frames/s' "$fps" least 240 ;;
    *) echo "- heirloom-s to 1080p: $fps frames/s; the bar of 240 is an H200's" ;;
  esac
fi

if step kernels 60 "$build/heirloom-bench" --device 'cuda:0 bf16' --size 704x384 --scale 2 --rounds 9 --peak "${peak:-0}"; then
  show kernels 12
  echo
  if [ -n "$peak" ]; then
    bar 'largest product (LQ convolution 2), percent of peak' "$(grep -F 'conv LQ 2' "$OUT/kernels.log" | sed -n 's/.* \([0-9.]*\) % of peak.*/\1/p')" least 60
    bar 'largest matrix product (ffn up), percent of peak' "$(grep -F 'gemm ffn up' "$OUT/kernels.log" | sed -n 's/.* \([0-9.]*\) % of peak.*/\1/p')" least 60
    bar 'sparse attention, percent of peak' "$(grep -F 'attention sparse' "$OUT/kernels.log" | sed -n 's/.* \([0-9.]*\) % of peak.*/\1/p')" least 60
  fi
fi

echo
echo '## compute-sanitizer: memory on the toy, races in two tests of kernels'
if command -v compute-sanitizer >/dev/null 2>&1; then
  # What counts is the summary: heirloom-compare's own status does not, the toy's bf16 frames have no bar.
  sanitize() { # NAME SECONDS TOOL COMMAND...
    sanitized=$1 limit=$2 tool=$3
    shift 3
    step "$sanitized" "$limit" sh -c 'compute-sanitizer --report-api-errors no --tool "$0" "$@" || true' "$tool" "$@" || return
    show "$sanitized" 1 'SUMMARY'
    grep -q 'SUMMARY: 0 ' "$OUT/$sanitized.log" || fail "$tool found something in $sanitized, or did not run"
  }
  for precision in fp32 bf16; do sanitize "memcheck-$precision" 40 memcheck "$build/heirloom-compare" "$fixtures/native/flashvsr-toy" --device "cuda:0 $precision"; done
  if [ -x "$build/gemm_card_test" ]; then
    sanitize racecheck-gemm 40 racecheck "$build/gemm_card_test" 'road'
    sanitize racecheck-attention 40 racecheck "$build/attention_card_test" 'windows of 128'
  fi
else
  echo
  echo 'Not run: there is no compute-sanitizer.'
fi

echo
echo '## Counters of six large kernels'
if command -v ncu >/dev/null 2>&1; then
  metrics=gpu__time_duration.sum,sm__throughput.avg.pct_of_peak_sustained_elapsed,sm__pipe_tensor_cycles_active.avg.pct_of_peak_sustained_active,dram__throughput.avg.pct_of_peak_sustained_elapsed,lts__t_sector_hit_rate.pct,sm__warps_active.avg.pct_of_peak_sustained_active
  for kernel in 'attention sparse' 'gemm ffn up' 'gemm ffn down' 'gemm q' 'conv LQ' 'conv decoder 1/1'; do
    name=counters-$(echo "$kernel" | tr ' /' '--')
    step "$name" 20 ncu --clock-control none --metrics "$metrics" --launch-skip 3 --launch-count 1 -k 'regex:mma' "$build/heirloom-bench" --device 'cuda:0 bf16' --size 704x384 --scale 2 --rounds 1 --only "$kernel"
    show "$name" 8 '__|kernel'
  done
else
  echo
  echo 'Not run: there is no ncu.'
fi

if [ -n "$weights" ]; then
  echo
  echo '## Where the time goes'
  step times 40 env HEIRLOOM_KERNEL_TIMES=1 "$build/heirloom-bench" --device 'cuda:0 bf16' --model "$weights" --scale 2 --rounds 3 --size 704x384 --only stream
  echo
  echo '```'
  grep -E '^(stream|kernels)' "$OUT/times.log" | sort -t '|' -k 1,1r -s | awk '/^stream/ || ++n <= 45'
  echo '```'
fi

echo
echo "## Result"
echo
echo "$failures failed, $(($(date +%s) - started)) seconds. Logs: $OUT"
[ "$failures" -eq 0 ]
