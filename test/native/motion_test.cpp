// heirloom-motion through heirloom.h: what lies between two keys whatever came before and in whatever order, formats and sizes, memory, refusals; and
// the graph itself: what is needed against everything. The goldens of PyTorch are heirloom-compare's.
#include <atomic>
#include <cstring>
#include <deque>
#include <filesystem>
#include <fstream>
#include <thread>

#include "check_test.h"
#include "device.h"
#include "graphs/motion/model.h"
#include "planning/memory_plan.h"
#include "temp_folder.h"

using namespace heirloom;

namespace {

const std::string kSmall = HL_ROOT "/test/fixtures/heirloom-motion-golden",  // its history is three keys
    kShipped = HL_ROOT "/resources/models/heirloom-motion";

using Frame = std::vector<uint8_t>;

InterpolationOptions options(int width, int height, int threads = 2) {
  InterpolationOptions o;
  o.format.width = width;
  o.format.height = height;
  o.threads = threads;
  return o;
}

void set(Frame& frame, const FrameFormat& f, size_t at, int value) {
  if (f.bits == 8) frame[at] = uint8_t(value);
  else {
    frame[2 * at] = uint8_t(value & 255);
    frame[2 * at + 1] = uint8_t(value >> 8);
  }
}

// A bright square on a still, uneven ground; the chroma says nothing.
Frame square(const FrameFormat& f, int left, int top, int side = 16) {
  Frame frame(f.bytes());
  const int unit = 1 << (f.bits - 8);
  const size_t samples = f.bytes() / (f.bits > 8 ? 2 : 1);
  for (size_t i = 0; i < samples; ++i) set(frame, f, i, 128 * unit);
  for (int y = 0; y < f.height; ++y)
    for (int x = 0; x < f.width; ++x) {
      const bool is_in = x >= left && x < left + side && y >= top && y < top + side;
      const int ground = 60 + 20 * ((x / 7 + y / 5) % 3), inside = 200 + 20 * ((x - left) / 5 % 2);
      set(frame, f, size_t(y * f.width + x), (is_in ? inside : ground) * unit);
    }
  return frame;
}

std::vector<Frame> clip(const FrameFormat& f, int count) {
  std::vector<Frame> frames;
  for (int i = 0; i < count; ++i) frames.push_back(square(f, 4 + 3 * i, 8 + i));
  return frames;
}

Frame between(Interpolation& stream, double t, const FrameFormat& f, Between* shares = nullptr) {
  Frame out(f.bytes());
  const Between found = stream.between(t, out.data(), out.size());
  if (shares) *shares = found;
  return out;
}
void give(Interpolation& stream, const Frame& frame, bool is_cut = false) {
  stream.key(frame.data(), frame.size(), is_cut);
}

// Frames at the times between frames first - 1 and first, ... of a stream that was begun `warm` keys before.
std::vector<Frame> gaps(const Interpolator& model, const InterpolationOptions& o, const std::vector<Frame>& keys,
                        size_t first, size_t end, size_t warm) {
  const auto stream = model.open(o);
  std::vector<Frame> made;
  for (size_t i = first > warm ? first - warm : 0; i < end; ++i) {
    give(*stream, keys[i], i == 0);
    if (i < first || i == 0) continue;
    for (double t : {0.25, 0.5}) made.push_back(between(*stream, t, o.format));
  }
  return made;
}

// Sum of the luma of a row of columns, as a centre of what is brighter than the ground.
double centre(const Frame& frame, const FrameFormat& f, int row) {
  double sum = 0, at = 0;
  for (int x = 0; x < f.width; ++x) {
    const double bright = std::max(0, int(frame[size_t(row * f.width + x)]) - 160);
    sum += bright;
    at += bright * x;
  }
  return at / sum;
}

std::string refused(const std::function<void()>& body) { return check::error_code(body); }

}  // namespace

