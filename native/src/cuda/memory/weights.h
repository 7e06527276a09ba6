// Where the weights of products are: on the card, or (a layer's, when they are streamed) in pinned memory of the computer, from where they come
// to one of two places on the card just before their layer's turn. The copies run on a stream of their own beside the work; the numbers are the
// same wherever they wait.
#pragma once
#include <memory>
#include <mutex>
#include <unordered_map>

#include "cuda/products/gemm.h"
#include "cuda/memory/pool.h"
#include "ops.h"

namespace heirloom::HL_CUDA {

// The weight of one product, shared by all streams of its model.
class PackedProduct : public heirloom::Packed {
 public:
  PackedProduct(std::shared_ptr<Pool> pool, const HostWeight& host,
                cudaStream_t work);  // work: what the pool's memory is used by
  bool is_waiting() const override;  // in the computer's memory
  Weight at(const void* place) const;  // as it is read from there; null: from its own place on the card
  // On the card, brought back if it waited; what is returned keeps it there.
  std::shared_ptr<void> on_card() const;
  // In pinned memory; its place on the card is given up, once nobody else holds it.
  std::shared_ptr<void> in_waiting() const;
  size_t bytes() const { return packing_.bytes(); }
  const float* column_scale() const {
    return static_cast<const float*>(scale_.get());
  }  // [n], e4m3 only; always on the card

 private:
  const std::shared_ptr<Pool> pool_;
  const Packing packing_;
  std::shared_ptr<void> scale_;
  mutable std::mutex mutex_;
  mutable std::shared_ptr<void> card_, waiting_;
};
const PackedProduct& product_of(const char* op, const heirloom::Packed* packed);  // throws unless it is one of ours

// The weights of the layers that one stream works with.
class LayerWeights {
 public:
  // is_streamed: layers wait in the computer's memory; else they stay on the card.
  LayerWeights(std::shared_ptr<Pool> pool, cudaStream_t work, bool is_streamed);
  ~LayerWeights();
  LayerWeights(const LayerWeights&) = delete;
  LayerWeights& operator=(const LayerWeights&) = delete;
  // Work that is launched from here on finds the weights of `now` on the card; `next` sets out.
  void enter(const Layer& now, const Layer& next);
  // Where the weight is now; null: where it has always been.
  const void* place_of(const heirloom::Packed* packed) const;

 private:
  // Room for one layer on the card.
  struct Place {
    std::shared_ptr<void> memory;
    size_t bytes = 0;
    std::unordered_map<const heirloom::Packed*, const void*> at;
    cudaEvent_t arrived = nullptr, left = nullptr;  // the copy is done; the kernels are done with what was there before
    bool holds(const Layer& layer) const { return !layer.empty() && at.count(layer.front().get()) != 0; }
  };
  void bring(Place& place, const Layer& layer);
  const std::shared_ptr<Pool> pool_;
  const cudaStream_t work_;
  const bool is_streamed_;
  cudaStream_t copies_ = nullptr;
  Place places_[2];
  size_t here_ = 0;  // the place of the layer at work
  struct Held {
    std::shared_ptr<const heirloom::Packed> weight;
    std::shared_ptr<void> memory;  // on the card, or where copies come from
  };
  std::unordered_map<const heirloom::Packed*, Held> held_;
};

}  // namespace heirloom::HL_CUDA
