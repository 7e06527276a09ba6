// What the families of operations of one stream of work on a card share: the stream, its memory and weights, the angles of a chunk; and what many of
// them do first and last.
#pragma once
#include <atomic>
#include <cstdint>
#include <memory>

#include "cuda/device/device.h"
#include "cuda/device/cuda_graphs.h"
#include "cuda/device/precision.h"
#include "cuda/features/rows.h"
#include "cuda/memory/frames.h"
#include "cuda/memory/pool.h"
#include "cuda/memory/weights.h"
#include "cuda/products/gemm.h"
#include "device.h"
#include "ops.h"

namespace heirloom::HL_CUDA {

// The angles of a grid, kept between the layers of one chunk.
struct RopeTable {
  Grid grid;
  Rope rope;
  int64_t t0 = -1;
  Tensor table;
};

// The stream of work; ends before the memory it works on is given back.
struct WorkStream {
  explicit WorkStream(int card);
  ~WorkStream();
  WorkStream(const WorkStream&) = delete;
  WorkStream& operator=(const WorkStream&) = delete;
  cudaStream_t stream = nullptr;
};

// Bytes that every stream of work keeps for products that are cut along K.
size_t scratch_of(const Card& card);

struct Work {
  // cancelled may be null; the caller keeps it alive.
  Work(const Card& card, const DeviceOptions& options, const std::atomic<bool>* cancelled);
  ~Work();
  Work(const Work&) = delete;
  Work& operator=(const Work&) = delete;

  const Card card;
  const DType number;  // of tokens and feature maps
  const bool has_small_products, has_small_cache,
      uses_graphs;  // large products of e4m3; DeviceOptions::small_cache; work may become graphs
  const std::atomic<bool>* cancelled;
  const std::shared_ptr<Pool> pool;
  const WorkStream own;
  CudaGraphs graphs;
  const std::shared_ptr<Frames> frames;
  LayerWeights layers;
  const std::shared_ptr<void> scratch;  // scratch_of(card) bytes
  RopeTable angles;
};

int small(int64_t n);  // throws where the kernels' sizes end
Act act_of(Activation activation);
Shape with_channels(Shape shape, int64_t channels);
Type type(const Tensor& x);  // throws for formats that the card does not compute with
Type type_of(DType dtype);
Values values(const Tensor& x, int64_t first = 0);  // from element `first` on; throws for tensors on the host
float* floats(const Tensor& x);  // throws for what is not fp32 on the card

class Family {
 public:
  explicit Family(Work& work) : work_(work) {}

 protected:
  ~Family() = default;
  void check_cancelled() const;
  void check_map(const char* op, const Tensor& x) const;
  // The caller's thread may have used another card before.
  cudaStream_t stream() const;
  Launch launch() const;
  Tensor make(const Shape& shape, DType dtype) const;
  Tensor empty(const Shape& shape) const { return make(shape, work_.number); }
  Tensor upload(const Tensor& host) const;  // MemoryOps::upload
  Tensor download(const Tensor& x) const;  // MemoryOps::download
  Tensor as(const Tensor& x, DType dtype) const;  // x in another number format; x itself if it has it
  Tensor row(const Tensor& x) const;  // a row of parameters, fp32 on the device
  Tensor norm(const Tensor& x, Norm kind, float eps, const Tensor& scale, const Tensor& shift, bool one_plus = false,
              bool then_silu = false) const;
  Work& work_;
};

std::unique_ptr<MemoryOps> make_memory(Work& work);
std::unique_ptr<ProductOps> make_products(Work& work);
std::unique_ptr<FeatureOps> make_features(Work& work);
std::unique_ptr<PictureOps> make_pictures(Work& work);
std::unique_ptr<AttentionOps> make_attention(Work& work);
std::unique_ptr<RetentionOps> make_retention(Work& work);
std::unique_ptr<MotionOps> make_motion(Work& work, ProductOps& products);

}  // namespace heirloom::HL_CUDA
