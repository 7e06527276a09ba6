// The device's way into windows and out again, run on the emulator and compared with the CPU backend.
#include "cuda/attention/windows.h"

#include <cmath>

#include "check_test.h"
#include "device_array.h"
#include "device.h"
#include "ops.h"

using namespace heirloom;
using check::DeviceArray;
using check::device::Type;
namespace device = check::device;

namespace {

Grid random_grid(check::Random& random) {
  Grid grid;
  grid.window = {1 + random.below(2), 1 + random.below(4), 1 + random.below(4)};
  grid.f = grid.window[0] * (1 + random.below(3));
  grid.h = grid.window[1] * (1 + random.below(3));
  grid.w = grid.window[2] * (1 + random.below(3));
  return grid;
}

Tensor tensor(const Shape& shape, const std::vector<float>& values) { return Tensor::of(shape, values); }
std::vector<float> values(const Tensor& t) { return {t.data(), t.data() + t.count()}; }

// One array per segment on the device, and all of them read back one after the other.
struct SegmentArrays {
  std::vector<std::unique_ptr<DeviceArray<unsigned char>>> arrays;
  device::SegmentPointers pointers;
  SegmentArrays(const Grid& grid, Type type, int64_t D) {
    for (int64_t s = 0; s < grid.segments(); ++s) {
      arrays.push_back(std::make_unique<DeviceArray<unsigned char>>(
          static_cast<size_t>(grid.per_segment() * grid.window_tokens() * D * device::size_of(type))));
      pointers.at[s] = arrays.back()->data();
    }
    pointers.count = static_cast<int>(grid.segments());
  }
  std::vector<float> host(Type type) const {
    check::Bytes all;
    for (const auto& array : arrays) {
      const check::Bytes part = array->host();
      all.insert(all.end(), part.begin(), part.end());
    }
    return check::read(type, all);
  }
};

struct RopeTable {
  DeviceArray<device::float2> table;
  RopeTable(const Grid& grid, const Rope& rope, int64_t t0)
      : table(static_cast<size_t>(device::rope_table_size(grid, rope))) {
    device::rope_table(grid, rope, t0, table.data(), nullptr);
  }
};

// Rows of D within rows of stride, as a slice of a wider product lies.
std::vector<float> spread(const std::vector<float>& x, int64_t D, int64_t stride) {
  std::vector<float> wide(x.size() / static_cast<size_t>(D) * static_cast<size_t>(stride), 1e30f);
  for (size_t i = 0; i < x.size(); ++i)
    wide[i / static_cast<size_t>(D) * static_cast<size_t>(stride) + i % static_cast<size_t>(D)] = x[i];
  return wide;
}

}  // namespace

TEST("norm, turn and partition in one pass are the CPU's three") {
  check::Random random(1);
  const auto ops = make_ops({"cpu"}, 1, nullptr);
  const Rope ropes[] = {{2, {4, 2, 6}, 10000.0}, {5, {8, 12, 12}, 100.0}, {3, {44, 42, 42}, 10000.0}};
  for (int round = 0; round < 18; ++round) {
    const Rope& rope = ropes[round % 3];
    const Type type = check::kTypes[round / 3 % 3];
    const Grid grid = random_grid(random);
    const int64_t D = rope.heads * (rope.dims[0] + rope.dims[1] + rope.dims[2]), stride = D + 8 * random.below(3),
                  t0 = random.below(2) ? random.below(2000) : 1000000;
    const float eps = 1e-6f;
    const std::vector<float> x = check::rounded(type, check::random_floats(random, grid.tokens() * D, 3)),
                             weight = check::random_floats(random, D);

    Tensor expected = ops->features.rms_norm(tensor({grid.tokens(), D}, x), tensor({D}, weight), eps);
    ops->attention.rope(expected, grid, rope, t0);
    const std::vector<float> wanted = values(ops->attention.window_partition(expected, grid));

    RopeTable table(grid, rope, t0);
    DeviceArray<unsigned char> from(check::stored(type, spread(x, D, stride)));
    DeviceArray<float> gain(weight);
    SegmentArrays out(grid, type, D);
    device::norm_rope_windows(type, from.data(), stride, D, grid, gain.data(), eps, rope, table.table.data(),
                              out.pointers, nullptr);
    const std::vector<float> ours = out.host(type);
    EXPECT(ours.size() == wanted.size());
    // The sum of squares has D roundings, the rest a dozen, and storing one more; both parts of a pair may be as large as the other.
    const double bound = (static_cast<double>(D) + 16) * 0x1p-23 + 2 * check::storage_error(type);
    for (size_t i = 0; i < ours.size(); ++i)
      EXPECT_NEAR(ours[i], wanted[i], bound * (std::fabs(wanted[i ^ 1]) + std::fabs(wanted[i]) + 1e-3));
  }
}

