// Matrix products of the CUDA backend, run on the emulator, against a double loop over the numbers the device was given.
#include "cuda/products/gemm.h"

#include "cuda/products/gemm_map.h"
#include "product_check.h"

using namespace check;

namespace {

struct Case {
  int64_t m;
  int n, k;
  int64_t lda;  // 0: k
};

void check_gemm(Random& r, const Card& card, Type type, const Case& c) {
  const int64_t lda = c.lda ? c.lda : c.k;
  const std::vector<float> a = rounded(type, random_floats(r, c.m * lda)),
                           w = rounded(type, random_floats(r, int64_t(c.n) * c.k));
  DeviceArray<unsigned char> a_d(stored(type, a));
  const device::HostWeight packed = device::pack_linear(w.data(), c.n, c.k, type);
  DeviceArray<unsigned char> w_d(packed.bytes);
  RandomThen then(r, c.m, c.n, r.below(2) ? type : Type::f32);
  device::gemm(card.on, c.m, a_d.data(), c.lda, {w_d.data(), packed.packing}, then.then, then.out);
  then.compare(r, c.k, [&](int64_t row, int column, double* magnitude) {
    double sum = 0;
    for (int i = 0; i < c.k; ++i) {
      const double v = double(a[size_t(row * lda + i)]) * w[size_t(int64_t(column) * c.k + i)];
      sum += v;
      *magnitude += std::fabs(v);
    }
    return sum;
  });
  EXPECT(card.has_clean_tickets());
}

const Case kCases[] = {{1, 1, 1, 0},        {3, 5, 7, 0},      {1, 64, 64, 0},     {64, 64, 64, 0},   {130, 48, 96, 0},
                       {200, 40, 200, 208}, {129, 3, 40, 0},   {128, 128, 128, 0}, {129, 136, 72, 0}, {70, 72, 33, 34},
                       {65, 256, 160, 0},   {260, 264, 64, 0}, {17, 100, 250, 0},  {256, 16, 48, 56}, {5, 520, 31, 0}};

}  // namespace

TEST("a product in fp32 equals the double loop, with every epilogue, for any size") {
  Random r(41);
  const Card card(80);
  for (const Case& c : kCases) check_gemm(r, card, Type::f32, c);
}

TEST("a product in bf16 equals the double loop over the same bf16 numbers") {
  Random r(42);
  const Card card(80);
  for (const Case& c : kCases) check_gemm(r, card, Type::bf16, c);
}

TEST("a product in fp16 equals the double loop over the same fp16 numbers, on Turing too") {
  Random r(43);
  for (int capability : {75, 80}) {
    if (!device::can_play(capability)) continue;
    const Card card(capability);
    for (const Case& c : kCases) check_gemm(r, card, Type::f16, c);
  }
}

TEST("few tiles and a long K are cut into parts whose sum is the same every time") {
  Random r(44);
  const Card card(80, 16);
  for (Type type : {Type::f32, Type::bf16}) {
    check_gemm(r, card, type, {40, 64, 4000, 0});
    check_gemm(r, card, type, {3, 24, 2048, 0});
    const int k = 3000, n = 16;
    const std::vector<float> a = random_floats(r, 8 * k), w = random_floats(r, n * k);
    DeviceArray<unsigned char> a_d(stored(type, a));
    const device::HostWeight packed = device::pack_linear(w.data(), n, k, type);
    DeviceArray<unsigned char> w_d(packed.bytes);
    std::vector<std::vector<float>> results;
    for (uint64_t order : {0, 1, 2}) {
      device::set_order(order);
      DeviceArray<float> out(8 * n);
      device::gemm(card.on, 8, a_d.data(), 0, {w_d.data(), packed.packing}, {}, {out.data(), Type::f32, 0});
      results.push_back(out.host());
    }
    device::set_order(0);
    EXPECT(results[0] == results[1] && results[0] == results[2]);
  }
}

TEST("every tile shape is chosen where it fits best, and right") {
  Random r(45);
  const struct {
    int m, n;
  } cases[] = {{128, 16}, {128, 48}, {64, 64}, {128, 128}, {128, 256}};
  for (int tile = 0; tile < 5; ++tile) {
    const int m = cases[tile].m, n = cases[tile].n;
    EXPECT(device::choose_tile(m, n, 1, 1, 0, 4) == tile);
    check_gemm(r, Card(86, 1), Type::bf16, {m, n, 160, 0});
    check_gemm(r, Card(86, 1), Type::f16, {m, n, 160, 0});
    if (device::can_play(75)) check_gemm(r, Card(75, 1), Type::f16, {m, n, 160, 0});
  }
}

