#include "cuda/retention/retention.h"

namespace heirloom::HL_CUDA {

namespace {

constexpr int kThreads = 128;
constexpr int kQueries = 16;  // of one block; a chunk is a whole number of them
constexpr int kGroup = 64;  // keys at a time
static_assert(kRetentionChunk % kQueries == 0, "a block's queries are of one chunk");

__device__ inline float read_row(const HeadRows& rows, int64_t sequence, int head, int64_t token, int channel) {
  return read1(rows.values, sequence * rows.of_sequence + head * rows.of_head + token * rows.of_token + channel);
}

// rows [count, width] of tokens first .. into `to`, rows `pitch` apart.
__device__ inline void fetch(const HeadRows& rows, int64_t sequence, int head, int64_t first, int count, int width,
                             float* to, int pitch) {
  for (int at = static_cast<int>(threadIdx.x); at < count * width; at += kThreads)
    to[at / width * pitch + at % width] = read_row(rows, sequence, head, first + at / width, at % width);
}

// What query i is to have of key j.
__device__ inline float share_of(const Retain& r, int head, int64_t i, int64_t j) {
  if (r.sight != Sight::frame) return i < j ? 0.0f : exp2f(static_cast<float>(i - j) * r.log_decay.at[head]);
  const int last = r.side * r.side, a = static_cast<int>(i), b = static_cast<int>(j);
  if (a == last || b == last) return 1.0f;
  const int down = abs(a / r.side - b / r.side), across = abs(a % r.side - b % r.side);
  return exp2f(static_cast<float>(down + across) * r.log_decay.at[head]);
}

// One block per head and kQueries of its queries: scores of kGroup keys, then their values, summed in shared memory.
__global__ void retain_kernel(Retain r, int64_t blocks) {
  HL_DYNAMIC_SHARED(float, room);
  const int64_t item = blockIdx.x / blocks, first = blockIdx.x % blocks * kQueries;
  const int64_t sequence = item / r.heads;
  const int head = static_cast<int>(item % r.heads), dk = r.dk, dv = r.dv;
  const int queries = static_cast<int>(min(static_cast<int64_t>(kQueries), r.tokens - first));
  const int64_t chunk = first / kRetentionChunk;
  float *q = room, *k = q + kQueries * dk, *v = k + kGroup * (dk + 1), *scores = v + kGroup * dv,
        *sums = scores + kQueries * kGroup;
  fetch(r.q, sequence, head, first, queries, dk, q, dk);
  __syncthreads();
  const int64_t chunks = (r.tokens + kRetentionChunk - 1) / kRetentionChunk;
  const float* state = r.state ? r.state + (r.sight == Sight::chunk ? item * chunks + chunk : item) * dk * dv : nullptr;
  for (int at = static_cast<int>(threadIdx.x); at < queries * dv; at += kThreads) {
    const int i = at / dv;
    float sum = 0;
    if (state) {
      for (int c = 0; c < dk; ++c) sum = fmaf(q[i * dk + c], state[c * dv + at % dv], sum);
      const float steps = static_cast<float>(first + i - chunk * kRetentionChunk + 1);
      sum *= r.sight == Sight::frame ? r.decay.at[head] : exp2f(steps * r.log_decay.at[head]);
    }
    sums[at] = sum;
  }
  const int64_t from = r.sight == Sight::chunk ? chunk * kRetentionChunk : 0,
                to = r.sight == Sight::frame ? r.tokens : first + queries;
  for (int64_t group = from; group < to; group += kGroup) {
    const int keys = static_cast<int>(min(static_cast<int64_t>(kGroup), to - group));
    __syncthreads();
    fetch(r.k, sequence, head, group, keys, dk, k, dk + 1);
    fetch(r.v, sequence, head, group, keys, dv, v, dv);
    __syncthreads();
    for (int at = static_cast<int>(threadIdx.x); at < queries * keys; at += kThreads) {
      const int i = at / keys, j = at % keys;
      float score = 0;
      for (int c = 0; c < dk; ++c) score = fmaf(q[i * dk + c], k[j * (dk + 1) + c], score);
      scores[i * kGroup + j] = score * share_of(r, head, first + i, group + j);
    }
    __syncthreads();
    for (int at = static_cast<int>(threadIdx.x); at < queries * dv; at += kThreads) {
      float sum = sums[at];
      for (int j = 0; j < keys; ++j) sum = fmaf(scores[at / dv * kGroup + j], v[j * dv + at % dv], sum);
      sums[at] = sum;
    }
  }
  for (int at = static_cast<int>(threadIdx.x); at < queries * dv; at += kThreads)
    write1(r.out.values,
           sequence * r.out.of_sequence + head * r.out.of_head + (first + at / dv) * r.out.of_token + at % dv,
           sums[at]);
}

// One block per head and chunk; every thread has some of the sums.
__global__ void sums_kernel(RetentionSums s, int64_t chunks) {
  HL_DYNAMIC_SHARED(float, room);
  const int64_t item = blockIdx.x / chunks, first = blockIdx.x % chunks * s.length, sequence = item / s.heads;
  const int head = static_cast<int>(item % s.heads), dk = s.dk, dv = s.dv;
  const int64_t end = min(first + s.length, s.tokens);
  float *k = room, *v = k + kGroup * dk, *out = s.out + static_cast<int64_t>(blockIdx.x) * dk * dv;
  for (int64_t group = first; group < end; group += kGroup) {
    const int keys = static_cast<int>(min(static_cast<int64_t>(kGroup), end - group));
    __syncthreads();
    fetch(s.k, sequence, head, group, keys, dk, k, dk);
    fetch(s.v, sequence, head, group, keys, dv, v, dv);
    __syncthreads();
    for (int at = static_cast<int>(threadIdx.x); at < dk * dv; at += kThreads) {
      float sum = group == first ? 0.0f : out[at];
      for (int j = 0; j < keys; ++j) {
        const float left = exp2f(static_cast<float>(end - 1 - group - j) * s.log_decay.at[head]);
        sum = fmaf(k[j * dk + at / dv] * left, v[j * dv + at % dv], sum);
      }
      out[at] = sum;
    }
  }
}

// One thread per number of a state.
__global__ void scan_kernel(RetentionScan s, int64_t count) {
  const int64_t at = static_cast<int64_t>(blockIdx.x) * kThreads + threadIdx.x;
  if (at >= count) return;
  const int64_t item = at / s.size, inside = at % s.size;
  const int head = static_cast<int>(item % s.heads);
  float sum = s.state ? s.state[at] : 0.0f;
  for (int64_t chunk = 0; chunk < s.chunks; ++chunk) {
    const int64_t of_chunk = (item * s.chunks + chunk) * s.size + inside;
    if (s.before) s.before[of_chunk] = sum;
    sum = fmaf(chunk + 1 == s.chunks ? s.last.at[head] : s.decay.at[head], sum, s.sums[of_chunk]);
  }
  s.after[at] = sum;
}

// One block per head, one thread per column of its state.
__global__ void recur_kernel(Recur r) {
  HL_SHARED(float[kMaxHeadWidth * kMaxHeadWidth], state);
  HL_SHARED(float[2 * kMaxHeadWidth], row);
  const int64_t item = blockIdx.x, sequence = item / r.heads;
  const int head = static_cast<int>(item % r.heads), column = static_cast<int>(threadIdx.x), dk = r.dk, dv = r.dv;
  float* const kept = r.state + item * dk * dv;
  if (column < dv)
    for (int c = 0; c < dk; ++c) state[c * dv + column] = kept[c * dv + column];
  for (int64_t n = 0; n < r.tokens; ++n) {
    __syncthreads();
    if (column < dk) {
      row[column] = read_row(r.k, sequence, head, n, column);
      row[kMaxHeadWidth + column] = read_row(r.q, sequence, head, n, column);
    }
    __syncthreads();
    if (column >= dv) continue;
    const float v = read_row(r.v, sequence, head, n, column), decay = r.decay.at[head];
    float sum = 0;
    for (int c = 0; c < dk; ++c) {
      const float now = fmaf(row[c], v, decay * state[c * dv + column]);
      state[c * dv + column] = now;
      sum = fmaf(row[kMaxHeadWidth + c], now, sum);
    }
    write1(r.out.values, sequence * r.out.of_sequence + head * r.out.of_head + n * r.out.of_token + column, sum);
  }
  if (column < dv)
    for (int c = 0; c < dk; ++c) kept[c * dv + column] = state[c * dv + column];
}

__global__ void cut_kernel(Values x, Values serial, WindowsOfTokens windows, int channels, int64_t count, Values out) {
  const int64_t at = static_cast<int64_t>(blockIdx.x) * kThreads + threadIdx.x;
  if (at >= count) return;
  const int64_t row = at / channels, channel = at % channels;
  const int token = static_cast<int>(row % windows.tokens());
  if (token == windows.tokens() - 1) {
    write1(out, at, read1(serial, channel));
    return;
  }
  const int64_t place = windows.place_of(row / windows.tokens(), token);
  write1(out, at, place < 0 ? 0.0f : read1(x, place * channels + channel));
}

__global__ void join_kernel(Values x, WindowsOfTokens windows, int channels, int64_t count, Values out) {
  const int64_t at = static_cast<int64_t>(blockIdx.x) * kThreads + threadIdx.x;
  if (at >= count) return;
  const int64_t place = at / channels, row = place / windows.w, column = place % windows.w;
  const int64_t window = row / windows.side * windows.columns + column / windows.side,
                token = row % windows.side * windows.side + column % windows.side;
  write1(out, at, read1(x, (window * windows.tokens() + token) * channels + at % channels));
}

// One thread per pair.
__global__ void rotate_kernel(const __grid_constant__ Rotation r, int64_t count) {
  const int64_t at = static_cast<int64_t>(blockIdx.x) * kThreads + threadIdx.x;
  if (at >= count) return;
  const int pair = static_cast<int>(at % r.pairs), half = r.pairs / 2, tokens = r.side * r.side + 1;
  const int token = static_cast<int>(at / r.pairs / r.heads % tokens);
  const int position = pair < half ? token / r.side : token % r.side, angle = position * half + pair % half;
  const bool is_turned = token < tokens - 1;
  const float cos = is_turned ? r.cos[angle] : r.scale, sin = is_turned ? r.sin[angle] : 0.0f;
  const float a = read1(r.x, 2 * at), b = read1(r.x, 2 * at + 1);
  write1(r.out, 2 * at, a * cos - b * sin);
  write1(r.out, 2 * at + 1, a * sin + b * cos);
}

}  // namespace

void retain(const Retain& r, cudaStream_t stream) {
  const int64_t blocks = (r.tokens + kQueries - 1) / kQueries;
  const int floats = kQueries * (r.dk + kGroup + r.dv) + kGroup * (r.dk + 1 + r.dv);
  HL_LAUNCH(retain_kernel, static_cast<unsigned>(r.sequences * r.heads * blocks), kThreads,
            static_cast<size_t>(floats) * sizeof(float), stream, r, blocks);
}

void retention_sums(const RetentionSums& s, cudaStream_t stream) {
  const int64_t chunks = (s.tokens + s.length - 1) / s.length;
  HL_LAUNCH(sums_kernel, static_cast<unsigned>(s.sequences * s.heads * chunks), kThreads,
            static_cast<size_t>(kGroup * (s.dk + s.dv)) * sizeof(float), stream, s, chunks);
}

void retention_scan(const RetentionScan& s, cudaStream_t stream) {
  const int64_t count = s.sequences * s.heads * s.size;
  HL_LAUNCH(scan_kernel, blocks_for(count, kThreads), kThreads, 0, stream, s, count);
}

void recur(const Recur& r, cudaStream_t stream) {
  HL_LAUNCH(recur_kernel, static_cast<unsigned>(r.sequences * r.heads), kMaxHeadWidth, 0, stream, r);
}

void cut_windows(const Values& x, const Values& serial, const WindowsOfTokens& windows, int64_t count, int channels,
                 const Values& out, cudaStream_t stream) {
  const int64_t all = count * windows.tokens() * channels;
  HL_LAUNCH(cut_kernel, blocks_for(all, kThreads), kThreads, 0, stream, x, serial, windows, channels, all, out);
}

void join_windows(const Values& x, const WindowsOfTokens& windows, int channels, const Values& out,
                  cudaStream_t stream) {
  const int64_t all = static_cast<int64_t>(windows.h) * windows.w * channels;
  HL_LAUNCH(join_kernel, blocks_for(all, kThreads), kThreads, 0, stream, x, windows, channels, all, out);
}

void rotate(const Rotation& r, cudaStream_t stream) {
  const int64_t count = r.rows * r.heads * r.pairs;
  HL_LAUNCH(rotate_kernel, blocks_for(count, kThreads), kThreads, 0, stream, r, count);
}

}  // namespace heirloom::HL_CUDA
