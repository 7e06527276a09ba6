// Whole streams of both graphs through the CUDA backend, on the emulator: frames in, frames out, against the processor's.
// The bounds on bf16 and fp16 are those the models are judged by: 38 dB against fp32 is the reference's own spread in bf16.
#include <algorithm>
#include <cmath>

#include "check_test.h"
#include "flashvsr_fixture.h"
#include "model/frame_stream.h"
#include "ops.h"
#include "small_fixture.h"
#include "stream_fixture.h"
#include "temp_folder.h"

using namespace heirloom;
using stream_fixture::clip;
using stream_fixture::enhance;
using stream_fixture::Frame;
using stream_fixture::options;

namespace {

std::shared_ptr<Model> load(const std::string& folder, const std::string& device, const std::string& precision = "auto") {
  LoadOptions o;
  o.device = device;
  o.precision = precision;
  return Model::load(folder, o);
}

// Of 8-bit codes, the worst frame.
double decibels(const std::vector<Frame>& a, const std::vector<Frame>& b) {
  EXPECT(a.size() == b.size() && !a.empty());
  double worst = INFINITY;
  for (size_t t = 0; t < a.size(); ++t) {
    double sum = 0;
    for (size_t i = 0; i < a[t].size(); ++i) sum += std::pow(double(a[t][i]) - double(b[t][i]), 2);
    worst = std::min(worst, 10 * std::log10(255.0 * 255.0 * double(a[t].size()) / std::max(sum, 1e-9)));
  }
  return worst;
}

void follows_the_processor(const std::string& folder, const StreamOptions& o, int count) {
  const std::vector<Frame> frames = clip(o.input, count);
  const std::vector<Frame> expected = enhance(*load(folder, "cpu"), o, frames);
  EXPECT(expected.size() == frames.size());
  for (const auto& mode : {std::pair<const char*, double>{"fp32", 60}, {"bf16", 38}, {"fp16", 44}}) {
    const double found = decibels(expected, enhance(*load(folder, "cuda-emulated", mode.first), o, frames));
    std::printf("      %s: %.1f dB\n", mode.first, found);
    EXPECT(found >= mode.second);
  }
}

TEST("a film through heirloom-small is the processor's film, in every precision") {
  const small_fixture::Folder folder(small_fixture::Sizes(), 5);
  follows_the_processor(folder.path.string(), options(40, 24, 2), 6);
}

TEST("frames do not depend on the push pattern, and a stream starts afresh after a reset") {
  const small_fixture::Folder folder(small_fixture::Sizes(), 6);
  const auto model = load(folder.path.string(), "cuda-emulated");
  const StreamOptions o = options(34, 18, 2);
  const std::vector<Frame> frames = clip(o.input, 9), expected = enhance(*model, o, frames);
  EXPECT(enhance(*model, o, frames, 0) == expected && enhance(*model, o, frames, 4) == expected);
  const auto stream = model->stream(o);
  std::vector<Frame> out;
  stream->push(frames[3].data(), frames[3].size());
  stream->reset();
  stream_fixture::pull_all(*stream, o.output.bytes(), out);
  out.clear();
  for (const Frame& frame : frames) stream->push(frame.data(), frame.size());
  stream->finish();
  stream_fixture::pull_all(*stream, o.output.bytes(), out);
  EXPECT(out == expected);
}

TEST("strength 0 gives the input, enlarged on the card as on the processor") {
  const small_fixture::Folder folder(small_fixture::Sizes(), 7);
  StreamOptions o = options(34, 18, 2);
  o.strength = 0;
  const std::vector<Frame> frames = clip(o.input, 2);
  EXPECT(decibels(enhance(*load(folder.path.string(), "cpu"), o, frames), enhance(*load(folder.path.string(), "cuda-emulated"), o, frames)) >= 60);
}

// Two chunks of FlashVSR in every way a card holds them, against the processor. Two windows a segment: with one none would be kept.
TEST("FlashVSR with keys and values in eight bits and with large products in eight bits stays near the processor's film; streamed weights change nothing") {
  TempFolder folder("flashvsr");
  fixture::Sizes sizes;
  sizes.layers = 3;
  fixture::write_flashvsr(folder.string(), fixture::make_flashvsr(11, sizes));
  StreamOptions o = options(128, 64, 2);
  const std::vector<Frame> frames = clip(o.input, 22), exact = enhance(*load(folder.string(), "cpu"), o, frames);
  const auto film = [&](const Model& model, int step_down, const char* mode) {
    o.step_down = step_down;
    const MemoryPlan plan = model.plan(o);
    EXPECT(plan.mode == mode && plan.fits);
    const auto stream = model.stream(o);
    std::vector<Frame> out;
    for (const Frame& frame : frames) stream->push(frame.data(), frame.size());
    stream->finish();
    stream_fixture::pull_all(*stream, o.output.bytes(), out);
    // The card's pool holds streamed layers too, but not the rest of the weights.
    const double taken = double(dynamic_cast<FrameStream&>(*stream).backend().peak_bytes()), planned = double(plan.state + plan.activations + (plan.streams_weights ? plan.weights : 0));
    std::printf("      %s: %.1f dB in the second chunk; planned %.1f MB, the pool's peak was %.1f MB\n", mode, decibels({exact.back()}, {out.back()}), planned / 1e6, taken / 1e6);
    EXPECT(planned >= taken && planned <= 1.5 * taken);
    return out;
  };
  const auto bf16 = load(folder.string(), "cuda-emulated", "bf16");
  const std::vector<Frame> whole = film(*bf16, 0, "whole"), small = film(*bf16, 1, "small-cache");
  EXPECT(std::equal(whole.begin(), whole.begin() + 21, small.begin()) && whole.back() != small.back());   // the first chunk attends to nothing at rest
  EXPECT(film(*bf16, 2, "streamed-weights") == small);
  const std::vector<Frame> fp8 = film(*load(folder.string(), "cuda-emulated", "fp8"), 0, "whole");
  std::printf("      worst frame: bf16 %.1f dB, 8-bit cache %.1f dB, fp8 %.1f dB\n", decibels(exact, whole), decibels(exact, small), decibels(exact, fp8));
  EXPECT(decibels(exact, whole) >= 38 && decibels(exact, small) >= 34 && decibels(exact, fp8) >= 30);
}

TEST("a cancelled stream stops between two operations") {
  const small_fixture::Folder folder(small_fixture::Sizes(), 8);
  const StreamOptions o = options(34, 18, 2);
  const auto stream = load(folder.path.string(), "cuda-emulated")->stream(o);
  const std::vector<Frame> frames = clip(o.input, 1);
  stream->cancel();
  EXPECT(check::error_code([&] { stream->push(frames[0].data(), frames[0].size()); }) == "cancelled");
}

}  // namespace

TEST_MAIN