TEST("a film in one piece and in several gives the same bits, if each is begun early enough") {
  const auto model = Interpolator::load(kSmall);
  const InterpolationOptions o = options(70, 50);
  const std::vector<Frame> keys = clip(o.format, 9);
  const std::vector<Frame> whole = gaps(*model, o, keys, 1, keys.size(), 1);
  EXPECT(whole.size() == 16);
  for (size_t pieces : {2u, 7u}) {
    std::vector<Frame> made;
    for (size_t piece = 0; piece < pieces; ++piece) {
      const size_t from = std::max<size_t>(1, keys.size() * piece / pieces), to = keys.size() * (piece + 1) / pieces;
      for (const Frame& frame : gaps(*model, o, keys, from, to, 2)) made.push_back(frame);  // history 3: two before
    }
    EXPECT(made == whole);
  }
  EXPECT(gaps(*model, o, keys, 5, 6, 1) != gaps(*model, o, keys, 5, 6, 2));  // and not if it is begun too late
}

TEST("times may be asked for in any order and number, by any number of threads") {
  const auto model = Interpolator::load(kSmall);
  const InterpolationOptions o = options(96, 64);
  const std::vector<Frame> keys = clip(o.format, 3);
  std::vector<std::vector<Frame>> found;
  for (int threads : {1, 2, 3}) {
    const auto stream = model->open(options(96, 64, threads));
    for (const Frame& key : keys) give(*stream, key);
    std::vector<Frame> frames(4);
    const std::vector<size_t> order = threads == 1   ? std::vector<size_t>{0, 1, 2, 3}
                                      : threads == 2 ? std::vector<size_t>{3, 1, 1, 2, 0}
                                                     : std::vector<size_t>{2, 3, 0, 1};
    for (size_t i : order) frames[i] = between(*stream, 0.2 * double(i + 1), o.format);
    found.push_back(frames);
  }
  EXPECT(found[0] == found[1] && found[0] == found[2] && found[0][0] != found[0][3]);
}

TEST("nothing of before a cut is in what comes after, and nothing lies across it") {
  const auto model = Interpolator::load(kSmall);
  const InterpolationOptions o = options(64, 48);
  const std::vector<Frame> keys = clip(o.format, 6);
  const auto whole = model->open(o), alone = model->open(o);
  for (size_t i = 0; i < 4; ++i) give(*whole, keys[5 - i]);
  give(*whole, keys[0], true);
  Frame out(o.format.bytes());
  EXPECT(refused([&] { whole->between(0.5, out.data(), out.size()); }) == "bad-argument");
  give(*whole, keys[1]);
  give(*alone, keys[0], true);
  give(*alone, keys[1]);
  EXPECT(between(*whole, 0.5, o.format) == between(*alone, 0.5, o.format));
  whole->reset();
  EXPECT(refused([&] { whole->between(0.5, out.data(), out.size()); }) == "bad-argument");
}

TEST("all cells marked is everything at once, to the bit, and what is not needed is the keys' mean") {
  const auto ops = make_ops({"cpu"}, 2, nullptr);
  const MotionWeights weights = load_motion_weights(*ops, kSmall, Json::read_file(kSmall + "/model.json"));
  const int64_t H = 48, W = 64;
  const MotionGraph graph(*ops, weights, H, W);
  std::deque<MotionKey> keys;
  check::Random random(3);
  Tensor picture = Tensor::heap({3, H, W});
  for (int64_t i = 0; i < picture.count(); ++i) picture.data()[i] = random.uniform();
  for (int n = 0; n < 3; ++n) {
    Tensor key = ops->memory.upload(picture);
    for (int64_t i = 0; i < key.count(); ++i)
      if (i % W >= W / 2) key.data()[i] = picture.data()[i - i % W + W / 2 + (i % W - W / 2 + 4 * n) % (W / 2)];
    keys.push_back(graph.key(key));
  }
  const MotionGap gap = graph.gap(keys);
  const Tensor before = ops->memory.download(gap.state.sum);
  Tensor marked = Tensor::heap({H / 8, W / 8, 1});
  std::fill_n(marked.data(), marked.count(), 1.0f);
  const Cells all, none = Tensor::zeros({H / 8, W / 8, 1});
  const MotionEstimate dense = graph.between(gap, 0.3f, &all), same = graph.between(gap, 0.3f, &marked),
                       plain = graph.between(gap, 0.3f, &none), asked = graph.between(gap, 0.3f);
  EXPECT(std::memcmp(dense.picture.data(), same.picture.data(), dense.picture.bytes()) == 0);
  EXPECT(std::memcmp(dense.picture.data(), plain.picture.data(), dense.picture.bytes()) != 0);
  for (int64_t i = 0; i < plain.picture.count(); ++i)
    EXPECT_NEAR(plain.picture.data()[i],
                0.7 * double(gap.before->picture.data()[i]) + 0.3 * double(gap.after->picture.data()[i]), 1e-6);
  double needed = 0;
  for (int64_t i = 0; i < asked.needed.count(); ++i) needed += asked.needed.data()[i];
  EXPECT(needed > 0.4 * double(marked.count()));
  EXPECT(std::memcmp(before.data(), gap.state.sum.data(), before.bytes()) == 0);  // queries leave the state
}

