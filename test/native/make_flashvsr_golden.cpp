// Writes test/fixtures/native/flashvsr-toy: random weights, a random clip, and what the engine makes of them.
// Run it only with an engine that holds every public golden (heirloom-compare), and look at the smallest selection margin it prints.
#include <cstdlib>

#include "flashvsr_fixture.h"
#include "graphs/flashvsr/graph.h"
#include "graphs/flashvsr/reference_input.h"

using namespace heirloom;

namespace {

constexpr int64_t kH = 128, kW = 256, kLrH = 16, kLrW = 33, kReal = 29, kTop = 0, kLeft = 4;
constexpr uint64_t kSeed = 7;

Tensor small_clip() {  // smooth moving stripes with noise, 0..255 [N, h, w, 3]
  check::Random random(11);
  Tensor clip = Tensor::heap({kReal, kLrH, kLrW, 3});
  float* to = clip.data();
  for (int64_t t = 0; t < kReal; ++t)
    for (int64_t y = 0; y < kLrH; ++y)
      for (int64_t x = 0; x < kLrW; ++x)
        for (int64_t c = 0; c < 3; ++c) {
          const double wave = std::sin(0.21 * static_cast<double>(x + t) + static_cast<double>(c)) +
                              std::cos(0.17 * static_cast<double>(y) - 0.1 * static_cast<double>(t * (c + 1)));
          *to++ =
              static_cast<float>(std::lround(std::min(std::max(128 + 50 * wave + 8 * random.uniform(), 0.0), 255.0)));
        }
  return clip;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 2) {
    std::fprintf(stderr, "usage: make_flashvsr_golden FOLDER\n");
    return 2;
  }
  const std::string folder = argv[1];
  fixture::Sizes sizes;
  sizes.layers = 1;
  sizes.hidden1 = 3;
  sizes.hidden2 = 5;
  const fixture::FlashVsrFiles files = fixture::make_flashvsr(kSeed, sizes);
  fixture::write_flashvsr(folder, files);
  const Tensor clip = small_clip();
  fixture::write_bytes(folder + "/inputs.safetensors",
                       fixture::safetensors({{"context", files.prompt[0].second}, {"lr_u8", clip}}, DType::bf16,
                                            {{"lr_u8", DType::u8}}));
  fixture::write_bytes(folder + "/config.json",
                       "{\"clip\":{\"upscaled\":[128,264],\"target\":[128,256],\"crop_top\":0,\"crop_left\":4},\"run\":"
                       "{\"noise_seed\":3,\"topk_ratio\":0.9,\"topk\":2,\"kv_ratio\":3.0,"
                       "\"local_range\":2,\"color_fix\":\"adain\"},\"dense_run\":{\"topk_ratio\":20.0,\"local_range\":"
                       "11,\"frames_F\":33}}\n");
  static_assert(kTop == 0 && kLeft == 4 && kH == 128 && kW == 256, "the configuration above says so");
  std::printf("now: heirloom-compare %s --record\n", folder.c_str());
  return 0;
}
