// FlashVSR's tiny conditional decoder: one latent and its four low-quality frames become four pictures. Sequential, with memory.
#pragma once
#include <array>
#include <functional>
#include <vector>

#include "ops.h"
#include "weights/weight_file.h"

namespace heirloom {

struct TcState {
  std::array<Tensor, 9> past;  // every memory block's input at the step before; undefined: zeros. Written over in place
};

class TcDecoder {
 public:
  TcDecoder(Ops& ops, const Weights& weights, int64_t latent_channels);
  // latent [H/8, W/8, C], condition: 4 pictures [3, H, W] in [-1, 1]; gives 4 pictures [3, H, W], about [-1, 1], not clamped, each as it is made
  void forward(Ops& ops, const Tensor& latent, std::vector<Tensor> condition, TcState& state,
               const std::function<void(Tensor)>& give) const;
  // Rows of full size that the last convolutions work on at one time.
  static constexpr int64_t kBandRows = 64 + 8;
  // Pixels of half size that the last memory blocks work on at one time, about.
  static constexpr int64_t kBandPixels = 1 << 17;
  std::array<int64_t, 4> channels() const { return {conv1_.out, up10_[0].out, up16_[0].out, up22_[0].out}; }

 private:
  struct MemBlock {
    ConvWeight conv0, conv2, conv4;
  };
  Tensor remember(Ops& ops, const MemBlock& block, const Tensor& x, Tensor past) const;
  Tensor remember(Ops& ops, size_t first, Tensor x, TcState& state) const;
  Tensor finish(Ops& ops, const Tensor& x, const ConvWeight& up22) const;

  ConvWeight conv1_, conv3_, conv24_, conv26_;
  std::vector<ConvWeight> up10_, up16_, up22_;  // TGrow, upsampling and convolution in one, for each of TGrow's steps
  std::array<MemBlock, 9> memory_;
};

}  // namespace heirloom
