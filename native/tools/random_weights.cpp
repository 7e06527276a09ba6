// heirloom-random_weights FOLDER: files under FlashVSR's published names with seeded random numbers, scaled so that activations stay sane.
// The published size by default, any other by options. For testing size, memory and speed; what such a model shows is noise.
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string>
#include <vector>

#include "graphs/flashvsr/files.h"
#include "weights/safetensors_writer.h"
#include "torch_zip_writer.h"

using namespace heirloom;

namespace {

using Part = FlashVsrPart;

constexpr const char* kUsage =
    "usage: heirloom-random_weights FOLDER [options]\n"
    "  The folder must be there. Writes the transformer, the projection, the decoder and the prompt under their "
    "published names.\n"
    "  --vae                    the decoder of the Wan VAE too (without its encoder)\n"
    "  --small                  a model of a few hundred thousand numbers instead of 1.75 billion\n"
    "  --size LETTER=N          one width: D transformer (a multiple of 128), L blocks, F feed-forward, C latent "
    "channels, X text, Q timestep,\n"
    "                           S prompt tokens, G H projection, A B T E decoder, V VAE; may be given several times\n"
    "  --seed N                 (1)\n";

uint64_t mixed(uint64_t z) {  // splitmix64
  z += 0x9e3779b97f4a7c15ull;
  z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ull;
  z = (z ^ (z >> 27)) * 0x94d049bb133111ebull;
  return z ^ (z >> 31);
}

// The sum of four 16-bit numbers, shifted and scaled: close to normal, mean 0, deviation 1, one multiplication chain per value.
float bell(uint64_t key, uint64_t i) {
  const uint64_t z = mixed(key + i);
  const uint32_t sum = static_cast<uint32_t>((z & 0xffff) + (z >> 16 & 0xffff) + (z >> 32 & 0xffff) + (z >> 48));
  return (static_cast<float>(sum) - 131070.0f) * (1.7320508f / 65536.0f);
}

bool ends_with(const std::string& text, const std::string& end) {
  return text.size() >= end.size() && text.compare(text.size() - end.size(), end.size(), end) == 0;
}

struct Spread {
  float centre, deviation;
};

// Products keep the size of what they multiply; layers before a ReLU a little more, the last one of a residual block less.
Spread spread_of(Part part, const std::string& name, const Shape& shape) {
  if (part == Part::prompt) return {0, 0.3f};
  if (ends_with(name, ".gamma") || name.find("norm") != std::string::npos)
    return {ends_with(name, ".bias") ? 0.0f : 1.0f, 0.05f};
  if (name == "decoder.26.bias") return {0.5f, 0.01f};
  if (ends_with(name, ".bias")) return {0, 0.02f};
  if (name.find("modulation") != std::string::npos) return {0, 0.1f};
  const double fan_in = static_cast<double>(shape.count()) / static_cast<double>(shape[0]);
  double gain = 1;
  if (part == Part::decoder) gain = ends_with(name, "conv.4.weight") ? 0.5 : name == "decoder.26.weight" ? 0.2 : 1.4;
  if (part == Part::vae && (ends_with(name, "residual.6.weight") || ends_with(name, "head.2.weight"))) gain = 0.5;
  return {0, static_cast<float>(gain / std::sqrt(fan_in))};
}

using Put = std::function<void(const void*, size_t)>;

void fill(Part part, const NamedShape& tensor, DType dtype, uint64_t seed, const Put& put) {
  constexpr size_t kPiece = size_t{1} << 18;
  const Spread spread = spread_of(part, tensor.name, tensor.shape);
  uint64_t key = mixed(seed);
  for (char c : std::string(name_of(part)) + tensor.name) key = mixed(key ^ static_cast<uint8_t>(c));
  const size_t count = static_cast<size_t>(tensor.shape.count());
  std::vector<float> floats(std::min(kPiece, count));
  std::vector<uint16_t> halves(floats.size());
  for (size_t at = 0; at < count; at += kPiece) {
    const size_t n = std::min(kPiece, count - at);
    for (size_t i = 0; i < n; ++i) floats[i] = spread.centre + spread.deviation * bell(key, at + i);
    if (dtype == DType::f32) {
      put(floats.data(), n * sizeof(float));
      continue;
    }
    for (size_t i = 0; i < n; ++i) halves[i] = bfloat_from_float(floats[i]);
    put(halves.data(), n * sizeof(uint16_t));
  }
}

void write_part(const std::string& folder, Part part, const FlashVsrSizes& sizes, uint64_t seed) {
  const std::string path = folder + "/" + published_name(part);
  const DType dtype = part == Part::projection || part == Part::prompt ? DType::bf16 : DType::f32;  // as published
  std::vector<NamedShape> tensors = tensors_of(part, sizes);
  if (part == Part::prompt) tensors = {{"", Shape{1, sizes.at('S'), sizes.at('X')}}};
  if (part == Part::transformer) {
    std::vector<SafetensorsWriter::Planned> plan;
    for (const NamedShape& t : tensors) plan.push_back({t.name, dtype, t.shape});
    SafetensorsWriter file(path, plan);
    for (const NamedShape& t : tensors)
      fill(part, t, dtype, seed, [&](const void* data, size_t n) { file.write(data, n); });
    file.finish();
  } else {
    std::vector<TorchZipWriter::Planned> plan;
    for (const NamedShape& t : tensors) plan.push_back({t.name, dtype, t.shape});
    TorchZipWriter::write(path, plan, [&](size_t i, const Put& put) { fill(part, tensors[i], dtype, seed, put); });
  }
  std::printf("%s\n", path.c_str());
}

}  // namespace

int main(int argc, char** argv) {
  std::string folder;
  FlashVsrSizes sizes = published_sizes();
  bool has_vae = false, is_understood = true;
  uint64_t seed = 1;
  for (int i = 1; i < argc; ++i) {
    const std::string word = argv[i];
    if (word == "--vae") has_vae = true;
    else if (word == "--small")
      sizes = {{'D', 128}, {'L', 2}, {'F', 64}, {'C', 16}, {'X', 8}, {'Q', 16}, {'S', 4},
               {'G', 4},   {'H', 6}, {'A', 8},  {'B', 6},  {'T', 4}, {'E', 4},  {'V', 4}};
    else if (word == "--seed" && i + 1 < argc) seed = std::strtoull(argv[++i], nullptr, 10);
    else if (word == "--size" && i + 1 < argc && sizes.count(argv[i + 1][0]) && argv[i + 1][1] == '=' &&
             std::atoll(argv[i + 1] + 2) > 0) {
      ++i;
      sizes[argv[i][0]] = std::atoll(argv[i] + 2);
    } else if (folder.empty() && word[0] != '-') folder = word;
    else is_understood = false;
  }
  if (folder.empty() || !is_understood || sizes['D'] % 128 != 0 || (has_vae && sizes['C'] != 16)) {
    std::fprintf(stderr, "%s", kUsage);
    return 2;
  }
  try {
    for (const FlashVsrPart part : kFlashVsrParts)
      if (part != FlashVsrPart::vae || has_vae) write_part(folder, part, sizes, seed);
    return 0;
  } catch (const Error& error) {
    std::fprintf(stderr, "%s (%s)\n", error.what(), error.code.c_str());
    return 1;
  }
}
