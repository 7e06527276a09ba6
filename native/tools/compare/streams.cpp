// Promises of a stream: as many frames out as in, the same bytes whatever the push pattern and the number of threads.
#include "compare.h"
#include "model/flashvsr_model.h"

namespace compare {

using namespace heirloom;

namespace {

// Frames of a clip of `count` frames, 64 x 48 at x2, pushed `at_once` at a time with pulls in between, as one string of bytes.
std::string stream_frames(const Model& model, int count, int at_once, int threads) {
  StreamOptions o;
  o.input.width = 64;
  o.input.height = 48;
  o.output = o.input;
  o.output.width *= 2;
  o.output.height *= 2;
  o.scale = 2;
  o.threads = threads;
  o.seed = 5;
  const std::unique_ptr<Stream> stream = model.stream(o);
  std::vector<uint8_t> in(o.input.bytes()), out(o.output.bytes());
  std::string all;
  const auto pull = [&] {
    while (stream->ready() > 0) {
      stream->pull(out.data(), out.size());
      all.append(out.begin(), out.end());
    }
  };
  for (int i = 0; i < count; ++i) {
    for (size_t j = 0; j < in.size(); ++j) in[j] = static_cast<uint8_t>(60 + (j % 64 + static_cast<size_t>(3 * i)) % 120 + j * 7 % 13);
    stream->push(in.data(), in.size());
    if (i % at_once == at_once - 1) pull();
  }
  stream->finish();
  pull();
  return all;
}

}  // namespace

void compare_streams(const FlashVsrWeights& weights, const FlashVsrConfig& config, const std::string& device, Table& table) {
  ModelInfo info;
  info.name = "golden";
  info.scales = {2};
  const std::shared_ptr<Model> model = make_flashvsr_model(info, weights, config, device);
  constexpr int kFrames = 31;
  const std::string one = stream_frames(*model, kFrames, 1, 1), whole = stream_frames(*model, kFrames, kFrames, 1), three = stream_frames(*model, kFrames, 7, 3);
  const size_t expected = kFrames * (size_t{128} * 96 * 3 / 2);
  table.line("stream: 31 frames in, out", "128x96", str(one.size() / (expected / kFrames)), "31", one.size() == expected);
  table.line("stream: pushed singly or at once", "", one == whole ? "identical" : "differ", "identical", one == whole);
  table.line("stream: 1 or 3 threads", "", one == three ? "identical" : "differ", "identical", one == three);
}

}  // namespace compare
