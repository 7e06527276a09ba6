#include "cuda/memory/weights.h"

#include <utility>

namespace heirloom::HL_CUDA {

namespace {

constexpr size_t kStep = 256;                         // between weights in a place
size_t rounded_up(size_t bytes) { return (bytes + kStep - 1) / kStep * kStep; }

}  // namespace

PackedProduct::PackedProduct(std::shared_ptr<Pool> pool, const HostWeight& host, cudaStream_t work)
    : pool_(std::move(pool)),
      packing_(host.packing) {
  const auto upload = [&](const void* from, size_t bytes) {
    std::shared_ptr<void> to = pool_->take(bytes);
    check_cuda(cudaMemcpyAsync(to.get(), from, bytes, cudaMemcpyHostToDevice, work), "take weights");
    check_cuda(cudaStreamSynchronize(work), "take weights");
    return to;
  };
  card_ = upload(host.bytes.data(), host.bytes.size());
  if (!host.column_scale.empty()) scale_ = upload(host.column_scale.data(), host.column_scale.size() * sizeof(float));
}

bool PackedProduct::is_waiting() const {
  std::lock_guard<std::mutex> lock(mutex_);
  return card_ == nullptr;
}

Weight PackedProduct::at(const void* place) const {
  if (place) return {place, packing_};
  std::lock_guard<std::mutex> lock(mutex_);
  CHECK(card_ != nullptr, "a weight was asked for that waits in the computer's memory: its layer was not entered");
  return {card_.get(), packing_};
}

std::shared_ptr<void> PackedProduct::on_card() const {
  std::lock_guard<std::mutex> lock(mutex_);
  if (!card_) {
    card_ = pool_->take(bytes());
    check_cuda(cudaDeviceSynchronize(), "take weights back");  // whoever had that memory before is done with it
    check_cuda(cudaMemcpy(card_.get(), waiting_.get(), bytes(), cudaMemcpyHostToDevice), "take weights back");
    waiting_ = nullptr;
  }
  return card_;
}

std::shared_ptr<void> PackedProduct::in_waiting() const {
  std::lock_guard<std::mutex> lock(mutex_);
  if (!waiting_) {
    void* pinned = nullptr;
    check_cuda(cudaHostAlloc(&pinned, bytes(), cudaHostAllocDefault),
               "pin " + str(bytes() >> 20) + " MiB of the computer's memory for weights");
    waiting_ = std::shared_ptr<void>(pinned, [](void* p) { cudaFreeHost(p); });
    check_cuda(cudaMemcpy(pinned, card_.get(), bytes(), cudaMemcpyDeviceToHost), "hand over weights");
    card_ = nullptr;
    pool_->trim();
  }
  return waiting_;
}

const PackedProduct& product_of(const char* op, const heirloom::Packed* packed) {
  const auto* mine = dynamic_cast<const PackedProduct*>(packed);
  CHECK(mine != nullptr, std::string(op) + ": the weight belongs to another backend");
  return *mine;
}

LayerWeights::LayerWeights(std::shared_ptr<Pool> pool, cudaStream_t work, bool is_streamed)
    : pool_(std::move(pool)),
      work_(work),
      is_streamed_(is_streamed) {
  if (!is_streamed_) return;
  check_cuda(cudaStreamCreateWithFlags(&copies_, cudaStreamNonBlocking), "open a stream for weights");
  for (Place& place : places_)
    for (cudaEvent_t* event : {&place.arrived, &place.left})
      check_cuda(cudaEventCreateWithFlags(event, cudaEventDisableTiming), "make an event");
}

LayerWeights::~LayerWeights() {
  if (!copies_) return;
  cudaStreamSynchronize(copies_);
  cudaStreamSynchronize(work_);
  for (Place& place : places_)
    for (cudaEvent_t event : {place.arrived, place.left})
      if (event) cudaEventDestroy(event);
  cudaStreamDestroy(copies_);
}

void LayerWeights::enter(const Layer& now, const Layer& next) {
  if (!is_streamed_) {
    for (const auto& packed : now)
      if (held_.count(packed.get()) == 0) held_[packed.get()] = {packed, product_of("a layer", packed.get()).on_card()};
    return;
  }
  if (!places_[here_].holds(now)) {
    here_ = 1 - here_;
    if (!places_[here_].holds(now)) bring(places_[here_], now);
    check_cuda(cudaStreamWaitEvent(work_, places_[here_].arrived, 0), "wait for weights");
  }
  Place& other = places_[1 - here_];
  if (!places_[here_].holds(next) && !other.holds(next)) bring(other, next);
}

// Everything that uses what lies in the place has been launched by now.
void LayerWeights::bring(Place& place, const Layer& layer) {
  size_t bytes = 0;
  for (const auto& packed : layer) bytes += rounded_up(product_of("a layer", packed.get()).bytes());
  if (bytes > place.bytes) {
    place.memory = nullptr;
    place.memory = pool_->take(bytes);
    place.bytes = bytes;
  }
  check_cuda(cudaEventRecord(place.left, work_), "bring weights");
  check_cuda(cudaStreamWaitEvent(copies_, place.left, 0), "bring weights");
  place.at.clear();
  char* to = static_cast<char*>(place.memory.get());
  for (const auto& packed : layer) {
    const PackedProduct& product = product_of("a layer", packed.get());
    const std::shared_ptr<void> from = product.in_waiting();
    held_[packed.get()] = {packed, from};
    check_cuda(cudaMemcpyAsync(to, from.get(), product.bytes(), cudaMemcpyHostToDevice, copies_), "bring weights");
    place.at[packed.get()] = to;
    to += rounded_up(product.bytes());
  }
  check_cuda(cudaEventRecord(place.arrived, copies_), "bring weights");
}

const void* LayerWeights::place_of(const heirloom::Packed* packed) const {
  if (is_streamed_) {
    const auto found = places_[here_].at.find(packed);
    if (found != places_[here_].at.end()) return found->second;
  } else {
    const auto found = held_.find(packed);
    if (found != held_.end()) return found->second.memory.get();
  }
  return nullptr;
}

}  // namespace heirloom::HL_CUDA