TEST("the turn stays exact a million latents into a stream") {
  Grid grid;
  grid.f = 2, grid.h = 8, grid.w = 8;
  const Rope rope{1, {44, 42, 42}, 10000.0};
  for (int64_t t0 : {int64_t{0}, int64_t{1022}, int64_t{1000000}, int64_t{1} << 40}) {
    RopeTable table(grid, rope, t0);
    const std::vector<device::float2> all = table.table.host();
    for (int64_t f = 0; f < 2; ++f)
      for (int i = 0; i < 22; ++i) {
        const double angle = static_cast<double>(t0 + f) * std::pow(10000.0, -2.0 * i / 44);
        const device::float2 ours = all[static_cast<size_t>(f * 22 + i)];
        EXPECT_NEAR(ours.x, std::cos(angle),
                    0x1p-24 + 1e-15 * angle);                 // one rounding to fp32, and the angle's own in double
        EXPECT_NEAR(ours.y, std::sin(angle), 0x1p-24 + 1e-15 * angle);
      }
  }
}

TEST("rope in place is the CPU's") {
  check::Random random(2);
  const auto ops = make_ops({"cpu"}, 1, nullptr);
  for (Type type : check::kTypes) {
    const Grid grid = random_grid(random);
    const Rope rope{3, {4, 2, 4}, 10000.0};
    const std::vector<float> x = check::rounded(type, check::random_floats(random, grid.tokens() * 30));
    Tensor wanted = tensor({grid.tokens(), 30}, x);
    ops->attention.rope(wanted, grid, rope, 777);
    RopeTable table(grid, rope, 777);
    DeviceArray<unsigned char> there(check::stored(type, x));
    device::rope_in_place(type, there.data(), 30, grid, rope, table.table.data(), nullptr);
    const std::vector<float> ours = check::read(type, there.host());
    for (size_t i = 0; i < ours.size(); ++i)
      EXPECT_NEAR(ours[i], wanted.data()[i], 4 * 0x1p-24 + 2 * check::storage_error(type));
  }
}

TEST("partition and merge move every token where the CPU moves it, bit for bit") {
  check::Random random(3);
  const auto ops = make_ops({"cpu"}, 1, nullptr);
  for (int round = 0; round < 24; ++round) {
    const Type type = check::kTypes[round % 3];
    const Grid grid = random_grid(random);
    const int64_t D = 1 + random.below(40), stride = D + random.below(9);  // rows of whole 16-byte pieces and others
    const std::vector<float> x = check::rounded(type, check::random_floats(random, grid.tokens() * D));
    const std::vector<float> wanted = values(ops->attention.window_partition(tensor({grid.tokens(), D}, x), grid));
    DeviceArray<unsigned char> from(check::stored(type, spread(x, D, stride))),
        back(x.size() * static_cast<size_t>(device::size_of(type)));
    SegmentArrays out(grid, type, D);
    device::window_partition(type, from.data(), stride, D, grid, out.pointers, nullptr);
    EXPECT(out.host(type) == wanted);
    DeviceArray<unsigned char> windows(check::stored(type, wanted));
    device::window_merge(type, windows.data(), D, grid, back.data(), nullptr);
    EXPECT(check::read(type, back.host()) == x);
  }
}

TEST("pooled windows have the CPU's bits") {
  check::Random random(4);
  const auto ops = make_ops({"cpu"}, 1, nullptr);
  for (int round = 0; round < 9; ++round) {
    const Type type = check::kTypes[round % 3];
    const int64_t windows = 1 + random.below(5), tokens = 1 + random.below(130), D = 1 + random.below(70);
    const std::vector<float> x = check::rounded(type, check::random_floats(random, windows * tokens * D));
    DeviceArray<unsigned char> from(check::stored(type, x));
    DeviceArray<float> out(static_cast<size_t>(windows * D));
    device::pool_blocks(type, from.data(), windows, tokens, D, out.data(), nullptr);
    EXPECT(out.host() == values(ops->attention.pool_blocks(tensor({windows, tokens, D}, x))));
  }
}

TEST("what the kernels cannot do is refused") {
  Grid grid;
  grid.f = 2, grid.h = 12, grid.w = 8;
  EXPECT(check::error_code([&] { device::window_map(grid); }) == "internal");  // 12 rows, windows of 8
  grid.h = 8;
  device::SegmentPointers two;
  two.count = 2;
  EXPECT(check::error_code([&] { device::window_partition(Type::f32, nullptr, 8, 8, grid, two, nullptr); }) ==
         "internal");
  two.count = 1;
  EXPECT(check::error_code([&] {
           device::norm_rope_windows(Type::f32, nullptr, 12, 12, grid, nullptr, 0, Rope{1, {4, 4, 4}}, nullptr, two,
                                     nullptr);
         }) == "internal");
  EXPECT(check::error_code([&] {
           device::norm_rope_windows(Type::f32, nullptr, 24, 24, grid, nullptr, 0, Rope{1, {4, 4, 4}}, nullptr, two,
                                     nullptr);
         }) == "internal");
}

TEST_MAIN
