// The CUDA backend's ops against the CPU backend's, on the emulator: random numbers by seed, odd sizes included, in every precision.
// Numbers are multiples of 1/64, which all formats hold exactly, so that only the op's own arithmetic and the rounding of its result differ.
#include <cmath>
#include <functional>

#include "follows_cpu.h"
#include "cuda/backend.h"
#include "cuda/device/platform.h"
#include "cuda/memory/pool.h"

using namespace heirloom;
using check::difference, check::numbers;

namespace {

// What an op is given: made from the same seed on both backends.
struct Given {
  Ops& ops;
  check::Random random;
  Tensor tokens(const Shape& shape, float largest = 1.0f) {
    return ops.memory.upload_tokens(numbers(random, shape, largest));
  }
  Tensor row(int64_t n) { return ops.memory.upload(numbers(random, {n})); }
  Tensor picture(int64_t h, int64_t w) { return ops.memory.upload(numbers(random, {3, h, w})); }
  LinearWeight linear(int64_t in, int64_t out) {
    return ops.products.pack_linear(numbers(random, {out, in}), row(out));
  }
  ConvWeight conv(int64_t in, int64_t out) {
    return ops.products.pack_conv(numbers(random, {out, in, 3, 3}, 0.5f), row(out));
  }
};
using Body = std::function<Tensor(Given&)>;

Tensor run(const DeviceOptions& device, uint64_t seed, const Body& body) {
  const auto ops = make_ops(device, 1, nullptr);
  Given given = {*ops, check::Random(seed)};
  return ops->memory.download(body(given));
}

void same(const char* what, const Body& body, double fp32 = 2e-6, double steps = 1.1) {
  for (uint64_t seed = 1; seed <= 2; ++seed)
    check::follows_cpu(
        what + (", seed " + std::to_string(seed)), [&](const DeviceOptions& on) { return run(on, seed, body); }, fp32,
        steps);
}

TEST("products follow the CPU, with everything that can come after them") {
  same("linear", [](Given& g) { return g.ops.products.linear(g.tokens({37, 72}), g.linear(72, 50)); });
  same("linear, gelu",
       [](Given& g) { return g.ops.products.linear(g.tokens({9, 16}), g.linear(16, 24), Activation::gelu_tanh); });
  same("linear, gated", [](Given& g) {
    return g.ops.products.linear(g.tokens({5, 7, 40}), g.linear(40, 33),
                                 Epilogue(Activation::silu).gated(g.row(33)).plus(g.tokens({5, 7, 33})));
  });
  same("linear of fp32", [](Given& g) {
    return g.ops.products.linear(g.ops.memory.upload(numbers(g.random, {11, 24})), g.linear(24, 8));
  });
}

TEST("convolutions follow the CPU, of several maps and parts of maps, with both paddings") {
  same("conv", [](Given& g) {
    return g.ops.products.conv2d_3x3({g.tokens({9, 13, 16})}, g.conv(16, 24), Padding::zero, Activation::relu);
  });
  same("conv of parts", [](Given& g) {
    const Tensor a = g.tokens({7, 10, 24}), b = g.tokens({7, 10, 8});
    return g.ops.products.conv2d_3x3({Part(a, 8, 16), b}, g.conv(24, 20), Padding::replicate,
                                     Epilogue().prelu(g.row(20)).plus(g.tokens({7, 10, 20})));
  });
  same(
      "upsample_conv",
      [](Given& g) {
        return g.ops.products.upsample_conv3x3(
            g.tokens({4, 7, 16}), g.ops.products.pack_upsample_conv(numbers(g.random, {24, 16, 3, 3}, 0.5f), g.row(24)),
            Activation::relu);
      },
      3e-6, 4);
  same("conv, odd channels", [](Given& g) {
    return g.ops.products.conv2d_3x3({g.tokens({5, 6, 5}), g.tokens({5, 6, 6})}, g.conv(11, 3), Padding::zero,
                                     Epilogue(Activation::relu).plus(g.tokens({5, 6, 3})).last());
  });
}

TEST("norms of rows follow the CPU") {
  for (int64_t d : {48, 37, 264}) {
    same("layer_norm", [d](Given& g) { return g.ops.features.layer_norm(g.tokens({11, d}), 1e-6f); });
    same("rms_norm", [d](Given& g) { return g.ops.features.rms_norm(g.tokens({11, d}), g.row(d), 1e-6f); });
    same("channel_norm",
         [d](Given& g) { return g.ops.features.channel_norm(g.tokens({3, 5, d}), g.row(d), Activation::silu); });
    same("norm_modulate",
         [d](Given& g) { return g.ops.features.norm_modulate(g.tokens({11, d}), 1e-6f, g.row(d), g.row(d)); });
    same("norm_affine",
         [d](Given& g) { return g.ops.features.norm_affine(g.tokens({11, d}), 1e-6f, g.row(d), g.row(d)); });
  }
}

TEST("what is done number by number follows the CPU") {
  for (int64_t d : {40, 13}) {
    const Shape s = {6, 5, d};
    same("modulate", [&](Given& g) { return g.ops.features.modulate(g.tokens(s), g.row(d), g.row(d)); });
    same("affine", [&](Given& g) { return g.ops.features.affine(g.tokens(s), g.row(d), g.row(d)); });
    same("add", [&](Given& g) { return g.ops.features.add(g.tokens(s), g.tokens(s), Activation::gelu_tanh); });
    same("add_gated", [&](Given& g) { return g.ops.features.add_gated(g.tokens(s), g.tokens(s), g.row(d)); });
    for (Activation a : {Activation::none, Activation::relu, Activation::silu, Activation::gelu_tanh})
      same("activate", [&](Given& g) { return g.ops.features.activate(g.tokens(s, 8), a); });
    same("swish_gate", [&](Given& g) { return g.ops.features.swish_gate(g.tokens(s), g.tokens(s, 8)); });
    same("prelu", [&](Given& g) { return g.ops.features.prelu(g.tokens(s), g.row(d)); });
    same("soft_clamp", [&](Given& g) { return g.ops.features.soft_clamp(g.tokens(s, 8), 3.0f); });
    same("clamp", [&](Given& g) { return g.ops.features.clamp(g.tokens(s), -0.25f, 0.5f); });
    same("scale", [&](Given& g) { return g.ops.features.scale(g.tokens(s), 2.0f, -1.0f); });
    same("add of fp32 and tokens",
         [&](Given& g) { return g.ops.features.add(g.ops.memory.upload(numbers(g.random, s)), g.tokens(s)); });
  }
}

TEST("joining, cutting and stacking follow the CPU") {
  same("concat", [](Given& g) {
    return g.ops.features.concat({g.tokens({4, 3, 8}), g.tokens({4, 3, 16}), g.tokens({4, 3, 5})});
  });
  same("concat of fp32 and tokens", [](Given& g) {
    return g.ops.features.concat({g.tokens({4, 3, 8}), g.ops.memory.upload(numbers(g.random, {4, 3, 8}))});
  });
  same("slice", [](Given& g) { return g.ops.features.slice(g.tokens({7, 24}), 8, 16); });
  same("slice, odd", [](Given& g) { return g.ops.features.slice(g.tokens({7, 24}), 3, 11); });
  same("stack_rows", [](Given& g) { return g.ops.features.stack_rows({g.tokens({2, 5, 8}), g.tokens({3, 5, 8})}); });
  same("stack_rows, odd",
       [](Given& g) { return g.ops.features.stack_rows({g.tokens({1, 3}), g.tokens({2, 3}), g.tokens({1, 3})}); });
}

TEST("rearrangements of maps and pictures follow the CPU") {
  same("upsample", [](Given& g) { return g.ops.features.upsample_nearest2(g.tokens({5, 7, 16})); });
  same("upsample, odd", [](Given& g) { return g.ops.features.upsample_nearest2(g.tokens({5, 7, 3})); });
  same("pixel_unshuffle", [](Given& g) { return g.ops.features.pixel_unshuffle(g.tokens({8, 12, 6}), 4); });
  same("pixel_shuffle", [](Given& g) { return g.ops.features.pixel_shuffle(g.tokens({3, 5, 12}), 2); });
  same("picture_unshuffle", [](Given& g) {
    return g.ops.pictures.picture_unshuffle({g.picture(8, 12), g.picture(8, 12), g.picture(8, 12), g.picture(8, 12)},
                                            4);
  });
  same("picture_unshuffle of one", [](Given& g) { return g.ops.pictures.picture_unshuffle({g.picture(8, 12)}, 2); });
  same("picture_shuffle", [](Given& g) { return g.ops.pictures.picture_shuffle(g.tokens({3, 5, 48}), 4); });
  same("picture_shuffle by 1", [](Given& g) { return g.ops.pictures.picture_shuffle(g.tokens({3, 5, 3}), 1); });
  same("picture_shuffle_add",
       [](Given& g) { return g.ops.pictures.picture_shuffle_add(g.tokens({3, 5, 12}), 2, g.picture(6, 10)); });
  same("pad_edge", [](Given& g) { return g.ops.pictures.pad_edge(g.picture(7, 9), 16, 12); });
  same("crop", [](Given& g) { return g.ops.pictures.crop(g.picture(16, 12), 7, 9); });
}

TEST("operations on pictures follow the CPU in every precision alike, since pictures stay fp32") {
  same(
      "adain",
      [](Given& g) {
        return g.ops.pictures.adain(g.picture(23, 37), g.ops.features.scale(g.picture(23, 37), 0.5f, 0.1f));
      },
      2e-6, 0);
  same(
      "wavelet_colour", [](Given& g) { return g.ops.pictures.wavelet_colour(g.picture(23, 37), g.picture(23, 37)); },
      2e-6, 0);
  same(
      "recursive_mean",
      [](Given& g) { return g.ops.pictures.recursive_mean(g.picture(23, 37), g.picture(23, 37), 0.1f, 0.05f); }, 2e-6,
      0);
}

std::vector<FrameFormat> formats() {
  std::vector<FrameFormat> list;
  for (Chroma chroma : {Chroma::c420, Chroma::c422, Chroma::c444, Chroma::c411, Chroma::gray})
    for (Siting siting : {Siting::left, Siting::center, Siting::topleft})
      for (int bits : {8, 10, 16}) {
        FrameFormat f;
        f.width = 37;
        f.height = 19;
        f.bits = bits;
        f.chroma = chroma;
        f.siting = siting;
        f.matrix = static_cast<Matrix>(list.size() % 3);
        f.range = list.size() % 2 ? Range::full : Range::limited;
        list.push_back(f);
      }
  return list;
}

TEST("packed frames of every format become pictures as on the CPU, enlarged and padded") {
  const auto cpu = make_ops({"cpu"}, 1, nullptr), card = make_ops({HL_TEST_DEVICE}, 1, nullptr);
  check::Random random(3);
  int turn = 0;
  for (const FrameFormat& f : formats()) {
    std::vector<uint8_t> frame(f.bytes());
    for (size_t i = 0; i < frame.size(); ++i)
      frame[i] = static_cast<uint8_t>(f.bits == 10 && i % 2 ? random.below(4) : random.below(256));
    const int scale = 1 << turn++ % 3;
    const Tensor expected = cpu->pictures.picture_of(f, frame.data(), scale, f.height * scale + 5, f.width * scale + 3);
    EXPECT(difference(expected, card->memory.download(card->pictures.picture_of(
                                    f, frame.data(), scale, f.height * scale + 5, f.width * scale + 3))) <= 2e-6);
  }
}

TEST("pictures become packed frames as on the CPU: a code differs by one at most, and seldom") {
  const auto cpu = make_ops({"cpu"}, 1, nullptr), card = make_ops({HL_TEST_DEVICE}, 1, nullptr);
  check::Random random(4);
  for (const FrameFormat& f : formats()) {
    const Tensor picture = numbers(random, {3, f.height + 5, f.width + 11}, 1.2f);
    const auto first = card->pictures.frame_of(card->memory.upload(picture), f),
               second = card->pictures.frame_of(card->memory.upload(picture), f);  // two on their way
    std::vector<uint8_t> expected(f.bytes()), found(f.bytes()), again(f.bytes());
    cpu->pictures.frame_of(picture, f)->take(expected.data());
    first->take(found.data());
    second->take(again.data());
    EXPECT(found == again);
    size_t off = 0;
    const size_t step = f.bits > 8 ? 2 : 1, samples = f.bytes() / step;
    for (size_t i = 0; i < samples; ++i) {
      const auto code = [&](const std::vector<uint8_t>& bytes) {
        return step == 1 ? bytes[i] : bytes[2 * i] | bytes[2 * i + 1] << 8;
      };
      EXPECT(std::abs(code(expected) - code(found)) <= 1);
      off += code(expected) != code(found);
    }
    // 16-bit codes are finer than float's last bits near 1: more of them fall on the other side of a half.
    EXPECT(double(off) <= (f.bits == 16 ? 0.05 : 0.002) * double(samples) + 1);
  }
}

// A picture of blobs, and the same one moved: the vectors must be the CPU's to the last one.
TEST("pictures are carried along with the motion, block by block as on the CPU") {
  for (int sign : {1, -1})
    same(
        "motion",
        [sign](Given& g) {
          const auto blobs = [](int64_t h, int64_t w, double dy, double dx) {
            Tensor t = Tensor::heap({3, h, w});
            for (int64_t i = 0; i < t.count(); ++i)
              t.data()[i] = static_cast<float>(0.5 * std::sin(0.21 * (double(i % w) + dx)) +
                                               0.4 * std::cos(0.17 * (double(i / w % h) + dy) + double(i / w / h)));
            return t;
          };
          return g.ops.pictures.move_blocks(g.picture(40, 56),
                                            g.ops.pictures.find_motion(g.ops.memory.upload(blobs(40, 56, 3, -5)),
                                                                       g.ops.memory.upload(blobs(40, 56, 0, 0))),
                                            sign);
        },
        0, 0);
}

const Grid kGrid = {4, 4, 8, {2, 4, 4}};  // two segments of 1 x 2 windows of 32 tokens

TEST("tokens are turned, cut into windows and put together again as on the CPU") {
  same("rope", [](Given& g) {
    Tensor x = g.tokens({kGrid.tokens(), 2 * 32});
    g.ops.attention.rope(x, kGrid, {2, {12, 10, 10}}, 1000);
    return x;
  });
  same("window_partition",
       [](Given& g) { return g.ops.attention.window_partition(g.tokens({kGrid.tokens(), 24}), kGrid); });
  same("window_merge", [](Given& g) {
    return g.ops.attention.window_merge(g.tokens({kGrid.windows(), kGrid.window_tokens(), 24}), kGrid);
  });
  same(
      "norm_rope_windows",
      [](Given& g) {
        return g.ops.attention.norm_rope_windows(g.tokens({kGrid.tokens(), 2 * 32}), g.row(2 * 32), 1e-6f, kGrid,
                                                 {2, {12, 10, 10}}, 1000);
      },
      3e-6, 2);
  same(
      "norm_rope_windows, odd",
      [](Given& g) {
        return g.ops.attention.norm_rope_windows(g.tokens({kGrid.tokens(), 2 * 6}), g.row(2 * 6), 1e-6f, kGrid,
                                                 {2, {2, 2, 2}}, 1000);
      },
      3e-6, 4);
  same("pool_blocks", [](Given& g) { return g.ops.attention.pool_blocks(g.tokens({5, 32, 24})); }, 2e-6, 0);
}

SelectRule rule_of(int64_t rows, int64_t columns, int64_t topk) {
  SelectRule rule;
  rule.heads = 2;
  rule.rows = rows;
  rule.columns = columns;
  rule.local_range = 3;
  rule.topk = topk;
  return rule;
}

TEST("windows are chosen exactly as on the CPU, and attended to alike") {
  same(
      "block_probabilities",
      [](Given& g) {
        return g.ops.attention.block_probabilities(g.ops.memory.upload(numbers(g.random, {12, 64})),
                                                   {g.ops.memory.upload(numbers(g.random, {24, 64}))},
                                                   rule_of(3, 4, 40));
      },
      1e-6, 0);
  for (uint64_t seed = 1; seed <= 3; ++seed) {
    const auto kept = [seed](const DeviceOptions& device) {
      const auto ops = make_ops(device, 1, nullptr);
      check::Random random(seed);
      const Tensor q = ops->memory.upload(numbers(random, {12, 64})),
                   old = ops->memory.upload(numbers(random, {12, 64})),
                   now = ops->memory.upload(numbers(random, {12, 64}));
      return ops->attention.select_blocks(q, {old, now}, rule_of(3, 4, 60)).on_host();
    };
    const BlockMask a = kept({"cpu"}), b = kept({HL_TEST_DEVICE, "bf16"});
    EXPECT(a.first == b.first && a.key == b.key && !a.key.empty());
  }
  Grid grid;  // six windows of 16 tokens
  grid.f = 2, grid.h = 4, grid.w = 12;
  grid.window = {2, 2, 4};
  const auto attended = [grid](Given& g, bool is_merged) {
    const Tensor q = g.tokens({6, 16, 64}), k0 = g.tokens({6, 16, 64}), k1 = g.tokens({6, 16, 64}),
                 v0 = g.tokens({6, 16, 64}), v1 = g.tokens({6, 16, 64});
    BlockMask keep;
    keep.heads = 2;
    keep.queries = 6;
    keep.keys = 12;
    keep.first.push_back(0);
    for (int row = 0; row < 12; ++row) {
      for (int32_t key = 0; key < 12; ++key)
        if (row != 5 && (key + row) % 3 == 0) keep.key.push_back(key);  // row 5 keeps nothing: zeros
      keep.first.push_back(static_cast<int64_t>(keep.key.size()));
    }
    return is_merged ? g.ops.attention.block_sparse_attention_merged(q, {k0, k1}, {v0, v1}, keep, grid)
                     : g.ops.attention.block_sparse_attention(q, {k0, k1}, {v0, v1}, keep);
  };
  same(
      "block_sparse_attention", [&](Given& g) { return attended(g, false); }, 3e-6,
      4);  // probabilities are rounded too
  same("block_sparse_attention_merged", [&](Given& g) { return attended(g, true); }, 3e-6, 4);
  same(
      "cross_attention",
      [](Given& g) {
        return g.ops.attention.cross_attention(g.tokens({21, 64}), g.tokens({19, 64}), g.tokens({19, 64}), 2);
      },
      3e-6, 4);
}

TEST("a cancelled stream's next op throws, and device tensors are not read as numbers") {
  std::atomic<bool> cancelled{false};
  const auto ops = make_ops({HL_TEST_DEVICE}, 1, &cancelled);
  const Tensor x = ops->memory.zeros({4, 8});
  std::string sentence;
  EXPECT(check::error_code([&] { x.data(); }, &sentence) == "internal" &&
         sentence.find("download it first") != std::string::npos);
  cancelled = true;
  EXPECT(check::error_code([&] { ops->features.layer_norm(x, 1e-6f); }) == "cancelled");
}

TEST("memory is reused, counted, and refused with numbers") {
  const auto pool = std::make_shared<HL_CUDA::Pool>(0, size_t{4} << 20);
  void* first = nullptr;
  {
    const auto a = pool->take(1 << 20);
    first = a.get();
  }
  const auto b = pool->take((1 << 20) - 5000);
  EXPECT(b.get() == first && pool->held() == 1 << 20 && pool->peak() == 1 << 20);
  std::string sentence;
  EXPECT(check::error_code([&] { pool->take(size_t{4} << 20); }, &sentence) == "out-of-memory");
  EXPECT(sentence.find("4 MiB of memory, with 1 MiB held already of 4 MiB allowed") != std::string::npos);
}

TEST("a precision the card cannot do is refused in words; auto takes what it can") {
  if (std::string(HL_TEST_DEVICE) != "cuda-emulated") check::skip("a card cannot play an older one");
  EXPECT(device_facts({HL_TEST_DEVICE}).number == DType::bf16 &&
         device_facts({HL_TEST_DEVICE, "fp32"}).number == DType::f32 && device_facts({HL_TEST_DEVICE}).is_separate);
  HL_CUDA::device().capability = 75;
  EXPECT(device_facts({HL_TEST_DEVICE}).number == DType::f16);
  std::string sentence;
  EXPECT(check::error_code([] { make_ops({HL_TEST_DEVICE, "bf16"}, 1, nullptr); }, &sentence) == "bad-argument" &&
         sentence.find("does not compute with bf16") != std::string::npos);
  HL_CUDA::device().capability = 89;
  EXPECT(check::error_code([] { make_ops({HL_TEST_DEVICE, "int3"}, 1, nullptr); }) == "bad-argument");
}

}  // namespace

TEST_MAIN
