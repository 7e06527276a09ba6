// A heirloom-small model folder with random weights from a seed, made in a temporary place and removed again, for the tests.
#pragma once
#include <cstdint>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <map>
#include <string>
#include <vector>

#include "check_test.h"

namespace small_fixture {

struct Sizes {
  int embed = 8, dim = 24, heads = 2, layers = 2, ffn = 40, local_range = 3, topk = 2, kv = 2, latent = 3, noise = 5,
      whiten = 6, channels = 8, blocks = 1, shift = 2;
  int rope[3] = {4, 4, 4};
  int strength = 0;  // width of the strength embedding, 0 for none
  int quantiser = 0;  // the same of a quantiser
  bool neighbours = false;  // the decoder sees the mean of what comes and the frame before
  bool after = false;  // and the frame after
  int axes = 48;  // of the residual's cells
  static Sizes shipped() {
    Sizes s;
    s.embed = 32;
    s.dim = 160;
    s.heads = 5;
    s.layers = 4;
    s.ffn = 640;
    s.topk = 8;
    s.latent = 16;
    s.noise = 16;
    s.whiten = 24;
    s.channels = 40;
    s.shift = 10;
    s.rope[0] = 8;
    s.rope[1] = 12;
    s.rope[2] = 12;
    return s;
  }
};

struct Array {
  std::vector<int64_t> shape;
  std::vector<float> values;
};
using Arrays = std::map<std::string, Array>;

inline Arrays random_weights(const Sizes& s, uint64_t seed) {
  check::Random random(seed);
  Arrays all;
  // deviation about gain / sqrt(inputs), so that values stay near 1 through the graph
  const auto add = [&](const std::string& name, std::vector<int64_t> shape, double scale, double centre = 0) {
    int64_t n = 1;
    for (int64_t d : shape) n *= d;
    Array a{std::move(shape), std::vector<float>(size_t(n))};
    for (float& v : a.values) v = float(centre + scale * 1.7 * random.uniform());
    all[name] = a;
  };
  const auto linear = [&](const std::string& name, int in, int out, double gain = 1, bool bias = true) {
    add(name + ".weight", {out, in}, gain / std::sqrt(double(in)));
    if (bias) add(name + ".bias", {out}, 0.1);
  };
  const auto conv = [&](const std::string& name, int in, int out, double gain = 1) {
    add(name + ".weight", {out, in, 3, 3}, gain / std::sqrt(9.0 * in));
    add(name + ".bias", {out}, 0.05);
  };
  const int c = 2 * s.whiten, seen = c + (s.neighbours ? s.after ? 48 : 32 : 0);
  linear("condition.whiten", 48, s.whiten, 2);
  if (s.neighbours) linear("condition.luma", 48, 16, 2);
  linear("projection.embed", 16 * c, s.embed, 2);
  conv("projection.conv", 5 * s.embed, s.dim, 2);
  linear("noise_embedding", s.noise, s.dim, 1, false);
  for (int i = 0; i < s.layers; ++i) {
    const std::string b = "blocks." + std::to_string(i) + ".";
    add(b + "modulation", {1, 6, s.dim}, 0.3, 0.2);
    for (const char* n : {"q", "k", "v", "o"}) linear(b + "self_attn." + n, s.dim, s.dim);
    add(b + "self_attn.norm_q.weight", {s.dim}, 0.2, 1.5);
    add(b + "self_attn.norm_k.weight", {s.dim}, 0.2, 1.5);
    linear(b + "ffn.0", s.dim, s.ffn);
    linear(b + "ffn.2", s.ffn, s.dim);
  }
  add("head.modulation", {1, 2, s.dim}, 0.2);
  linear("head.head", s.dim, 4 * 16 * s.latent);
  conv("decoder.input", seen + s.latent, s.channels);
  add("decoder.input.slope", {s.channels}, 0.1, 0.2);
  for (int i = 0; i < s.blocks; ++i) {
    const std::string b = "decoder.blocks." + std::to_string(i) + ".";
    conv(b + "conv0", s.channels, s.channels);
    conv(b + "conv1", s.channels, s.channels, 0.5);
    add(b + "slope", {s.channels}, 0.1, 0.2);
  }
  conv("decoder.output", s.channels + seen, s.axes, 0.15);
  if (s.axes < 48) add("decoder.basis", {48, s.axes}, 1 / std::sqrt(double(s.axes)));
  const auto slider = [&](const std::string& name, int width) {
    if (!width) return;
    linear(name + "_embedding.0", width, 12);
    linear(name + "_embedding.2", 12, 12);
    linear(name + "_projection", 12, 6 * s.dim, 0.5);
    linear(name + "_gain", 12, s.axes, 0.5);
  };
  slider("strength", s.strength);
  slider("quantiser", s.quantiser);
  return all;
}

// What a model with a quantiser states: contract_text() of its graph with that setting and any strength.
inline std::string quantiser_contract() {
  return "\"contract\":{\"does\":\"enhance\",\"time\":{\"warmup\":16,\"lookahead\":8,\"chunk\":4,\"alignment\":1,"
         "\"out\":[1,1]},"
         "\"settings\":{\"strength\":{\"kind\":\"number\",\"from\":0,\"to\":1,\"default\":1,\"means\":\"share\"},"
         "\"quantiser\":{\"kind\":\"number\",\"from\":0,\"to\":1,\"default\":0.75,\"means\":\"how coarse\"}},"
         "\"arithmetic\":[\"fp32\"]},";
}

inline std::string model_json(const Sizes& s) {
  const auto n = [](int v) { return std::to_string(v); };
  return "{\"format\":1,\"name\":\"random-small\",\"version\":\"0\",\"graph\":\"heirloom-small\",\"scales\":[1,2,4],"
         "\"weights\":\"model.safetensors\"," +
         (s.quantiser ? quantiser_contract() : "") +
         "\"config\":{"
         "\"unshuffle\":4,\"token\":[4,16,16],\"embed\":" +
         n(s.embed) + ",\"dim\":" + n(s.dim) + ",\"heads\":" + n(s.heads) + ",\"layers\":" + n(s.layers) +
         ",\"ffn\":" + n(s.ffn) + ",\"window\":[1,4,4],\"local_range\":" + n(s.local_range) +
         ",\"topk_per_window\":" + n(s.topk) + ",\"kv_segments\":" + n(s.kv) +
         ",\"force_own_window\":true,\"rope_base\":100,\"rope_dims\":[" + n(s.rope[0]) + "," + n(s.rope[1]) + "," +
         n(s.rope[2]) + "],\"layer_norm_eps\":1e-5,\"latent_channels\":" + n(s.latent) +
         ",\"noise_channels\":" + n(s.noise) + ",\"whiten\":" + n(s.whiten) +
         ",\"mean\":{\"floor\":0.12,\"sigma\":0.035},\"decoder\":{\"channels\":" + n(s.channels) +
         ",\"blocks\":" + n(s.blocks) + ",\"shift\":" + std::to_string(double(s.shift) / s.channels) +
         (s.neighbours ? ",\"neighbours\":true" : "") + (s.after ? ",\"after\":true" : "") +
         (s.axes < 48 ? ",\"axes\":" + n(s.axes) : "") +
         "},\"strength\":" + (s.strength ? "{\"embedding\":" + n(s.strength) + "}" : "null") +
         (s.quantiser ? ",\"quantiser\":{\"embed\":" + n(s.quantiser) + "}" : "") + "}}";
}

inline void write_safetensors(const std::filesystem::path& path, const Arrays& arrays) {
  std::string header = "{";
  size_t at = 0;
  for (const auto& [name, a] : arrays) {
    if (header.size() > 1) header += ",";
    header += "\"" + name + "\":{\"dtype\":\"F32\",\"shape\":[";
    for (size_t i = 0; i < a.shape.size(); ++i) header += (i ? "," : "") + std::to_string(a.shape[i]);
    header += "],\"data_offsets\":[" + std::to_string(at) + "," + std::to_string(at + 4 * a.values.size()) + "]}";
    at += 4 * a.values.size();
  }
  header += "}";
  header.resize((header.size() + 7) / 8 * 8, ' ');
  std::ofstream file(path, std::ios::binary);
  const uint64_t length = header.size();
  file.write(reinterpret_cast<const char*>(&length), 8);
  file.write(header.data(), std::streamsize(header.size()));
  for (const auto& entry : arrays)
    file.write(reinterpret_cast<const char*>(entry.second.values.data()),
               std::streamsize(4 * entry.second.values.size()));
}

// The folder lives as long as the object.
struct Folder {
  std::filesystem::path path;
  Sizes sizes;
  Arrays weights;

  explicit Folder(const Sizes& s = {}, uint64_t seed = 1) : sizes(s), weights(random_weights(s, seed)) {
    static int count = 0;
    check::Random unique(uint64_t(reinterpret_cast<uintptr_t>(this)) ^
                         uint64_t(std::filesystem::file_time_type::clock::now().time_since_epoch().count()));
    path = std::filesystem::temp_directory_path() /
           ("heirloom-small-" + std::to_string(unique.next() % 1000000007) + "-" + std::to_string(count++));
    std::filesystem::create_directories(path);
    write_json(model_json(s));
    write_safetensors(path / "model.safetensors", weights);
  }
  ~Folder() {
    std::error_code ignored;  // a folder left behind in the temporary place harms nobody
    std::filesystem::remove_all(path, ignored);
  }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;
  void write_json(const std::string& text) const { std::ofstream(path / "model.json") << text; }
};

}  // namespace small_fixture
