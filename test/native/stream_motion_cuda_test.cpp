// heirloom-motion through the CUDA backend, on the emulator: keys in, frames between them out, against the processor's.
#include <deque>
#include <string>
#include <vector>

#include "check_test.h"
#include "device.h"
#include "graphs/motion/model.h"
#include "planning/memory_plan.h"
#include "stream_cuda.h"
#include "test_device.h"

using namespace heirloom;
using stream_cuda::decibels;
using stream_cuda::Frame;

namespace {

const std::string kSmall = HL_ROOT "/test/fixtures/heirloom-motion-golden",  // its history is three keys
    kShipped = HL_ROOT "/resources/models/heirloom-motion";

std::shared_ptr<Interpolator> load(const std::string& folder, const std::string& device) {
  LoadOptions o;
  o.device = device;
  return Interpolator::load(folder, o);
}

InterpolationOptions options(int width, int height) {
  InterpolationOptions o;
  o.format.width = width;
  o.format.height = height;
  o.threads = 1;
  return o;
}

// A square that moves over a ground that stands still.
std::vector<Frame> clip(const FrameFormat& f, int count) {
  std::vector<Frame> frames;
  for (int n = 0; n < count; ++n) {
    Frame frame(f.bytes(), 128);
    for (int y = 0; y < f.height; ++y)
      for (int x = 0; x < f.width; ++x) {
        const bool is_in = x >= 4 + 3 * n && x < 20 + 3 * n && y >= 8 + n && y < 24 + n;
        frame[size_t(y * f.width + x)] =
            uint8_t(is_in ? 200 + 20 * ((x - 3 * n) / 5 % 2) : 60 + 20 * ((x / 7 + y / 5) % 3));
      }
    frames.push_back(frame);
  }
  return frames;
}

// Frames at the times between frames first - 1 and first, ... of a stream that was begun `warm` keys before; `shares`: need and unsure of each.
std::vector<Frame> gaps(const Interpolator& model, const InterpolationOptions& o, const std::vector<Frame>& keys,
                        size_t first, size_t end, size_t warm, const std::vector<double>& times,
                        std::vector<Between>* shares = nullptr) {
  const auto stream = model.open(o);
  std::vector<Frame> made;
  for (size_t i = first > warm ? first - warm : 0; i < end; ++i) {
    stream->key(keys[i].data(), keys[i].size(), i == 0);
    if (i < first || i == 0) continue;
    for (double t : times) {
      made.emplace_back(o.format.bytes());
      const Between found = stream->between(t, made.back().data(), made.back().size());
      if (shares) shares->push_back(found);
    }
  }
  return made;
}

}  // namespace

// Both compute in fp32: a picture differs by the order of sums, and a code where it lies beside a half.
TEST("frames between keys are the processor's, and so is how much of them was made") {
  for (const std::string& folder : {kSmall, kShipped}) {
    const bool is_shipped = folder == kShipped;  // a square on still ground: not all of it is needed
    const InterpolationOptions o = is_shipped ? options(160, 64) : options(70, 50);
    const size_t count = is_shipped ? 3 : 5;
    const std::vector<Frame> keys = clip(o.format, int(count));
    const std::vector<double> times = is_shipped ? std::vector<double>{0.5} : std::vector<double>{0.25, 0.5, 0.9};
    std::vector<Between> expected_shares, shares;
    const std::vector<Frame> expected = gaps(*load(folder, "cpu"), o, keys, 1, count, 1, times, &expected_shares),
                             made = gaps(*load(folder, HL_TEST_DEVICE), o, keys, 1, count, 1, times, &shares);
    const double found = decibels(expected, made);
    std::printf("      %.1f dB, need %.2f, unsure %.2f\n", found, double(shares[0].need), double(shares[0].unsure));
    EXPECT(found >= 60);
    for (size_t i = 0; i < shares.size(); ++i) {
      EXPECT(shares[i].need == expected_shares[i].need && shares[i].unsure == expected_shares[i].unsure);
      EXPECT(!is_shipped || (shares[i].need > 0 && shares[i].need < 1));
    }
  }
}

