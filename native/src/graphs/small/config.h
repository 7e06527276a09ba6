// The sizes of a heirloom-small model as model.json states them, checked before anything is allocated.
#pragma once
#include <array>
#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "weights/json.h"

namespace heirloom {

struct SmallConfig {
  static constexpr int64_t kUnshuffle = 4;            // the decoder works at 1/4 resolution
  static constexpr int64_t kCell = 3 * kUnshuffle * kUnshuffle,
                           kLumaCell = kUnshuffle * kUnshuffle;   // values of one place of that grid
  static constexpr int64_t kTokenFrames = 4, kTokenSize = 16;
  static constexpr int64_t kTokenCells =
      kTokenSize / kUnshuffle;   // a token covers 4 x 4 places of the 1/4 resolution grid

  std::string name, version, weights;                 // weights: a file name inside the model's folder
  std::map<int, std::string> weights_at;              // scales that have a file of their own
  std::vector<int> scales;
  int64_t embed = 0, dim = 0, heads = 0, layers = 0, ffn = 0;
  std::array<int64_t, 3> window{}, rope_dims{};
  int64_t local_range = 0, kv_segments = 0;
  double topk_per_window = 0;                         // pairs kept per query window, on average
  bool force_own_window = false;
  double rope_base = 0, layer_norm_eps = 0, mean_floor = 0, mean_sigma = 0;
  int64_t latent_channels = 0, noise_channels = 0, whiten = 0;
  int64_t decoder_channels = 0, decoder_blocks = 0, decoder_shift = 0;  // shift: channels taken from the previous frame
  bool mean_follows_motion = false;  // the mean is carried along before it takes in a frame
  bool has_neighbours = false;  // the decoder also sees the mean of what comes and the frame before
  bool has_after = false;  // and the frame after
  int64_t axes = kCell;  // of the residual's cells that the decoder makes
  bool has_strength = false, has_quantiser = false;  // one of them at most

  int64_t condition() const { return 2 * whiten; }
  int64_t neighbours() const { return has_neighbours ? (has_after ? 3 : 2) * kLumaCell : 0; }
  int64_t pad_height() const { return kTokenSize * window[1]; }  // padded sizes are multiples of these
  int64_t pad_width() const { return kTokenSize * window[2]; }
};

// Throws weights-corrupt for what makes no sense, weights-unsupported for what another engine may do.
SmallConfig read_small_config(const Json& model_json, const std::string& where);

}  // namespace heirloom
