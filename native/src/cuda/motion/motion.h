// Frames between keys on a card: plain device pointers; what is made says ops/motion.h. Flow, costs, planes and pictures are fp32, maps are in the
// stream's format. Work in cells that are not made ends at a look at the mask; their products are made and thrown away (motion_ops.cpp).
#pragma once
#include "cuda/features/values.h"

namespace heirloom::HL_CUDA {

// The cells that are made; at null: all. A map has `side` positions of a cell in either direction.
struct Mask {
  const float* at = nullptr;  // [rows, columns], 1 or 0
  int rows = 0, columns = 0, side = 1;
};

// flow: of `flow_channels` channels, from `first` on, in pixels; cells of `cell` pixels. Made in the cells and `around` cells around each, else zero.
struct Warp {
  Values x, out;  // [h, w, channels]
  const float* flow = nullptr;
  int h = 0, w = 0, channels = 0, flow_channels = 0, first = 0, cell = 1, around = 0;
  Mask mask;
};
void warp(const Warp& warp, cudaStream_t stream);

constexpr int kMaxMotions = 17;  // along one axis: a radius of 8
struct Cost {
  const float *a = nullptr, *b = nullptr;  // normed, [h, w, channels]
  float* out = nullptr;  // [h, w, motions * motions]
  int h = 0, w = 0, channels = 0, motions = 0;
  int back[kMaxMotions] = {}, ahead[kMaxMotions] = {};  // of every motion along one axis
  Mask mask;
};
void cost(const Cost& cost, cudaStream_t stream);

// cost [h, w, (2 radius + 1)^2] -> out [h, w, 2]
void expected_motion(const Values& cost, int h, int w, float scale, int radius, int cell, const Mask& mask, float* out,
                     cudaStream_t stream);
// flow [positions, 4] or null, v [positions, 2] -> out [positions, 4]
void add_motion(const float* flow, const float* v, int64_t positions, float t, float* out, cudaStream_t stream);

// Channels first .. first + channels of out [h, w, of] become x [h, w, channels], or `value` where x.data is null; zero in other cells.
struct Place {
  Values x, out;
  int h = 0, w = 0, channels = 0, first = 0, of = 0;
  float value = 0;
  Mask mask;
};
void place(const Place& place, cudaStream_t stream);
// In other cells every position of x [h, w, channels] becomes `row` (fp32, [channels]; null: zero), in place.
void fill_others(const Values& x, int h, int w, int channels, const float* row, const Mask& mask, cudaStream_t stream);

// x [h, w, channels], weights [h, w, 9 * s * s] -> out [channels, h * s, w * s]
void convex_upsample(const Values& x, const Values& weights, int h, int w, int channels, int s, const Mask& mask,
                     float* out, cudaStream_t stream);

struct Gap {
  const float *a = nullptr, *b = nullptr;  // pictures [3, H, W]
  const float* planes = nullptr;  // [6, H, W]
  const float* made = nullptr;  // a picture
  float* out = nullptr;
  int H = 0, W = 0;
  float t = 0;
  Mask mask, doubtful;
  bool is_none_doubtful = true;
};
void blend(const Gap& gap, cudaStream_t stream);
void compose(const Gap& gap, cudaStream_t stream);

// marks [H / 8, W / 8]: 1 where the keys differ, 2 where something may pass between them, else 0.   flow [H / 8, W / 8, 4]
void differing(const float* a, const float* b, const float* flow, int H, int W, float tolerance, float moves,
               float* marks, cudaStream_t stream);
// 1 in cells that differ and in those that only move, no further than three cells from one that differs; else 0.
void reached(const float* kinds, int rows, int columns, float* marks, cudaStream_t stream);
// marks of made cells whose mean of sigmoid(x[channel]) is below `least`.   x [h, w, channels], mask.side positions to a cell
void doubted(const Values& x, int w, int channels, int channel, float least, const Mask& mask, float* marks,
             cudaStream_t stream);
// 1 in made cells that are marked or beside one that is, else 0.
void widened(const float* marks, const Mask& mask, float* out, cudaStream_t stream);

}  // namespace heirloom::HL_CUDA
