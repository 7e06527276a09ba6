// The estimator: the same verdict as PyTorch, whatever the number format of the frames, and refusals that say why.
#include <fstream>

#include "check_test.h"
#include "pixel/pixel.h"
#include "temp_folder.h"
#include "weights/weight_file.h"

using namespace heirloom;

namespace {

const std::string kGolden = std::string(HL_ROOT) + "/test/fixtures/estimator-golden";
constexpr int kWidth = 200, kHeight = 116;

// As test_picture of models/train_estimator.py draws it: slopes, a moving edge, noise in one half.
int code(int x, int y, int t) {
  const int64_t noise =
      x < kWidth / 2
          ? int64_t(uint64_t(uint64_t(x * 7919LL + y * 104729LL + t * 1299709LL) * 2654435761ull) % (1ull << 32)) >> 27
          : 0;
  return int((60 + x / 2 + y / 3 + 40 * ((x + 5 * t) / 16 % 2) + noise) % 256);
}

FrameFormat gray(int width, int height, int bits = 8) {
  FrameFormat f;
  f.width = width;
  f.height = height;
  f.bits = bits;
  f.chroma = Chroma::gray;
  f.range = Range::full;
  return f;
}

std::vector<uint8_t> frame(const FrameFormat& f, int t) {
  std::vector<uint8_t> bytes(f.bytes());
  for (int y = 0; y < f.height; ++y)
    for (int x = 0; x < f.width; ++x) {
      const size_t i = size_t(y) * size_t(f.width) + size_t(x);
      const int c = code(x, y, t);
      if (f.bits == 8) {
        bytes[i] = uint8_t(c);
        continue;
      }
      const int wide = (c * ((1 << f.bits) - 1) + 127) / 255;
      bytes[2 * i] = uint8_t(wide & 255);
      bytes[2 * i + 1] = uint8_t(wide >> 8);
    }
  return bytes;
}

std::vector<float> verdict(const FrameFormat& f, const std::vector<int>& moments) {
  std::vector<std::vector<uint8_t>> frames;
  std::vector<const uint8_t*> at;
  for (int t : moments) frames.push_back(frame(f, t));
  for (const auto& one : frames) at.push_back(one.data());
  const Estimate e = Estimator::load(kGolden)->estimate(f, at);
  return {e.noise, e.blockiness, e.blur, e.combing, e.position, e.strength};
}

double distance(const std::vector<float>& a, const float* b) {
  double worst = 0;
  for (size_t i = 0; i < a.size(); ++i) worst = std::max(worst, std::abs(double(a[i]) - double(b[i])));
  return worst;
}

}  // namespace

TEST("the verdict is PyTorch's") {
  Weights golden;
  golden.open(kGolden + "/outputs.safetensors");
  const Tensor wanted = golden.get("verdict", {6});
  EXPECT(distance(verdict(gray(kWidth, kHeight), {0, 1, 8, 9}), wanted.data()) <
         1e-5);   // float32 in PyTorch, double here
}

TEST("the verdict is nearly the same at 10 bits") {
  const std::vector<float> one = verdict(gray(kWidth, kHeight), {0, 1, 8, 9});
  EXPECT(distance(verdict(gray(kWidth, kHeight, 10), {0, 1, 8, 9}), one.data()) <
         1e-2);   // half a code of 1023 is noise, if little
}

TEST("the smallest picture has a verdict, and all six numbers lie in 0..1") {
  for (float v : verdict(gray(16, 21), {0, 1})) EXPECT(v >= 0 && v <= 1);
}

TEST("frames without their neighbour are refused") {
  std::string sentence;
  const std::vector<uint8_t> one = frame(gray(64, 64), 0);
  EXPECT(check::error_code([&] { Estimator::load(kGolden)->estimate(gray(64, 64), {one.data()}); }, &sentence) ==
         "bad-argument");
  EXPECT(sentence.find("not 1 frames") != std::string::npos);
}

TEST("a folder that is not there, and one whose description is of another model, are refused") {
  EXPECT(check::error_code([] { Estimator::load("/nowhere"); }) == "weights-missing");
  const TempFolder folder("estimator");
  std::ofstream(folder.file("model.json"))
      << R"({"format": 1, "graph": "heirloom-small", "features": 85, "weights": "model.safetensors"})";
  std::string sentence;
  EXPECT(check::error_code([&] { Estimator::load(folder.string()); }, &sentence) == "weights-unsupported");
  EXPECT(sentence.find("describes no estimator") != std::string::npos);
}

TEST("a cancelled look ends with that word") {
  const std::vector<uint8_t> one = frame(gray(64, 64), 0);
  const std::atomic<bool> cancelled{true};
  Progress progress;
  progress.cancelled = &cancelled;
  EXPECT(check::error_code([&] {
           Estimator::load(kGolden)->estimate(gray(64, 64), {one.data(), one.data()}, progress);
         }) == "cancelled");
}

TEST_MAIN
