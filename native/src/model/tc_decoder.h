// FlashVSR's tiny conditional decoder: one latent and its four low-quality frames become four pictures. Sequential, with memory.
#pragma once
#include <array>
#include <vector>

#include "ops.h"
#include "weight_file.h"

namespace heirloom {

struct TcState {
  std::array<Tensor, 9> past;                         // every memory block's input at the step before; undefined: zeros
};

class TcDecoder {
 public:
  TcDecoder(Ops& ops, const Weights& weights, int64_t latent_channels);
  // latent [H/8, W/8, C], condition: 4 pictures [3, H, W] in [-1, 1] -> 4 pictures [3, H, W], about [-1, 1], not clamped
  std::vector<Tensor> forward(Ops& ops, const Tensor& latent, const std::vector<Tensor>& condition, TcState& state) const;
  std::array<int64_t, 4> channels() const { return {conv1_.out, conv10_.out, conv16_.out, conv22_.out}; }

 private:
  struct MemBlock {
    ConvWeight conv0, conv2, conv4;
  };
  Tensor remember(Ops& ops, size_t first, Tensor x, TcState& state) const;

  ConvWeight conv1_, conv3_, conv10_, conv16_, conv22_, conv24_, conv26_;
  LinearWeight grow9_, grow15_, grow21_;
  std::array<MemBlock, 9> memory_;
};

}  // namespace heirloom
