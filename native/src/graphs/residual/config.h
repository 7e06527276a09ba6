// The sizes of a residual-codec model as model.json states them, checked before anything is allocated (docs/residual-codec.md).
#pragma once
#include <cstdint>
#include <string>

#include "weights/json.h"

namespace heirloom {

struct ResidualConfig {
  static constexpr int64_t kAlign = 64;  // padded sizes are multiples of it: one z
  static constexpr int64_t kQuarter = 4, kLatent = 16;  // pixels along a side of a position of the grids
  static constexpr int64_t kTile = 4;  // z along a side of a tile
  static constexpr int64_t kQualities = 64, kKnots = 8, kTimeValues = 32;

  std::string name, version, weights;  // weights: a file name inside the model's folder
  int64_t quarter = 0, hidden = 0, eighth = 0, latent = 0;  // channels
  int64_t hyper = 0, hyper_hidden = 0;
  int64_t steps = 0, denoiser = 0, denoiser_layers = 0;

  int64_t sixteenth() const { return 2 * hidden; }
  // How far away, in pixels, a pixel can still change a latent; and a latent a pixel, with or without the residual. Multiples of kAlign.
  int64_t analysis_reach() const;
  int64_t synthesis_reach(bool has_residual) const;
};

// Throws weights-corrupt for what makes no sense, weights-unsupported for what another engine may do.
ResidualConfig read_residual_config(const Json& model_json, const std::string& where);

}  // namespace heirloom
