// FlashVSR behind heirloom.h, with toy weights: N in = N out, any size, any push pattern, reset, cancel, the memory plan, and what a folder
// must hold. That the numbers are right is heirloom-compare's business.
#include <algorithm>
#include <filesystem>
#include <thread>

#include "flashvsr_fixture.h"
#include "graphs/flashvsr/model.h"
#include "graphs/stream/frame_stream.h"
#include "graphs/flashvsr/reference_input.h"
#include "stream_fixture.h"
#include "temp_folder.h"

using namespace heirloom;
using stream_fixture::clip;
using stream_fixture::Frame;
using stream_fixture::options;
using stream_fixture::pull_all;

namespace {

std::shared_ptr<Model> toy() {
  static const std::shared_ptr<Model> model = Model::load(std::string(HL_ROOT) + "/test/fixtures/native/flashvsr-toy");
  return model;
}

std::vector<Frame> enhance(const StreamOptions& o, const std::vector<Frame>& frames, const Model& model = *toy()) {
  return stream_fixture::enhance(model, o, frames);
}

}  // namespace

TEST("the model says what it is") {
  const ModelInfo& info = toy()->info();
  EXPECT(info.name == "toy" && info.graph == "flashvsr" && info.scales == (std::vector<int>{1, 2, 4}) &&
         info.hash.size() == 64 && info.parameters > 100000);
  EXPECT(info.start_up_frames == 25 && info.contract.time.chunk == 8);
}

TEST("N frames in give N frames out, for every small N and around every border of the schedule") {
  for (int n : {1, 2, 3, 4, 5, 20, 21, 22, 25, 26, 29, 30, 33})
    EXPECT(enhance(options(32, 16), clip(options(32, 16).input, n)).size() == static_cast<size_t>(n));
}

TEST("an empty stream finishes with nothing") { EXPECT(enhance(options(32, 16), {}).empty()); }

TEST("odd sizes, several windows and enlarging come out whole") {
  EXPECT(enhance(options(17, 33, 2), clip(options(17, 33).input, 2)).size() == 2);
  EXPECT(enhance(options(150, 18), clip(options(150, 18).input, 2)).size() == 2);
  const std::vector<Frame> big = enhance(options(33, 40, 4), clip(options(33, 40).input, 1));
  EXPECT(big.size() == 1 && big[0].size() == size_t{132} * 160 * 3 / 2);
}

TEST("more frames behind a clip do not change frames that came out before the chunk") {
  const std::vector<Frame> frames = clip(options(32, 16).input, 40);
  const std::vector<Frame> all = enhance(options(32, 16), frames),
                           some = enhance(options(32, 16), {frames.begin(), frames.begin() + 33});
  for (size_t i = 0; i < 29; ++i) EXPECT(all[i] == some[i]);
}

TEST("the same seed gives the same frames, another seed others") {
  StreamOptions o = options(32, 16);
  const std::vector<Frame> frames = clip(o.input, 3), first = enhance(o, frames);
  EXPECT(first == enhance(o, frames));
  o.seed = 8;
  EXPECT(first != enhance(o, frames));
}

TEST("the three colour fixes differ, the default is AdaIN") {
  StreamOptions o = options(32, 16);
  const std::vector<Frame> frames = clip(o.input, 1), chosen = enhance(o, frames);
  o.colour = ColourFix::adain;
  EXPECT(chosen == enhance(o, frames));
  o.colour = ColourFix::wavelet;
  const std::vector<Frame> wavelet = enhance(o, frames);
  o.colour = ColourFix::none;
  EXPECT(wavelet != chosen && wavelet != enhance(o, frames));
}

TEST("strength 0 gives the input back byte for byte, strengths in between are refused") {
  StreamOptions o = options(32, 16);
  o.strength = 0;
  const std::vector<Frame> frames = clip(o.input, 5);
  EXPECT(enhance(o, frames) == frames);
  o.strength = 0.5f;
  EXPECT(check::error_code([&] { toy()->stream(o); }) == "bad-argument");
}

