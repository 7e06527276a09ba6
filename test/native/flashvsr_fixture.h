// A FlashVSR of toy size with seeded random weights, written as a model folder: for stream tests, for the fuzzer and for the small golden.
#pragma once
#include <algorithm>
#include <cmath>
#include <cstdio>
#include <cstring>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "check_test.h"
#include "tensor.h"
#include "weights/weight_file.h"

namespace fixture {

using heirloom::Shape;
using heirloom::Tensor;
using Named = std::vector<std::pair<std::string, Tensor>>;

inline uint16_t to_bfloat(float v) {
  uint32_t bits;
  std::memcpy(&bits, &v, 4);
  return static_cast<uint16_t>((bits + 0x7fffu + (bits >> 16 & 1)) >> 16);
}

inline void write_bytes(const std::string& path, const std::string& bytes) {
  std::FILE* file = std::fopen(path.c_str(), "wb");
  if (!file || std::fwrite(bytes.data(), 1, bytes.size(), file) != bytes.size() || std::fclose(file) != 0)
    throw check::Failed{"cannot write " + path};
}

inline std::string read_bytes(const std::string& path) {
  std::FILE* file = std::fopen(path.c_str(), "rb");
  if (!file) throw check::Failed{"cannot read " + path};
  std::string bytes;
  char buffer[65536];
  for (size_t n; (n = std::fread(buffer, 1, sizeof buffer, file)) > 0;) bytes.append(buffer, n);
  std::fclose(file);
  return bytes;
}

// dtype: F32, BF16 or U8 (cut to 0..255)
inline std::string safetensors(const Named& tensors, heirloom::DType dtype,
                               const std::map<std::string, heirloom::DType>& other = {}) {
  std::string header = "{", data;
  for (const auto& item : tensors) {
    const auto own = other.find(item.first);
    const heirloom::DType type = own == other.end() ? dtype : own->second;
    const size_t begin = data.size();
    for (int64_t i = 0; i < item.second.count(); ++i) {
      const float v = item.second.data()[i];
      const uint16_t half = to_bfloat(v);
      if (type == heirloom::DType::f32) data.append(reinterpret_cast<const char*>(&v), 4);
      else if (type == heirloom::DType::bf16) data.append(reinterpret_cast<const char*>(&half), 2);
      else
        data += static_cast<char>(static_cast<uint8_t>(v > 0 ? std::min(v, 255.f) : 0.f));  // whatever is no number: 0
    }
    header += (header.size() > 1 ? ",\"" : "\"") + item.first + "\":{\"dtype\":\"" + heirloom::name_of(type) +
              "\",\"shape\":" + heirloom::str(item.second.shape) + ",\"data_offsets\":[" + std::to_string(begin) + "," +
              std::to_string(data.size()) + "]}";
  }
  header += "}";
  while (header.size() % 8) header += ' ';
  const uint64_t n = header.size();
  return std::string(reinterpret_cast<const char*>(&n), 8) + header + data;
}

struct Sizes {
  int64_t heads = 1, layers = 2, ffn = 64, text = 8, prompt = 4, freq = 16, latent = 16, hidden1 = 4, hidden2 = 6;
  int64_t decoder[4] = {8, 6, 4, 4};
};

class Maker {
 public:
  explicit Maker(uint64_t seed) : random_(seed) {}
  // Uniform around `centre`, wide enough that a row of `fan_in` such numbers keeps the size of what it multiplies.
  Tensor tensor(const Shape& shape, double fan_in, double centre = 0) {
    Tensor t = Tensor::heap(shape);
    const double width = std::sqrt(3.0 / fan_in);
    for (int64_t i = 0; i < t.count(); ++i) t.data()[i] = static_cast<float>(centre + width * random_.uniform());
    return t;
  }