TEST("every format that frames of a stream have, and every size from 16 x 16 on") {
  const auto model = Interpolator::load(kSmall);
  for (Chroma chroma : {Chroma::c420, Chroma::c422, Chroma::c444, Chroma::c411, Chroma::gray})
    for (int bits : {8, 10, 16})
      for (const auto& [width, height] : {std::pair<int, int>{16, 16}, {33, 47}}) {
        InterpolationOptions o = options(width, height);
        o.format.chroma = chroma;
        o.format.bits = bits;
        o.format.range = bits == 10 ? Range::full : Range::limited;
        const auto stream = model->open(o);
        const Frame still = square(o.format, 4, 3, 8);
        give(*stream, still);
        give(*stream, still);
        Between shares;
        const Frame made = between(*stream, 0.5, o.format, &shares);
        EXPECT(made.size() == still.size() && shares.need >= 0 && shares.need <= 1 && shares.unsure <= shares.need);
      }
}

TEST(
    "the shipped model: a square is in the middle between two keys, and a still picture stays as it is and costs "
    "nothing") {
  const auto model = Interpolator::load(kShipped);
  EXPECT(model->info().contract.does == "interpolate" && model->info().parameters <= 800000);
  const InterpolationOptions o = options(320, 256);
  const auto stream = model->open(o);
  for (int left : {16, 28, 40}) give(*stream, square(o.format, left, 40, 32));
  Between shares;
  const Frame half = between(*stream, 0.5, o.format, &shares), early = between(*stream, 0.25, o.format);
  EXPECT_NEAR(centre(half, o.format, 56), 28 + 6 + 15.5, 1.5);
  EXPECT_NEAR(centre(early, o.format, 56), 28 + 3 + 15.5, 1.5);
  std::printf("      need %.2f, unsure %.2f\n", double(shares.need), double(shares.unsure));
  EXPECT(shares.need > 0.02f && shares.need < 0.8f);
  const Frame still = square(o.format, 30, 30);
  give(*stream, still, true);
  give(*stream, still);
  EXPECT(between(*stream, 0.5, o.format, &shares) == still);
  EXPECT(shares.need == 0 && shares.unsure == 0);
}

TEST("a stream is cancelled from another thread, refuses what follows, and begins anew") {
  const auto model = Interpolator::load(kShipped);
  const InterpolationOptions o = options(640, 480);
  const auto stream = model->open(o);
  const std::vector<Frame> keys = clip(o.format, 2);
  std::thread other([&] {
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
    stream->cancel();
  });
  const std::string code = refused([&] {
    for (int i = 0; i < 10000; ++i) give(*stream, keys[0]);
  });
  other.join();
  EXPECT(code == "cancelled");
  EXPECT(refused([&] { give(*stream, keys[0]); }) == "cancelled");
  stream->reset();
  give(*stream, keys[0]);
}

