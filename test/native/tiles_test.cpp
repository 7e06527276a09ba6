// Pictures in overlapping parts: the geometry, the weights, and streams in parts that keep every promise of a whole one.
#include "planning/tiles.h"

#include <algorithm>
#include <thread>

#include "graphs/stream/frame_stream.h"
#include "small_fixture.h"
#include "stream_fixture.h"

using namespace heirloom;
using stream_fixture::clip;
using stream_fixture::Frame;
using stream_fixture::options;
using stream_fixture::pull_all;

namespace {

std::shared_ptr<Model> shipped() {
  static const std::shared_ptr<Model> model = Model::load(std::string(HL_ROOT) + "/resources/models/heirloom-s");
  return model;
}

std::shared_ptr<Model> toy() {
  static const small_fixture::Folder folder;
  static const std::shared_ptr<Model> model = Model::load(folder.path.string());
  return model;
}

StreamOptions in_parts(StreamOptions o, int rows, int columns) {
  o.rows = rows;
  o.columns = columns;
  return o;
}

// 12-bit gray pictures of this brightness, which lies in [0, 1].
using Brightness = float (*)(float x, float y, int t);
std::vector<Frame> pictures(const FrameFormat& f, int count, Brightness brightness) {
  std::vector<Frame> frames;
  for (int t = 0; t < count; ++t) {
    Frame frame(f.bytes());
    auto* samples = reinterpret_cast<uint16_t*>(frame.data());
    for (int y = 0; y < f.height; ++y)
      for (int x = 0; x < f.width; ++x)
        samples[y * f.width + x] =
            static_cast<uint16_t>(256 + 3504 * brightness(static_cast<float>(x) / static_cast<float>(f.width),
                                                          static_cast<float>(y) / static_cast<float>(f.height), t));
    frames.push_back(frame);
  }
  return frames;
}

// The largest step between neighbours, along rows and down columns.
int largest_step(const FrameFormat& f, const Frame& frame) {
  const auto* samples = reinterpret_cast<const uint16_t*>(frame.data());
  int largest = 0;
  for (int y = 0; y + 1 < f.height; ++y)
    for (int x = 0; x + 1 < f.width; ++x) {
      const int here = samples[y * f.width + x];
      largest = std::max(
          {largest, std::abs(samples[y * f.width + x + 1] - here), std::abs(samples[(y + 1) * f.width + x] - here)});
    }
  return largest;
}

}  // namespace

TEST("parts cover the axis with one size, meet only their neighbours, and share what was asked") {
  for (int64_t unit : {16, 64, 128})
    for (int64_t n = 1; n <= 40; ++n)
      for (int64_t count = 1; count <= most_parts(n * unit, unit); ++count) {
        const int64_t overlap = std::max<int64_t>(unit, 64);
        const std::vector<Span> parts = spans(n * unit, count, unit, overlap);
        EXPECT(parts.front().first == 0 && parts.back().first + parts.back().size == n * unit);
        for (size_t i = 0; i < parts.size(); ++i) {
          EXPECT(parts[i].size == parts[0].size && parts[i].first % unit == 0 && parts[i].size % unit == 0);
          if (i > 0) EXPECT(parts[i - 1].first + parts[i - 1].size - parts[i].first >= overlap);
          if (i > 1) EXPECT(parts[i - 2].first + parts[i - 2].size <= parts[i].first);
        }
      }
}

TEST("the weights of all parts add up to one at every pixel, fade smoothly, and are zero at an inner edge") {
  for (int64_t count : {1, 2, 3, 5}) {
    const std::vector<Span> parts = spans(1600, count, 64, 64);
    const std::vector<std::vector<float>> weights = feather(parts);
    std::vector<float> sum(1600, 0.0f);
    for (size_t i = 0; i < parts.size(); ++i)
      for (size_t x = 0; x < weights[i].size(); ++x) {
        sum[static_cast<size_t>(parts[i].first) + x] += weights[i][x];
        if (x > 0) EXPECT(std::fabs(weights[i][x] - weights[i][x - 1]) < 0.06f);  // 64 pixels fade over 32
      }
    for (float s : sum) EXPECT_NEAR(s, 1, 1e-6);
    if (count > 1) EXPECT(weights[0].back() == 0.0f && weights[1].front() == 0.0f && weights[0].front() == 1.0f);
  }
}