TEST("a film in one piece and in several gives the same bits on the card, and times may be asked for in any order") {
  const auto model = load(kSmall, HL_TEST_DEVICE);
  const InterpolationOptions o = options(40, 36);
  const std::vector<Frame> keys = clip(o.format, 8);
  const std::vector<Frame> whole = gaps(*model, o, keys, 1, 8, 1, {0.25, 0.5}),
                           turned = gaps(*model, o, keys, 1, 8, 1, {0.5, 0.25});
  for (size_t i = 0; i < whole.size(); ++i) EXPECT(whole[i] == turned[i ^ 1]);
  for (size_t pieces : {2u, 7u}) {
    std::vector<Frame> made;
    for (size_t piece = 0; piece < pieces; ++piece) {
      const size_t from = std::max<size_t>(1, 8 * piece / pieces), to = 8 * (piece + 1) / pieces;
      for (const Frame& frame : gaps(*model, o, keys, from, to, 2, {0.25, 0.5})) made.push_back(frame);
    }
    EXPECT(made == whole);
  }
}

TEST("all cells marked is everything at once, to the bit, on the card too") {
  const auto ops = make_ops({HL_TEST_DEVICE, "fp32"}, 1, nullptr);
  const MotionWeights weights = load_motion_weights(*ops, kSmall, Json::read_file(kSmall + "/model.json"));
  const int64_t H = 32, W = 48;
  const MotionGraph graph(*ops, weights, H, W);
  std::deque<MotionKey> keys;
  for (int n = 0; n < 3; ++n) {
    Tensor picture = Tensor::heap({3, H, W});
    check::Random random(uint64_t(3 + n));
    for (int64_t i = 0; i < picture.count(); ++i) picture.data()[i] = random.uniform();
    keys.push_back(graph.key(ops->memory.upload(picture)));
  }
  const MotionGap gap = graph.gap(keys);
  const Tensor state = ops->memory.download(gap.state.sum);
  Tensor marks = Tensor::heap({H / 8, W / 8, 1});
  std::fill_n(marks.data(), marks.count(), 1.0f);
  const Cells all, marked = ops->memory.upload(marks);
  const Tensor dense = ops->memory.download(graph.between(gap, 0.3f, &all).picture),
               same = ops->memory.download(graph.between(gap, 0.3f, &marked).picture);
  EXPECT(std::memcmp(dense.data(), same.data(), dense.bytes()) == 0);
  const Tensor after = ops->memory.download(gap.state.sum);
  EXPECT(std::memcmp(state.data(), after.data(), state.bytes()) == 0);  // queries leave the state
}

TEST("a plan holds what a stream takes of the card") {
  const auto model = load(kShipped, HL_TEST_DEVICE);
  const InterpolationOptions o = options(64, 48);
  const MemoryPlan plan = model->plan(o);
  const auto ops = make_ops({HL_TEST_DEVICE, "fp32"}, 1, nullptr);
  const MotionWeights weights = load_motion_weights(*ops, kShipped, Json::read_file(kShipped + "/model.json"));
  const size_t before = ops->memory.peak_bytes();
  const MotionGraph graph(*ops, weights, 48, 64);
  std::deque<MotionKey> keys;
  const Cells all;
  for (int n = 0; n < 3; ++n) {
    keys.push_back(graph.key(ops->memory.zeros({3, 48, 64})));
    if (n > 0) graph.between(graph.gap(keys), 0.5f, &all);
  }
  const size_t taken = ops->memory.peak_bytes() - before, planned = plan.state + plan.activations;
  std::printf("      %zu kB taken, %zu kB planned\n", taken >> 10, planned >> 10);
  EXPECT(taken <= planned);
}

TEST_MAIN