TEST("a plan holds what a stream takes, and two thirds of it are not too much; a limit below it refuses") {
  const auto model = Interpolator::load(kShipped);
  const InterpolationOptions full = options(1920, 1080);
  EXPECT(model->plan(full).total <= size_t(1200) << 20);
  InterpolationOptions o = options(256, 192);
  const MemoryPlan plan = model->plan(o);
  const auto ops = make_ops({"cpu"}, 2, nullptr);
  const MotionWeights weights = load_motion_weights(*ops, kShipped, Json::read_file(kShipped + "/model.json"));
  const size_t before = ops->memory.peak_bytes();
  const MotionGraph graph(*ops, weights, 192, 256);
  std::deque<MotionKey> keys;
  const Cells all;
  for (int n = 0; n < 3; ++n) {
    keys.push_back(graph.key(ops->memory.zeros({3, 192, 256})));
    if (n > 0) graph.between(graph.gap(keys), 0.5f, &all);
  }
  const size_t taken = ops->memory.peak_bytes() - before, planned = plan.state + plan.activations;
  std::printf("      %zu kB taken, %zu kB planned\n", taken >> 10, planned >> 10);
  EXPECT(taken <= planned && taken * 3 >= planned * 2);
  o.memory_limit = plan.total - 1;
  std::string sentence;
  EXPECT(check::error_code([&] { model->open(o); }, &sentence) == "out-of-memory");
  EXPECT(sentence.find("256\u00d7192") != std::string::npos);
}

TEST("arguments that make no sense are refused") {
  const auto model = Interpolator::load(kSmall);
  EXPECT(refused([&] { model->open(options(15, 64)); }) == "bad-argument");
  EXPECT(refused([&] { model->plan(options(64, 64, -1)); }) == "bad-argument");
  const InterpolationOptions o = options(64, 64);
  const auto stream = model->open(o);
  Frame frame(o.format.bytes());
  EXPECT(refused([&] { stream->key(frame.data(), frame.size() - 1, false); }) == "bad-argument");
  give(*stream, frame);
  give(*stream, frame);
  for (double t : {0.0, 1.0, -0.5, 1.5, double(NAN)})
    EXPECT(refused([&] { stream->between(t, frame.data(), frame.size()); }) == "bad-argument");
  EXPECT(refused([&] { stream->between(0.5, frame.data(), 1); }) == "bad-argument");
}

TEST("folders that hold no such model are refused, and so are weights of another shape") {
  EXPECT(refused([] { Interpolator::load("/nowhere"); }) == "weights-missing");
  EXPECT(refused([] { Interpolator::load(HL_ROOT "/resources/models/heirloom-s"); }) == "weights-unsupported");
  EXPECT(refused([] { Model::load(kShipped); }) == "weights-unsupported");
  const TempFolder folder("motion");
  const auto with = [&](const std::string& what, const std::string& instead) {
    std::ifstream file(kSmall + "/model.json");
    std::string text((std::istreambuf_iterator<char>(file)), std::istreambuf_iterator<char>());
    const size_t at = text.find(what);
    EXPECT(at != std::string::npos);
    std::ofstream(folder.file("model.json")) << text.replace(at, what.size(), instead);
    return refused([&] { Interpolator::load(folder.string()); });
  };
  std::filesystem::copy(kSmall + "/model.safetensors", folder.file("model.safetensors"));
  EXPECT(with("\"dim\": 16", "\"dim\": 16").empty());
  EXPECT(with("\"dim\": 16", "\"dim\": 20") == "weights-unsupported");
  EXPECT(with("\"dim\": 16", "\"dim\": 100000") == "weights-unsupported");
  EXPECT(with("\"window\": 2", "\"window\": 0") == "weights-unsupported");
  EXPECT(with("\"layers\": 1", "\"layers\": 2") == "weights-unsupported");
  EXPECT(with("\"history\": 3", "\"history\": 1") == "weights-unsupported");
  EXPECT(with("\"key_dim\": 8", "\"key_dim\": 6") == "weights-corrupt");
  EXPECT(with("\"local\": [2, 1]", "\"local\": [2]") == "weights-corrupt");
  EXPECT(with("model.safetensors\"", "../model.safetensors\"") == "weights-corrupt");
  EXPECT(with("\"interpolate\"", "\"enhance\"") == "weights-corrupt");
  std::filesystem::resize_file(folder.file("model.safetensors"), 2000);
  EXPECT(with("\"dim\": 16", "\"dim\": 16") == "weights-corrupt");
}

TEST_MAIN