TEST("cutting stops where parts would stop getting smaller") {
  EXPECT(most_parts(64, 64) == 1 && most_parts(320, 64) == 1 && most_parts(384, 64) == 2 && most_parts(640, 128) == 1 &&
         most_parts(768, 128) == 2 && most_parts(1920, 128) == 5);
  EXPECT(tile_grid(64, 448, 9, 9, {64, 64}).count() == 2);
}

TEST("on flat areas, ramps and smooth hills no seam shows: no step is larger than the whole picture's own") {
  StreamOptions o = options(448, 448);
  o.input.bits = o.output.bits = 12;
  o.input.chroma = o.output.chroma = Chroma::gray;
  const Brightness all[] = {[](float, float, int) { return 0.4f; }, [](float x, float, int) { return 0.1f + 0.8f * x; },
                            [](float, float y, int) { return 0.9f - 0.8f * y; },
                            [](float x, float y, int t) {
                              return 0.5f + 0.25f * std::sin(3 * x + 0.1f * static_cast<float>(t)) * std::cos(4 * y);
                            }};
  for (Brightness brightness : all) {
    const std::vector<Frame> in = pictures(o.input, 5, brightness);
    const std::vector<Frame> whole = stream_fixture::enhance(*shipped(), o, in),
                             parts = stream_fixture::enhance(*shipped(), in_parts(o, 2, 2), in);
    EXPECT(parts.size() == whole.size() && parts != whole);
    for (size_t i = 0; i < parts.size(); ++i) {
      // 2 of 4095: both pictures are rounded.
      if (largest_step(o.output, parts[i]) > largest_step(o.output, whole[i]) + 2)
        check::failed(__FILE__, __LINE__,
                      "frame " + std::to_string(i) + ": a step of " + std::to_string(largest_step(o.output, parts[i])) +
                          ", whole " + std::to_string(largest_step(o.output, whole[i])));
    }
  }
}

TEST("on a moving, noisy clip parts give nearly the picture that the whole gives") {
  StreamOptions o = options(448, 64);
  const std::vector<Frame> in = clip(o.input, 12), whole = stream_fixture::enhance(*shipped(), o, in),
                           parts = stream_fixture::enhance(*shipped(), in_parts(o, 1, 2), in);
  double squares = 0, count = 0;
  for (size_t i = 0; i < whole.size(); ++i)
    for (size_t k = 0; k < whole[i].size(); ++k, ++count)
      squares += std::pow(static_cast<double>(whole[i][k]) - static_cast<double>(parts[i][k]), 2);
  const double psnr = 10 * std::log10(255 * 255 * count / squares);
  std::printf("      %.1f dB between parts and the whole\n", psnr);
  EXPECT(psnr > 38);  // selected windows differ where a part lacks its surroundings
}

TEST("in parts, N frames in give N frames out, whatever the push pattern, and the same frames") {
  for (int scale : {1, 2}) {
    const StreamOptions o = in_parts(options(450 / scale, 70, scale), 1, 2);
    for (int n = 1; n <= 9; ++n) {
      const std::vector<Frame> in = clip(o.input, n), out = stream_fixture::enhance(*toy(), o, in);
      EXPECT(out.size() == in.size() && out[0].size() == o.output.bytes());
      for (size_t pull_every : {0, 3}) EXPECT(stream_fixture::enhance(*toy(), o, in, pull_every) == out);
    }
  }
}