TEST("Hopper's kernel, with its barriers, tensor copies and wgmma, equals the double loop") {
  if (!device::can_play(90)) skip("this card is no Hopper");
  Random r(47);
  for (int multiprocessors : {1, 3}) {
    const Card card(90, multiprocessors);
    for (const Case& c : {Case{128, 256, 64, 0}, Case{300, 256, 200, 0}, Case{129, 96, 320, 328}, Case{260, 520, 72, 0},
                          Case{1, 128, 8, 0}, Case{70, 250, 1032, 0}})
      check_gemm(r, card, Type::bf16, c);
  }
  for (uint64_t order : {1, 2}) {
    device::set_order(order);
    check_gemm(r, Card(90, 2), Type::bf16, {300, 512, 640, 0});
  }
  device::set_order(0);
}

TEST("tiles that do not fill the card are cut along K on Hopper's kernel and on the others, in any order of blocks") {
  if (!device::can_play(90)) skip("this card is no Hopper");
  Random r(48);
  EXPECT(device::choose_schedule(5, 32, 4).rest == 1 && device::choose_schedule(2, 20, 4).rest == 2);
  for (uint64_t order : {0, 1, 2}) {
    device::set_order(order);
    check_gemm(r, Card(90, 4), Type::bf16, {640, 128, 2048, 0});  // a wave of four tiles and one that is cut
    check_gemm(r, Card(90, 4), Type::bf16, {256, 120, 1280, 0});  // two tiles for four multiprocessors
    check_gemm(r, Card(80, 2), Type::bf16, {640, 128, 1024, 0});
    check_gemm(r, Card(80, 1), Type::f32, {512, 64, 640, 0});
  }
  device::set_order(0);
  check_gemm(r, Card(90, 4), Type::bf16, {640, 256, 2048, 0});  // tiles of 256 columns
}

TEST("an e4m3 product equals the double loop over the same eight bits, and costs what three bits of mantissa cost") {
  Random r(48);
  const Card card(device::can_play(89) ? 89 : 90);
  for (Type type : {Type::bf16, Type::f16, Type::f32})
    for (const Case& c : {Case{130, 100, 256, 0}, Case{17, 64, 96, 104}, Case{3, 5, 33, 0}}) {
      const int64_t lda = c.lda ? c.lda : c.k;
      const std::vector<float> x = rounded(type, random_floats(r, c.m * lda, 3)),
                               w = random_floats(r, int64_t(c.n) * c.k, 0.02f);
      DeviceArray<unsigned char> x_d(stored(type, x)), q(size_t(c.m * c.k));
      DeviceArray<float> scale(size_t(c.m));
      device::quantise_rows(card.on, c.m, c.k, x_d.data(), type, lda, q.data(), 0, scale.data());
      const device::HostWeight packed = device::pack_linear(w.data(), c.n, c.k, Type::e4m3);
      DeviceArray<unsigned char> w_d(packed.bytes);
      DeviceArray<float> column_scale(packed.column_scale);
      RandomThen then(r, c.m, c.n, Type::f32);
      then.then.row_scale = scale.data();
      then.then.column_scale = column_scale.data();
      device::gemm(card.on, c.m, q.data(), 0, {w_d.data(), packed.packing}, then.then, then.out);
      const std::vector<unsigned char> codes = q.host();
      const std::vector<float> scales = scale.host();
      const auto left = [&](int64_t row, int i) {
        return double(device::from_e4m3(codes[size_t(row * c.k + i)])) * scales[size_t(row)];
      };
      const auto right = [&](int column, int i) {
        return double(device::from_e4m3(packed.bytes[size_t(column * packed.packing.row() + i)])) *
               packed.column_scale[size_t(column)];
      };
      then.compare(r, c.k, [&](int64_t row, int column, double* magnitude) {
        double sum = 0;
        for (int i = 0; i < c.k; ++i) {
          sum += left(row, i) * right(column, i);
          *magnitude += std::fabs(left(row, i) * right(column, i));
        }
        return sum;
      });
      double signal = 0, noise = 0;
      for (int64_t row = 0; row < c.m; ++row)
        for (int column = 0; column < c.n; ++column) {
          double exact = 0, narrow = 0;
          for (int i = 0; i < c.k; ++i) {
            exact += double(x[size_t(row * lda + i)]) * w[size_t(int64_t(column) * c.k + i)];
            narrow += left(row, i) * right(column, i);
          }
          signal += exact * exact;
          noise += (exact - narrow) * (exact - narrow);
        }
      // Each factor is off by up to 1/16, evenly spread over a binade 1/16 / sqrt(3) / 1.4: about 2.6 % rms, so both together 28.7 dB.
      const double decibel = 10 * std::log10(signal / noise);
      if (c.m * c.n > 1000) EXPECT_NEAR(decibel, 28.7, 1.5);
    }
}

