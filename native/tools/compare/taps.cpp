#include "taps.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <cstring>

namespace compare {

using namespace heirloom;

namespace {

Tensor mask_of(const BlockMask& keep) {                // [heads, queries, keys] of 0 and 1
  Tensor mask = Tensor::zeros({keep.heads, keep.queries, keep.keys});
  for (int64_t row = 0; row < keep.heads * keep.queries; ++row)
    for (int64_t i = keep.first[static_cast<size_t>(row)]; i < keep.first[static_cast<size_t>(row) + 1]; ++i)
      mask.data()[row * keep.keys + keep.key[static_cast<size_t>(i)]] = 1;
  return mask;
}

}  // namespace

Taps collect(Ops& ops, Found& found, const std::string& prefix) {
  Taps taps;
  taps.prefix = prefix;
  taps.tensor = [&ops, &found](const std::string& name, const Tensor& value) {
    found[name] = ops.memory.download(value);
  };
  taps.mask = [&found](const std::string& name, const BlockMask& keep) { found[name] = mask_of(keep); };
  return taps;
}

bool ends_with(const std::string& text, const std::string& end) {
  return text.size() >= end.size() && text.compare(text.size() - end.size(), end.size(), end) == 0;
}
bool exists(const std::string& path) {
  std::FILE* file = std::fopen(path.c_str(), "rb");
  if (file) std::fclose(file);
  return file != nullptr;
}

Tensor channels_first(const Tensor& v) {
  const int64_t f = v.shape[0], plane = v.shape[1], C = v.shape[2];
  Tensor out = Tensor::heap({1, C, f, plane});
  for (int64_t t = 0; t < f; ++t)
    for (int64_t i = 0; i < plane; ++i)
      for (int64_t c = 0; c < C; ++c) out.data()[(c * f + t) * plane + i] = v.data()[(t * plane + i) * C + c];
  return out;
}

Tensor first_and_last(const Tensor& windows) {
  Tensor out = Tensor::heap({2, windows.shape[1], windows.shape[2]});
  const size_t bytes = out.bytes() / 2;
  std::memcpy(out.data(), windows.data(), bytes);
  std::memcpy(out.data() + out.count() / 2, windows.data() + windows.count() - out.count() / 2, bytes);
  return out;
}

Tensor stride8(const std::vector<Tensor>& frames) {
  const int64_t T = static_cast<int64_t>(frames.size()), H = frames[0].shape[1], W = frames[0].shape[2];
  Tensor out = Tensor::heap({3, T, H / 8, W / 8});
  for (int64_t c = 0; c < 3; ++c)
    for (int64_t t = 0; t < T; ++t)
      for (int64_t y = 0; y < H / 8; ++y)
        for (int64_t x = 0; x < W / 8; ++x)
          out.data()[((c * T + t) * (H / 8) + y) * (W / 8) + x] =
              frames[static_cast<size_t>(t)].data()[(c * H + y * 8) * W + x * 8];
  return out;
}

Tensor to_bytes(const Tensor& picture) {
  const int64_t H = picture.shape[1], W = picture.shape[2];
  Tensor out = Tensor::heap({H, W, 3});
  for (int64_t c = 0; c < 3; ++c)
    for (int64_t i = 0; i < H * W; ++i)
      out.data()[i * 3 + c] =
          std::trunc(std::min(std::max((picture.data()[c * H * W + i] + 1.0f) * 127.5f, 0.0f), 255.0f));
  return out;
}

Tensor planes_first(const Tensor& map) {
  const int64_t plane = map.shape[0] * map.shape[1], C = map.shape[2];
  Tensor out = Tensor::heap({C, map.shape[0], map.shape[1]});
  for (int64_t i = 0; i < plane; ++i)
    for (int64_t c = 0; c < C; ++c) out.data()[c * plane + i] = map.data()[i * C + c];
  return out;
}

}  // namespace compare