 private:
  check::Random random_;
};

struct FlashVsrFiles {
  Named transformer, projection, decoder, prompt;
};

inline FlashVsrFiles make_flashvsr(uint64_t seed, const Sizes& s = {}) {
  Maker make(seed);
  FlashVsrFiles f;
  const int64_t D = 128 * s.heads;
  const double kSmall = 300;  // fan-in that makes biases and modulations about 0.1
  Named* to = &f.transformer;
  const auto put = [&](const std::string& name, const Shape& shape, double fan_in, double centre = 0) {
    to->emplace_back(name, make.tensor(shape, fan_in, centre));
  };
  const auto linear = [&](const std::string& name, int64_t out, int64_t in, double bias = 300) {
    put(name + ".weight", {out, in}, static_cast<double>(in));
    put(name + ".bias", {out}, bias);
  };
  put("patch_embedding.weight", {D, s.latent, 1, 2, 2}, static_cast<double>(4 * s.latent));
  put("patch_embedding.bias", {D}, kSmall);
  linear("text_embedding.0", D, s.text);
  linear("text_embedding.2", D, D);
  linear("time_embedding.0", D, s.freq);
  linear("time_embedding.2", D, D);
  linear("time_projection.1", 6 * D, D);
  for (int64_t i = 0; i < s.layers; ++i) {
    const std::string at = "blocks." + std::to_string(i) + ".";
    put(at + "modulation", {1, 6, D}, 3);
    for (const char* attention : {"self_attn.", "cross_attn."}) {
      for (const char* part : {"q", "k", "v", "o"}) linear(at + attention + part, D, D, 3);
      put(at + attention + "norm_q.weight", {D}, kSmall, 1.5);
      put(at + attention + "norm_k.weight", {D}, kSmall, 1.5);
    }
    put(at + "norm3.weight", {D}, kSmall, 1);
    put(at + "norm3.bias", {D}, kSmall);
    linear(at + "ffn.0", s.ffn, D);
    linear(at + "ffn.2", D, s.ffn);
  }
  put("head.modulation", {1, 2, D}, kSmall);
  linear("head.head", 4 * s.latent, D);

  to = &f.projection;
  put("conv1.weight", {s.hidden1, 768, 4, 3, 3}, 768 * 36);
  put("conv1.bias", {s.hidden1}, kSmall);
  put("norm1.gamma", {s.hidden1, 1, 1, 1}, kSmall, 1);
  put("conv2.weight", {s.hidden2, s.hidden1, 4, 3, 3}, static_cast<double>(36 * s.hidden1));
  put("conv2.bias", {s.hidden2}, kSmall);
  put("norm2.gamma", {s.hidden2, 1, 1, 1}, kSmall, 1);
  linear("linear_layers.0", D, s.hidden2);

  to = &f.decoder;
  const int64_t A = s.decoder[0], B = s.decoder[1], C = s.decoder[2], E = s.decoder[3];
  const auto conv = [&](const std::string& name, int64_t out, int64_t in, bool bias) {
    put("decoder." + name + ".weight", {out, in, 3, 3}, static_cast<double>(9 * in) / 2);
    if (bias) put("decoder." + name + ".bias", {out}, kSmall);
  };
  conv("1", A, 768 + s.latent, true);
  conv("3", A, A, false);
  put("decoder.9.conv.weight", {A, A, 1, 1}, static_cast<double>(A));
  conv("10", B, A, false);
  put("decoder.15.conv.weight", {2 * B, B, 1, 1}, static_cast<double>(B));
  conv("16", C, B, false);
  put("decoder.21.conv.weight", {2 * C, C, 1, 1}, static_cast<double>(C));
  conv("22", E, C, false);
  conv("24", E, E, false);
  conv("26", 3, E, true);
  const int64_t index[9] = {5, 6, 7, 11, 12, 13, 17, 18, 19}, width[3] = {A, B, C};
  for (int i = 0; i < 9; ++i) {
    const int64_t n = width[i / 3];
    const std::string name = std::to_string(index[i]) + ".conv.";
    conv(name + "0", n, 2 * n, true);
    conv(name + "2", n, n, true);
    conv(name + "4", n, n, true);
  }

  to = &f.prompt;
  put("context", {1, s.prompt, s.text}, 1);
  return f;
}

// A folder that Model::load understands.
inline void write_flashvsr(const std::string& folder, const FlashVsrFiles& f,
                           heirloom::DType dtype = heirloom::DType::bf16) {
  write_bytes(folder + "/dit.safetensors", safetensors(f.transformer, dtype));
  write_bytes(folder + "/lq_proj_in.safetensors", safetensors(f.projection, dtype));
  write_bytes(folder + "/tcdecoder.safetensors", safetensors(f.decoder, dtype));
  write_bytes(folder + "/prompt.safetensors", safetensors(f.prompt, dtype));
  write_bytes(folder + "/model.json",
              "{\"format\":1,\"name\":\"toy\",\"version\":\"1\",\"graph\":\"flashvsr\",\"scales\":[1,2,4],\"weights\":{"
              "\"transformer\":\"dit.safetensors\",\"projection\":\"lq_proj_in.safetensors\","
              "\"decoder\":\"tcdecoder.safetensors\",\"prompt\":\"prompt.safetensors\"},\"config\":{\"version\":\"v1."
              "1\",\"local_range\":3,\"kv_ratio\":3.0,\"topk_ratio\":0.9}}\n");
}

}  // namespace fixture
