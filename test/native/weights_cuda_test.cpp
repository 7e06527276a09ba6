// Weights that wait in the computer's memory: they come in time, give the same numbers, and go back on the card when a stream wants them there.
#include <array>
#include <cstring>

#include "check_test.h"
#include "test_device.h"
#include "device.h"
#include "ops.h"

using namespace heirloom;

namespace {

Tensor random_tensor(const Shape& shape, uint64_t seed) {
  check::Random random(seed);
  Tensor t = Tensor::heap(shape);
  for (int64_t i = 0; i < t.count(); ++i) t.data()[i] = random.uniform();
  return t;
}

bool equal(const Tensor& a, const Tensor& b) {
  return a.shape == b.shape && std::memcmp(a.data(), b.data(), a.bytes()) == 0;
}

struct Layers {
  std::vector<std::array<LinearWeight, 2>> weights;
  std::vector<Layer> layers;
  Layers(Ops& loader, int count) {
    for (int i = 0; i < count; ++i) {
      weights.push_back(
          {loader.products.pack_large_linear(random_tensor({32, 48}, 10 + static_cast<uint64_t>(i)), Tensor()),
           loader.products.pack_large_linear(random_tensor({48, 32}, 20 + static_cast<uint64_t>(i)), Tensor())});
      layers.push_back({weights.back()[0].weight, weights.back()[1].weight});
    }
  }
  // Twice through all layers, so that the last prepares the first.
  Tensor run(Ops& ops) const {
    Tensor x = ops.memory.upload_tokens(random_tensor({5, 48}, 1));
    for (size_t i = 0; i < 2 * layers.size(); ++i) {
      const size_t at = i % layers.size();
      ops.products.enter(layers[at], layers[(at + 1) % layers.size()]);
      x = ops.products.linear(ops.products.linear(x, weights[at][0]), weights[at][1]);
    }
    return ops.memory.download(x);
  }
  bool are_waiting() const {
    for (const Layer& layer : layers)
      for (const auto& weight : layer)
        if (!weight->is_waiting()) return false;
    return true;
  }
};

}  // namespace

TEST("layers that come one by one give the same numbers, whatever their count and the precision") {
  for (const char* precision : {"fp32", "bf16", "fp8"})
    for (int count : {1, 2, 3, 5}) {
      DeviceOptions device{HL_TEST_DEVICE, precision}, streamed = device;
      streamed.streamed_weights = true;
      const auto loader = make_ops(device, 0, nullptr);
      const Layers layers(*loader, count);
      const Tensor expected = layers.run(*loader);
      EXPECT(!layers.are_waiting());
      EXPECT(equal(layers.run(*make_ops(streamed, 0, nullptr)), expected) && layers.are_waiting());
      EXPECT(equal(layers.run(*make_ops(device, 0, nullptr)), expected) && !layers.are_waiting());
    }
}

TEST("a stream that keeps its weights on the card is not disturbed by one that lets them wait") {
  const auto whole = make_ops({HL_TEST_DEVICE, "fp32"}, 0, nullptr),
             streamed = make_ops({HL_TEST_DEVICE, "fp32", false, true}, 0, nullptr);
  const Layers layers(*whole, 3);
  const Tensor expected = layers.run(*whole);
  for (int i = 0; i < 2; ++i) EXPECT(equal(layers.run(*streamed), expected) && equal(layers.run(*whole), expected));
}

TEST("two layers lie on the card, the others do not") {
  const auto loader = make_ops({HL_TEST_DEVICE, "fp32"}, 0, nullptr);
  const Layers layers(*loader, 6);
  const auto streamed = make_ops({HL_TEST_DEVICE, "fp32", false, true}, 0, nullptr);
  const size_t before = streamed->memory.pool_bytes(), weights = loader->memory.pool_bytes();
  layers.run(*streamed);
  streamed->memory.trim();
  const size_t layer = 2 * 48 * 32 * sizeof(float);
  EXPECT(streamed->memory.pool_bytes() - before >= 2 * layer && streamed->memory.pool_bytes() - before < 3 * layer);
  EXPECT(weights - loader->memory.pool_bytes() >= 6 * layer);
}

TEST("a weight that waits is refused outside its layer's turn") {
  const auto loader = make_ops({HL_TEST_DEVICE, "fp32"}, 0, nullptr),
             streamed = make_ops({HL_TEST_DEVICE, "fp32", false, true}, 0, nullptr);
  const Layers layers(*loader, 3);
  layers.run(*streamed);
  const Tensor x = loader->memory.upload(random_tensor({5, 48}, 1));
  EXPECT(check::error_code([&] { loader->products.linear(x, layers.weights[0][0]); }) == "internal");
}

TEST_MAIN
