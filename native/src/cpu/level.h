// What one instruction level (portable, AVX2, AVX-512) provides: single-threaded work on a block that a driver in kernels.cpp
// has cut out. The drivers are compiled once, for any CPU; only the functions behind this table use newer instructions.
#pragma once
#include <cstdint>

#include "kernels.h"

namespace heirloom::cpu {

// Packed operands: the N columns are cut into vectors, the vectors into panels of nearly the same width (at most max_vecs).
// A panel of kc steps is [kc][vecs * width], columns beyond N are zero; panels of one k block follow each other.
struct Panels {
  int count = 0, vecs = 0, max_vecs = 0;
  Panels(int n, int width, int most) : vecs((n + width - 1) / width), max_vecs(most) {
    count = (vecs + most - 1) / most;
  }
  int start(int panel) const { return int(int64_t(vecs) * panel / count); }  // first vector
};

// c (+)= a * b over kc steps, for `outer` groups of `rows` rows. Accumulators live in acc; when `last`, the epilogue takes them to c.
// Both may be the same place unless the epilogue's residual is c too.
struct Block {
  int outer = 1, rows = 0, n = 0, kc = 0;
  int segments = 1;  // kc is their sum; each is a run of a, a_segment apart
  const float* a = nullptr;
  int64_t a_outer = 0, lda = 0, a_segment = 0;
  const float* b = nullptr;  // panels of this k block
  float* acc = nullptr;
  int64_t acc_outer = 0, acc_row = 0;
  float* c = nullptr;
  int64_t c_outer = 0, ldc = 0;
  bool begin = true;  // nothing in acc yet
  bool last = true;
  const Epilogue* epilogue = nullptr;  // of all N columns; residual at this block's first row
  int64_t residual_outer = 0;
  int first_panel = 0, end_panel = 0;  // the panels to do; end 0: all
};

// Scores s [rows, n] (row stride ld) become e^(scale * s - m); m [rows] and l [rows] are the running maximum (of scale * s) and sum.
// o [rows, d] (stride d), made with the maximum so far, is rescaled when a new maximum comes. begin: there is nothing before.
struct SoftmaxBlock {
  float* s;
  int rows, n;
  int64_t ld;
  float scale;
  float *m, *l, *o;
  int d;
  bool begin;
};

// out[i] = sum over j of ((q_i . k_j) * shares[i][j]) v_j + into[i] * q_i^T state. The strides are between rows.
struct RetentionBlock {
  const float *q = nullptr, *k = nullptr, *v = nullptr;  // [queries, dk], [keys, dk], [keys, dv]
  int64_t q_stride = 0, k_stride = 0, v_stride = 0;
  int queries = 0, keys = 0, dk = 0, dv = 0;
  const float* shares = nullptr;  // [queries, keys]
  int64_t shares_stride = 0;
  const float* state = nullptr;  // [dk, dv], or null
  const float* into = nullptr;  // [queries]
  float* out = nullptr;
  int64_t out_stride = 0;
  float* room = nullptr;
  static int64_t pitch(int keys) { return (int64_t(keys) + 15) / 16 * 16; }
  static int64_t room_floats(int keys, int dk) { return (dk + 1) * pitch(keys); }
};

// state = decay * state + sum over j of left[j] k_j v_j^T; left null: ones; begin: the state was zero, and is not read.
struct RetentionSum {
  const float *k = nullptr, *v = nullptr;  // [keys, dk], [keys, dv]
  int64_t k_stride = 0, v_stride = 0;
  int keys = 0, dk = 0, dv = 0;
  const float* left = nullptr;  // [keys]
  float decay = 0;
  bool begin = false;
  float* state = nullptr;  // [dk, dv]
};

// Rows [y0, y1) of the recursive mean; room holds room_floats(y1 - y0, w).
struct MeanRows {
  const float *x, *m;
  float* out;  // planar [3, h, w]
  int h, w, y0, y1;
  float floor, sigma;
  float* room;
  static constexpr int kPad = 32;  // zeros at both ends of a row in room
  static int64_t pitch(int w) { return w + 2 * kPad; }
  static int64_t room_floats(int rows, int w) { return (2 * int64_t(rows) + 11) * pitch(w); }
};

struct Level {
  int width, tile_rows, max_vecs;
  // b element (n, k) at b[n * n_stride + k * k_stride], k in [k0, k0 + kc) -> panels
  void (*pack)(const float* b, int64_t n_stride, int64_t k_stride, int n, int k0, int kc, float* out);
  void (*block)(const Block& block);
  void (*copy)(const float* from, int64_t n, float* to);
  void (*copy_rows)(const float* from, int64_t from_stride, int64_t rows, int n, float* to, int64_t to_stride);

  void (*layer_norm)(const float* x, int64_t rows, int d, float eps, const float* gain, const float* bias, float one,
                     float* out);  // gain + one
  void (*rms_norm)(const float* x, int64_t rows, int d, float eps, const float* weight, float* out);
  void (*channel_norm)(const float* x, int64_t rows, int d, float floor, const float* gamma, bool then_silu,
                       float* out);
  void (*softmax)(const float* x, int64_t rows, int n, float scale, float* out);
  void (*softmax_block)(const SoftmaxBlock& block);
  void (*divide_rows)(const float* x, int rows, int d, const float* by, float* out, int64_t out_stride);
  void (*rope)(float* x, int64_t rows, int heads, int d, const float* cos, const float* sin);
  void (*retain)(const RetentionBlock& block);
  void (*retention_sum)(const RetentionSum& sum);
  void (*gelu)(const float* x, int64_t n, float* out);
  void (*silu)(const float* x, int64_t n, float* out);
  void (*relu)(const float* x, int64_t n, float* out);
  void (*exponential)(const float* x, int64_t n, float* out);
  void (*soft_clamp)(const float* x, int64_t n, float limit, float* out);
  void (*clamp)(const float* x, int64_t n, float lo, float hi, float* out);
  void (*add)(const float* x, const float* y, int64_t n, float* out);
  void (*add_gated)(const float* x, const float* y, const float* gate, int64_t rows, int d, float* out);
  void (*swish_gate)(const float* x, const float* gate, int64_t n, float* out);
  void (*prelu)(const float* x, const float* slope, int64_t rows, int d, float* out);
  void (*mean_rows)(const float* x, int rows, int d, float* out);
  // out[i] = mean of the 2 * radius + 1 (fewer at the ends) sums around i, each of `rows` samples; sums has MeanRows::kPad zeros at both ends
  void (*box_row)(const float* sums, int w, int radius, int rows, float* out);
  void (*recursive_mean)(const MeanRows& rows);
  void (*expand_f16)(const uint16_t* in, int64_t n, float* out);
  void (*expand_bf16)(const uint16_t* in, int64_t n, float* out);
  double (*peak)(int64_t rounds);  // runs register-only multiply-adds, returns how many floating-point operations
};

// What is compiled in. The AVX levels are null on other processors.
const Level* portable_level();
const Level* avx2_level();
const Level* avx512_level();
const Level& level();  // the one in use

// k steps per block. More means fewer trips of the sums to memory and back, and panels that leave L1 for L2: 384 beat 192 and 256.
struct KBlocks {
  static constexpr int kMost = 384;
  int k, count;
  explicit KBlocks(int k_) : k(k_), count(k_ > kMost ? (k_ + kMost - 1) / kMost : 1) {}
  int start(int i) const { return int(int64_t(k) * i / count); }
};

}  // namespace heirloom::cpu
