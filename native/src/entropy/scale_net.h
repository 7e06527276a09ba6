// Which of the 64 Gaussian tables each symbol of a tile is coded with, out of the tile's other symbols: convolutions of 3x3 with weights of 8 bits and sums of
// 32 bits. Integers only, so that every machine finds the same tables; nothing of other tiles is looked at, beyond the border there are zeros.
#pragma once
#include <cstdint>
#include <vector>

#include "entropy/scale_level.h"

namespace heirloom::entropy {

// out = rescaled(bias + sum of weights * x, factor, shift), in 0..127, of the last layer in 0..63
struct ScaleLayer {
  int in = 0, out = 0;  // channels
  int enlarge = 1;  // 2: every place of x stands for 2x2 before the convolution
  int shift = 1;  // 1..40
  std::vector<int8_t> weights;  // [out, 3, 3, in]
  std::vector<int32_t> bias;  // [out]
  std::vector<uint16_t> factors;  // [out]
};

class ScaleNet {
 public:
  // Throws weights-unsupported where layers do not fit together, or a sum could leave 32 bits.
  explicit ScaleNet(std::vector<ScaleLayer> layers);

  const std::vector<ScaleLayer>& layers() const { return layers_; }
  int in() const { return layers_.front().in; }
  int out() const { return layers_.back().out; }
  int enlargement() const { return enlargement_; }
  // symbols [rows, columns, in], kept in -127..127 -> [rows * enlargement, columns * enlargement, out], each 0..63
  std::vector<uint8_t> indices(const std::vector<int16_t>& symbols, int rows, int columns) const;
  // The same by the plain loops, whatever instructions there are: what a writer checks its bytes with.
  std::vector<uint8_t> portable_indices(const std::vector<int16_t>& symbols, int rows, int columns) const;

 private:
  std::vector<uint8_t> indices_by(ScaleSums sums, const std::vector<int16_t>& symbols, int rows, int columns) const;

  std::vector<ScaleLayer> layers_;
  std::vector<std::vector<int16_t>> packed_;  // weights by layer, as scale_level.h reads them
  std::vector<std::vector<int32_t>> bias_;  // to a whole number of vectors
  int enlargement_ = 1;
};

}  // namespace heirloom::entropy