TEST("reset gives out what was pushed and forgets it") {
  const StreamOptions o = options(32, 16);
  const std::vector<Frame> first = clip(o.input, 3, 1), second = clip(o.input, 26, 2);
  const auto stream = toy()->stream(o);
  std::vector<Frame> out;
  for (const Frame& frame : first) stream->push(frame.data(), frame.size(), stream_fixture::next_time());
  stream->reset();
  for (const Frame& frame : second) stream->push(frame.data(), frame.size(), stream_fixture::next_time());
  stream->finish();
  pull_all(*stream, o.output.bytes(), out);
  EXPECT(out.size() == 29);
  std::vector<Frame> expected = enhance(o, first);
  for (const Frame& frame : enhance(o, second)) expected.push_back(frame);
  EXPECT(out == expected);
}

TEST("cancel stops the running chunk, and reset makes the stream usable again") {
  const StreamOptions o = options(240, 240);
  const std::vector<Frame> frames = clip(o.input, 1);
  const auto stream = toy()->stream(o);
  stream->push(frames[0].data(), frames[0].size(), stream_fixture::next_time());
  std::thread other([&] { stream->cancel(); });
  const std::string code = check::error_code([&] {
    for (int i = 0; i < 10000; ++i) stream->push(frames[0].data(), frames[0].size(), stream_fixture::next_time());
  });
  other.join();
  EXPECT(code == "cancelled");
  EXPECT(check::error_code([&] { stream->finish(); }) == "cancelled");
  stream->reset();
  std::vector<Frame> before, out;
  pull_all(*stream, o.output.bytes(), before);
  stream->push(frames[0].data(), frames[0].size(), stream_fixture::next_time());
  stream->finish();
  pull_all(*stream, o.output.bytes(), out);
  EXPECT(out == enhance(o, frames));
}

TEST("wrong sizes, scales and frames are refused before anything happens") {
  StreamOptions o = options(32, 16, 2);
  o.output.width = 66;
  EXPECT(check::error_code([&] { toy()->stream(o); }) == "bad-argument");
  o = options(32, 16, 3);
  EXPECT(check::error_code([&] { toy()->stream(o); }) == "bad-argument");
  o = options(8, 16);
  EXPECT(check::error_code([&] { toy()->stream(o); }) == "bad-argument");
  const auto stream = toy()->stream(options(32, 16));
  Frame frame(10);
  EXPECT(check::error_code([&] { stream->push(frame.data(), frame.size(), stream_fixture::next_time()); }) ==
         "bad-argument");
  EXPECT(check::error_code([&] { stream->pull(frame.data(), frame.size()); }) == "bad-argument");
}

TEST("the memory plan covers what a stream takes, and not by much") {
  // Wide pictures of a small transformer, and a wide transformer on small pictures: another part of the plan is the largest in each.
  TempFolder folder("flashvsr");
  fixture::Sizes sizes;
  sizes.heads = 4;
  sizes.ffn = 2048;
  fixture::write_flashvsr(folder.string(), fixture::make_flashvsr(1, sizes));
  const std::shared_ptr<Model> wide = Model::load(folder.string());
  struct Case {
    const Model* model;
    int width, height;
  };
  for (const Case& c : {Case{toy().get(), 256, 256}, {toy().get(), 384, 128}, {wide.get(), 256, 128}}) {
    const StreamOptions o = options(c.width, c.height);
    const MemoryPlan plan = c.model->plan(o);
    const auto stream = c.model->stream(o);
    for (const Frame& frame : clip(o.input, 33)) stream->push(frame.data(), frame.size(), stream_fixture::next_time());
    stream->finish();
    const double taken = static_cast<double>(dynamic_cast<FrameStream&>(*stream).backend().memory.peak_bytes());
    const double planned = static_cast<double>(plan.state + plan.activations);
    std::printf("      %dx%d: planned %.1f MB, the pool's peak was %.1f MB\n", c.width, c.height, planned / 1e6,
                taken / 1e6);
    EXPECT(planned >= taken && planned <= 1.6 * taken);
  }
}

