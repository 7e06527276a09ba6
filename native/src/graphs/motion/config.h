// The sizes of a heirloom-motion model as model.json states them, checked before anything is allocated.
#pragma once
#include <cstdint>
#include <string>

#include "ops/retention.h"
#include "weights/json.h"

namespace heirloom {

struct MotionConfig {
  static constexpr int64_t kAlign = 16, kLeast = 32;  // padded sizes: multiples of the one, at least the other
  static constexpr int64_t kCell = 8, kToken = 16, kQuarter = 4;  // pixels along a side

  std::string name, version, weights;                 // weights: a file name inside the model's folder
  int64_t quarter = 0, eighth = 0, dim = 0;           // channels of the features at 1/4, 1/8 and 1/16
  int64_t heads = 0, key_dim = 0, value_dim = 0, ffn = 0, window = 0;
  int64_t history = 0;                                // keys that the state of a gap is folded from
  double rope_base = 0;
  int64_t search = 0, local[2] = {};                  // radii of the cost volumes: 1/16; 1/8 and 1/4
  int64_t hidden = 0, flow = 0, fine = 0, residual = 0;

  // Of every head, from key to key and from token to token: 1/2, 3/4, 7/8, ...
  Decays decays() const;
};

// Throws weights-corrupt for what makes no sense, weights-unsupported for what another engine may do.
MotionConfig read_motion_config(const Json& model_json, const std::string& where);

}  // namespace heirloom