TEST("the residual may be the result itself") {
  Random r(46);
  const Card card(80);
  const int m = 150, n = 72, k = 64;
  for (Type type : {Type::f32, Type::bf16}) {
    const std::vector<float> a = random_floats(r, m * k), w = random_floats(r, n * k),
                             before = rounded(type, random_floats(r, m * n));
    DeviceArray<unsigned char> a_d(stored(type, a)), apart_residual(stored(type, before)),
        in_place(stored(type, before)), apart(before.size() * 4);
    const device::HostWeight packed = device::pack_linear(w.data(), n, k, type);
    DeviceArray<unsigned char> w_d(packed.bytes);
    Epilogue then;
    then.residual = apart_residual.data();
    then.residual_type = type;
    device::gemm(card.on, m, a_d.data(), 0, {w_d.data(), packed.packing}, then, {apart.data(), type, 0});
    then.residual = in_place.data();
    device::gemm(card.on, m, a_d.data(), 0, {w_d.data(), packed.packing}, then, {in_place.data(), type, 0});
    const Bytes left = apart.host(), right = in_place.host();
    EXPECT(std::equal(right.begin(), right.end(), left.begin()));
  }
}

TEST("a product refuses weights of another size or kind") {
  const Card card(75);
  DeviceArray<float> x(64);
  const std::vector<float> w(8 * 9 * 8, 1.0f);
  const device::HostWeight conv = device::pack_conv3x3(w.data(), 8, 8, Type::f16),
                           bf16 = device::pack_linear(w.data(), 8, 8, Type::bf16);
  DeviceArray<unsigned char> conv_d(conv.bytes), bf16_d(bf16.bytes);
  EXPECT(error_code([&] {
           device::gemm(card.on, 1, x.data(), 0, {conv_d.data(), conv.packing}, {}, {x.data(), Type::f32, 0});
         }) == "internal");
  EXPECT(error_code([&] {
           device::gemm(card.on, 1, x.data(), 0, {bf16_d.data(), bf16.packing}, {}, {x.data(), Type::f32, 0});
         }) == "internal");
}

TEST("narrow numbers are rounded to nearest even and come back exactly") {
  for (int code = 0; code < 256; ++code) {
    const float value = device::from_e4m3(uint8_t(code));
    if (std::isnan(value)) continue;
    EXPECT(device::to_e4m3(value) == code);
    if ((code & 0x7F) >= 0x7E) continue;
    const float next = device::from_e4m3(uint8_t(code + 1)), middle = (value + next) / 2;
    EXPECT(device::to_e4m3(middle) == (code % 2 ? code + 1 : code));
    EXPECT(device::to_e4m3(std::nextafter(middle, next)) == code + 1);
  }
  for (int code = 0; code < 65536; ++code) {
    const float value = device::from_f16(uint16_t(code));
    if (std::isnan(value) || std::isinf(value)) continue;
    EXPECT(device::to_f16(value) == code);
    if ((code & 0x7FFF) >= 0x7BFF) continue;
    const float middle = (value + device::from_f16(uint16_t(code + 1))) / 2;
    EXPECT(device::to_f16(middle) == (code % 2 ? code + 1 : code));
  }
  EXPECT(device::to_f16(1e9f) == 0x7BFF && device::to_e4m3(-1e9f) == 0xFE && device::to_bf16(1.0f + 0x1p-8f) == 0x3F80);
}

TEST_MAIN