TEST("a stream that does not fit is refused with the numbers") {
  StreamOptions o = options(64, 64, 2);
  o.memory_limit = 1 << 20;
  EXPECT(!toy()->plan(o).fits);
  std::string sentence;
  EXPECT(check::error_code([&] { toy()->stream(o); }, &sentence) == "out-of-memory" &&
         sentence.find("MB") != std::string::npos);
}

TEST("a folder is loaded by model.json or by the published names, or refused with the reason") {
  namespace fs = std::filesystem;
  TempFolder folder("flashvsr");
  EXPECT(check::error_code([&] { Model::load(folder.file("nothing")); }) == "weights-missing");
  EXPECT(check::error_code([&] { Model::load(folder.string()); }) == "weights-missing");
  const fs::path from = std::string(HL_ROOT) + "/test/fixtures/native/flashvsr-toy",
                 published = folder.path / "FlashVSR-v1.1", other = folder.path / "weights";
  for (const fs::path& to : {published, other}) {
    fs::create_directory(to);
    fs::copy(from / "dit.safetensors", to / "diffusion_pytorch_model_streaming_dmd.safetensors");
    fs::copy(from / "lq_proj_in.safetensors", to / "LQ_proj_in.ckpt");
    fs::copy(from / "tcdecoder.safetensors", to / "TCDecoder.ckpt");
  }
  std::string sentence;
  EXPECT(check::error_code([&] { Model::load(published.string()); }, &sentence) == "weights-missing" &&
         sentence.find("posi_prompt.pth") != std::string::npos);
  for (const fs::path& to : {published, other}) fs::copy(from / "prompt.safetensors", to / "posi_prompt.pth");
  EXPECT(Model::load(published.string())->info().name == "flashvsr-v1.1");
  EXPECT(check::error_code([&] { Model::load(other.string()); }, &sentence) == "weights-unsupported" &&
         sentence.find("v1.1") != std::string::npos);
  LoadOptions v1;
  v1.version = "v1";
  EXPECT(Model::load(other.string(), v1)->info().name == "flashvsr-v1");
  v1.version = "v9";
  EXPECT(check::error_code([&] { Model::load(other.string(), v1); }) == "weights-unsupported");
  fixture::write_bytes((other / "model.json").string(), R"({"format":1,"graph":"something"})");
  EXPECT(check::error_code([&] { Model::load(other.string()); }) == "weights-unsupported");
  fixture::write_bytes(
      (other / "model.json").string(),
      R"({"format":1,"graph":"flashvsr","weights":{"transformer":"../x","projection":"a","decoder":"b","prompt":"c"},"config":{"version":"v1"}})");
  EXPECT(check::error_code([&] { Model::load(other.string()); }) == "weights-corrupt");
}

TEST("v1 and v1.1 make different frames of the same weights") {
  TempFolder folder("flashvsr");
  fixture::write_flashvsr(folder.string(), fixture::make_flashvsr(3));
  LoadOptions v1;
  v1.version = "v1";
  const StreamOptions o = options(32, 16);
  const std::vector<Frame> frames = clip(o.input, 9);
  EXPECT(enhance(o, frames, *Model::load(folder.string())) != enhance(o, frames, *Model::load(folder.string(), v1)));
}

TEST("the processor is the first device and says what it can do") {
  const std::vector<DeviceInfo> all = devices();
  EXPECT(!all.empty() && all[0].id == "cpu" && all[0].threads >= 1 && all[0].memory_bytes > 0 && !all[0].name.empty());
  EXPECT(all[0].simd == "portable" || all[0].simd == "avx2" || all[0].simd == "avx512");
}

TEST("the reference's frame count: four more, cut to 8k + 1") {
  EXPECT(reference_frame_index(21).size() == 25 && reference_frame_index(28).size() == 25 &&
         reference_frame_index(29).size() == 33);
  EXPECT(reference_frame_index(29).back() == 28);
}

TEST_MAIN
