#include "cuda/family.h"

#include <cstdio>
#include <limits>

#include "cuda/device/kernel_times.h"

namespace heirloom::HL_CUDA {

WorkStream::WorkStream(int card) {
  check_cuda(cudaSetDevice(card), "be chosen");
  check_cuda(cudaDeviceSynchronize(), "finish loading");  // what others made before (weights) is there from now on
  check_cuda(cudaStreamCreateWithFlags(&stream, cudaStreamNonBlocking), "open a stream of work");
}

WorkStream::~WorkStream() {
  cudaStreamSynchronize(stream);
  cudaStreamDestroy(stream);
}

// For every multiprocessor two waves of the largest tile's sums.
size_t scratch_of(const Card& card) {
  return kTicketBytes + static_cast<size_t>(card.multiprocessors) * (size_t{256} << 10);
}

Work::Work(const Card& card_, const DeviceOptions& options, const std::atomic<bool>* cancelled_)
    : card(card_),
      number(number_of(precision_of(options.precision, card_))),
      has_small_products(precision_of(options.precision, card_) == Precision::fp8),
      has_small_cache(options.small_cache),
      uses_graphs(options.cuda_graphs && !options.streamed_weights && !KernelTimes::are_wanted()),
      cancelled(cancelled_),
      pool(std::make_shared<Pool>(card.index, 0)),
      own(card.index),
      graphs(own.stream),
      frames(std::make_shared<Frames>(own.stream)),
      layers(pool, own.stream, options.streamed_weights),
      scratch(pool->take(scratch_of(card))) {
  check_cuda(cudaSetDevice(card.index), "be chosen");
  check_cuda(cudaMemsetAsync(scratch.get(), 0, kTicketBytes, own.stream), "clear its scratch memory");
  pool->before_freeing([this] { graphs.interrupt(); });
}

Work::~Work() {
  pool->before_freeing(nullptr);  // tensors may keep the pool
  if (KernelTimes::are_wanted()) {
    std::fprintf(stderr, "kernels | pool: at most %zu MiB in use, %zu MiB held\n", pool->peak() >> 20,
                 pool->held() >> 20);
    KernelTimes::report();
  }
}

int small(int64_t n) {
  CHECK(n >= 0 && n <= std::numeric_limits<int>::max(), "a size of " + str(n) + " is beyond the kernels");
  return static_cast<int>(n);
}

Act act_of(Activation activation) {
  switch (activation) {
    case Activation::relu: return Act::relu;
    case Activation::silu: return Act::silu;
    case Activation::gelu_tanh: return Act::gelu;
    case Activation::prelu: return Act::prelu;
    default: return Act::none;
  }
}

Shape with_channels(Shape shape, int64_t channels) {
  shape.dims.back() = channels;
  return shape;
}

Type type_of(DType dtype) {
  switch (dtype) {
    case DType::f32: return Type::f32;
    case DType::bf16: return Type::bf16;
    case DType::f16: return Type::f16;
    default: fail("internal", std::string("the graphics card does not compute with ") + name_of(dtype));
  }
}

Type type(const Tensor& x) { return type_of(x.dtype()); }

Values values(const Tensor& x, int64_t first) {
  CHECK(x.where() == Where::device,
        "a tensor " + str(x.shape) + " on the host was given to the graphics card: upload it first");
  return {static_cast<char*>(x.raw()) + static_cast<size_t>(first) * bytes_of(x.dtype()), type_of(x.dtype())};
}

float* floats(const Tensor& x) {
  CHECK(
      x.where() == Where::device && x.dtype() == DType::f32,
      "a tensor " + str(x.shape) + " of " + name_of(x.dtype()) + " came where float32 on the graphics card is wanted");
  return static_cast<float*>(x.raw());
}

void Family::check_cancelled() const {
  if (work_.cancelled && *work_.cancelled) fail("cancelled", "The stream was cancelled.");
}

void Family::check_map(const char* op, const Tensor& x) const {
  check_cancelled();
  CHECK(x.shape.rank() == 3, std::string(op) + ": " + str(x.shape) + " is not [H, W, C]");
}

cudaStream_t Family::stream() const {
  check_cuda(cudaSetDevice(work_.card.index), "be chosen");
  return work_.own.stream;
}

Launch Family::launch() const {
  Launch on;
  on.stream = stream();
  on.capability = work_.card.capability;
  on.multiprocessors = work_.card.multiprocessors;
  on.scratch = work_.scratch.get();
  on.scratch_bytes = scratch_of(work_.card);
  return on;
}

Tensor Family::make(const Shape& shape, DType dtype) const {
  return Tensor(shape, dtype, Where::device, work_.pool->take(static_cast<size_t>(shape.count()) * bytes_of(dtype)));
}

Tensor Family::upload(const Tensor& host) const {
  if (host.where() == Where::device) return host;
  Tensor out = make(host.shape, DType::f32);
  work_.graphs.interrupt();
  stream();
  work_.frames->copy_in(out.raw(), host.data(), host.bytes());
  return out;
}

Tensor Family::download(const Tensor& x) const {
  if (x.where() == Where::host) return x;
  const Tensor floats = as(x, DType::f32);
  Tensor out = Tensor::heap(x.shape);
  work_.graphs.interrupt();
  check_cuda(cudaMemcpyAsync(out.data(), floats.raw(), out.bytes(), cudaMemcpyDeviceToHost, stream()),
             "hand over numbers");
  check_cuda(cudaStreamSynchronize(stream()), "finish its work");
  return out;
}

Tensor Family::as(const Tensor& x, DType dtype) const {
  if (x.dtype() == dtype) return x;
  Tensor out = make(x.shape, dtype);
  copy_rows(values(x), x.count(), values(out), x.count(), 1, x.count(), stream());
  return out;
}

Tensor Family::row(const Tensor& x) const { return x.where() == Where::host ? upload(x) : as(x, DType::f32); }

Tensor Family::norm(const Tensor& x, Norm kind, float eps, const Tensor& scale, const Tensor& shift, bool one_plus,
                    bool then_silu) const {
  check_cancelled();
  const Tensor a = scale.defined() ? row(scale) : scale, b = shift.defined() ? row(shift) : shift;
  Tensor out = make(x.shape, x.dtype());
  NormRows n;
  n.norm = kind;
  n.eps = eps;
  n.scale = a.defined() ? floats(a) : nullptr;
  n.shift = b.defined() ? floats(b) : nullptr;
  n.one_plus = one_plus;
  n.then_silu = then_silu;
  n.x = values(x);
  n.out = values(out);
  n.rows = x.rows();
  n.channels = small(x.channels());
  norm_rows(n, stream());
  return out;
}

}  // namespace heirloom::HL_CUDA
