// The scale net on a card, run on the emulator: the same tables for every symbol as on the processor, and so the same bytes, to the golden file's.
#include "cuda/entropy/scale_net.h"

#include "cpu/threads.h"
#include "device_array.h"
#include "entropy/rescale.h"
#include "side_fixture.h"

using namespace heirloom;
using namespace heirloom::entropy;
using check::DeviceArray;
namespace device = check::device;

namespace {

// symbols [tiles, rows, columns, in]
std::vector<uint8_t> on_device(const ScaleNet& net, const std::vector<int16_t>& symbols, int64_t tiles, int rows,
                               int columns) {
  DeviceArray<int16_t> z(symbols);
  auto x = std::make_unique<DeviceArray<int8_t>>(symbols.size());
  device::limit_symbols(z.data(), static_cast<int64_t>(symbols.size()), x->data(), nullptr);
  for (const ScaleLayer& l : net.layers()) {
    DeviceArray<int8_t> weights(l.weights);
    DeviceArray<int32_t> bias(l.bias);
    DeviceArray<uint16_t> factors(l.factors);
    device::ScaleConv conv;
    conv.weights = weights.data(), conv.bias = bias.data(), conv.factors = factors.data();
    conv.in = l.in, conv.out = l.out, conv.enlarge = l.enlarge, conv.shift = l.shift;
    conv.most = &l == &net.layers().back() ? kMostIndex : kMostHidden;
    auto out = std::make_unique<DeviceArray<int8_t>>(static_cast<size_t>(tiles * rows * columns) *
                                                     static_cast<size_t>(l.enlarge * l.enlarge * l.out));
    device::scale_conv(conv, x->data(), tiles, rows, columns, out->data(), nullptr);
    x = std::move(out);
    rows *= l.enlarge, columns *= l.enlarge;
  }
  const std::vector<int8_t> found = x->host();
  return {found.begin(), found.end()};
}

}  // namespace

TEST("a card finds the tables that the processor finds, of one tile and of several at once") {
  check::Random random(3);
  for (int round = 0; round < 4; ++round) {
    const int in = static_cast<int>(1 + random.below(7)), out = static_cast<int>(1 + random.below(20));
    const ScaleNet net = side::scale_net(40 + uint64_t(round), in, out);
    const int rows = static_cast<int>(1 + random.below(4)), columns = static_cast<int>(1 + random.below(4));
    std::vector<int16_t> all;
    std::vector<uint8_t> expected;
    for (int tile = 0; tile < 3; ++tile) {
      std::vector<int16_t> z;
      for (int i = 0; i < rows * columns * in; ++i)
        z.push_back(static_cast<int16_t>(random.below(6) ? random.below(41) - 20 : random.below(65536) - 32768));
      all.insert(all.end(), z.begin(), z.end());
      const std::vector<uint8_t> indices = net.indices(z, rows, columns);
      expected.insert(expected.end(), indices.begin(), indices.end());
    }
    EXPECT(on_device(net, all, 3, rows, columns) == expected);
  }
}

TEST("symbols written with tables that a card chose are the golden file, and come back out of it") {
  const SideCoder coder = side::coder(7);
  const side::Stream s = side::stream(8, coder);
  const ScaleIndices indices = [&](const std::vector<int16_t>& z, TileSize size) {
    return on_device(coder.scales(), z, 1, size.rows, size.columns);
  };
  cpu::Pool pool(1);
  const std::vector<uint8_t> file = side::golden(HL_ROOT);
  EXPECT(coder.encode(pool, s.sizes, s.tiles, indices) == file);
  const SideTiles read = coder.decode(pool, s.sizes, file.data(), file.size(), indices);
  EXPECT(read.is_whole && side::sha256(read.tiles) == side::kGoldenSymbols);
}

TEST_MAIN