TEST("in parts, a colour fix sees the whole picture, reset starts afresh, and threads change no bit") {
  StreamOptions o = in_parts(options(450, 70), 1, 2);
  o.colour = ColourFix::adain;
  const std::vector<Frame> first = clip(o.input, 3, 1), second = clip(o.input, 6, 2);
  std::vector<Frame> expected = stream_fixture::enhance(*toy(), o, first), out;
  for (const Frame& frame : stream_fixture::enhance(*toy(), o, second)) expected.push_back(frame);
  o.threads = 1;
  const auto stream = toy()->stream(o);
  for (const Frame& frame : first) stream->push(frame.data(), frame.size(), stream_fixture::next_time());
  stream->reset();
  for (const Frame& frame : second) stream->push(frame.data(), frame.size(), stream_fixture::next_time());
  stream->finish();
  pull_all(*stream, o.output.bytes(), out);
  EXPECT(out == expected);
}

TEST("in parts, cancel stops the running call, and reset makes the stream usable again") {
  const StreamOptions o = in_parts(options(450, 450), 2, 2);
  const std::vector<Frame> frames = clip(o.input, 2);
  const auto stream = toy()->stream(o);
  stream->push(frames[0].data(), frames[0].size(), stream_fixture::next_time());
  std::thread other([&] { stream->cancel(); });
  const std::string code = check::error_code([&] {
    for (int i = 0; i < 10000; ++i) stream->push(frames[0].data(), frames[0].size(), stream_fixture::next_time());
  });
  other.join();
  EXPECT(code == "cancelled");
  stream->reset();
  std::vector<Frame> before, out;
  pull_all(*stream, o.output.bytes(), before);
  for (const Frame& frame : frames) stream->push(frame.data(), frame.size(), stream_fixture::next_time());
  stream->finish();
  pull_all(*stream, o.output.bytes(), out);
  EXPECT(out == stream_fixture::enhance(*toy(), o, frames));
}

TEST("in parts, FlashVSR keeps its schedule: N in, N out around the first chunk's border") {
  const std::shared_ptr<Model> model = Model::load(std::string(HL_ROOT) + "/test/fixtures/native/flashvsr-toy");
  const StreamOptions o = in_parts(options(896, 16), 1, 2);
  for (int n : {1, 26}) {
    const std::vector<Frame> in = clip(o.input, n), out = stream_fixture::enhance(*model, o, in);
    EXPECT(out.size() == in.size() && stream_fixture::enhance(*model, o, in, 0) == out);
  }
}

TEST("when memory is refused in mid-stream, further down the same clip goes through in parts") {
  StreamOptions o = options(896, 448);
  const std::vector<Frame> in = clip(o.input, 12);
  const auto held = [&](const StreamOptions& with) {
    const auto stream = shipped()->stream(with);
    for (const Frame& frame : in) stream->push(frame.data(), frame.size(), stream_fixture::next_time());
    return dynamic_cast<FrameStream&>(*stream).backend().memory.pool_bytes();
  };
  const size_t whole = held(o), parts = held(in_parts(o, 2, 2));
  std::printf("      the pool holds %.0f MB for the whole picture, %.0f MB for 2 x 2 parts\n",
              static_cast<double>(whole) / 1e6, static_cast<double>(parts) / 1e6);
  EXPECT(parts < whole);
  o.refuse_above = (whole + parts) / 2;
  std::string sentence;
  EXPECT(check::error_code([&] { stream_fixture::enhance(*shipped(), o, in); }, &sentence) == "out-of-memory" &&
         sentence.find("896\u00d7448") != std::string::npos);
  size_t out = 0;
  do ++o.step_down;
  while (check::error_code([&] { out = stream_fixture::enhance(*shipped(), o, in).size(); }) == "out-of-memory" &&
         shipped()->plan(o).fits);
  EXPECT(out == in.size() && shipped()->plan(o).mode == "parts");
}

TEST_MAIN
