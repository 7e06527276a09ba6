// The memory plan: refused with numbers before the start, and an honest forecast of what a stream then takes.
#include "planning/memory_plan.h"

#include "check_test.h"
#include "graphs/flashvsr/memory.h"
#include "graphs/small/model.h"
#include "graphs/parts/noise.h"
#include "small_fixture.h"

using namespace heirloom;

namespace {

constexpr size_t kGigabyte = 1000000000;

StreamOptions output_of(int width, int height, int scale = 4) {
  StreamOptions o;
  o.scale = scale;
  o.input.width = width / scale;
  o.input.height = height / scale;
  o.output.width = width;
  o.output.height = height;
  return o;
}

ModelNeeds published(int width, int height) {
  ModelNeeds needs = flashvsr_needs(published_flashvsr(), output_of(width, height), true);
  needs.model = "flashvsr-v1.1";
  return needs;
}

// A card that offers everything. A tenth of its memory is not ours.
DeviceMemory card(size_t gigabytes) {
  DeviceMemory d;
  d.free = gigabytes * kGigabyte / 10 * 9;
  d.is_separate = d.streams_weights = d.parks_parts = true;
  d.host_free = 48 * kGigabyte;
  d.number = "bf16";
  d.small_cache = "int8";
  d.product_bytes = 2;
  d.overhead = size_t{34} << 20;                      // scratch of a card with 132 multiprocessors
  return d;
}

MemoryMode bf16(bool has_small_cache = false, bool streams = false) {
  MemoryMode h;
  h.number_bytes = h.product_bytes = 2;
  h.cache_bytes = has_small_cache ? 1 : 2;
  h.streams_weights = streams;
  return h;
}

double gigabytes(size_t bytes) { return static_cast<double>(bytes) / 1e9; }

// A model of round numbers: 1000 bytes per pixel of state, as much of work space.
ModelNeeds simple(int64_t height, int64_t width) {
  ModelNeeds needs;
  needs.model = "simple";
  needs.size = "720\u00d7576";
  needs.scale = 2;
  needs.height = height;
  needs.width = width;
  needs.unit = {64, 64};
  needs.footprint = [](int64_t h, int64_t w, const MemoryMode&) {
    return Footprint{3000000, 0, static_cast<size_t>(500 * h * w), static_cast<size_t>(500 * h * w),
                     static_cast<size_t>(1000 * h * w)};
  };
  return needs;
}

}  // namespace

TEST("the published model's numbers: memory of earlier frames, decoder state, weights, operations") {
  const auto need = [](int height, int width) { return published(width, height).footprint(height, width, bf16()); };
  EXPECT_NEAR(gigabytes(need(768, 1408).cache), 4.67, 0.005);
  EXPECT_NEAR(gigabytes(need(768, 1280).cache), 4.25, 0.005);
  EXPECT_NEAR(gigabytes(need(1024, 1920).cache), 8.49, 0.005);
  EXPECT_NEAR(gigabytes(need(2048, 3840).cache), 33.97, 0.005);
  EXPECT_NEAR(gigabytes(need(768, 1408).remembered), 0.363 + 0.0346, 0.0005);  // the decoder's and the projection's
  EXPECT_NEAR(gigabytes(need(768, 1408).weights), 2.838 - 0.334 + 0.094 + 0.576 + 0.091, 0.002);
  EXPECT_NEAR(flashvsr_operations(published_flashvsr(), 768 * 1408) / 1e12, 66.34, 0.7);
  EXPECT_NEAR(flashvsr_operations(published_flashvsr(), 2048 * 3840) / 1e12, 482.54, 5);
}

TEST("eight bits halve the memory of earlier frames; streamed weights leave two layers on the device") {
  const ModelNeeds needs = published(1920, 1024);
  const Footprint plain = needs.footprint(1024, 1920, bf16()), small = needs.footprint(1024, 1920, bf16(true)),
                  streamed = needs.footprint(1024, 1920, bf16(true, true));
  EXPECT(small.cache * 2 == plain.cache && small.weights == plain.weights && streamed.cache == small.cache);
  EXPECT_NEAR(gigabytes(streamed.weights), 0.95, 0.05);
  EXPECT_NEAR(gigabytes(streamed.host_weights), 2.5, 0.05);
}

// 1920x1080 is padded to 1920x1152. (FlashVSR's own script cuts it to 1920x1024 and takes a ninth less.)
TEST("at 1080p, whole with bf16 stays under 14 GB, small mode under 7.5 GB") {
  const ModelNeeds needs = published(1920, 1080);
  const std::vector<MemoryMode> rungs = ladder(needs, card(80));
  const MemoryPlan whole = plan_of(needs, rungs[0], card(80)), small = plan_of(needs, rungs[2], card(80));
  std::printf("      whole %.2f GB, 8-bit cache and streamed weights %.2f GB\n", gigabytes(whole.total),
              gigabytes(small.total));
  EXPECT(whole.mode == "whole" && gigabytes(whole.total) <= 14 && small.mode == "streamed-weights" &&
         gigabytes(small.total) <= 7.5);
}

TEST("large products of eight bits take half the room of their layers") {
  const ModelNeeds needs = published(1920, 1024);
  DeviceMemory fp8 = card(80);
  fp8.product_bytes = 1;
  const MemoryPlan plain = choose(needs, card(80)), small = choose(needs, fp8);
  EXPECT_NEAR(gigabytes(plain.weights) - gigabytes(small.weights), 1.25, 0.01);
  EXPECT(small.mode == "whole" && small.sentence.text.find("fp8") != std::string::npos);
}

TEST("the ladder by card and size: what each picks, that it fits, and that nothing better would have") {
  struct Case {
    size_t card;
    int width, height;
    const char* mode;
  };
  for (const Case& c : {Case{8, 1408, 768, "small-cache"},
                        {8, 1920, 1024, "streamed-weights"},
                        {8, 1920, 1080, "streamed-weights"},
                        {8, 3840, 2160, "parts"},
                        {10, 1920, 1024, "small-cache"},
                        {12, 1408, 768, "whole"},
                        {12, 1920, 1024, "small-cache"},
                        {12, 3840, 2160, "parts"},
                        {16, 1920, 1024, "whole"},
                        {16, 1920, 1080, "whole"},
                        {16, 3840, 2160, "parts"},
                        {24, 1920, 1080, "whole"},
                        {24, 3840, 2160, "parts"},
                        {80, 1920, 1080, "whole"},
                        {80, 3840, 2160, "whole"}}) {
    const DeviceMemory device = card(c.card);
    const ModelNeeds needs = published(c.width, c.height);
    const MemoryPlan plan = choose(needs, device);
    std::printf("      %2zu GB, %dx%d: %s, %s\n", c.card, c.width, c.height, plan.mode.c_str(),
                plan.sentence.text.c_str());
    if (plan.mode != c.mode)
      check::failed(__FILE__, __LINE__,
                    std::to_string(c.card) + " GB, " + std::to_string(c.width) + "x" + std::to_string(c.height) +
                        " picks " + plan.mode + ", expected " + c.mode);
    EXPECT(plan.fits && plan.total <= plan.limit && plan.total == plan.weights + plan.state + plan.activations &&
           plan.cache <= plan.state);
    for (const MemoryMode& better : ladder(needs, device)) {
      const MemoryPlan other = plan_of(needs, better, device);
      if (other.mode == plan.mode && other.rows == plan.rows && other.columns == plan.columns) break;
      EXPECT(!other.fits);
    }
  }
}

TEST("a plan says which, why, and at what price") {
  const MemoryPlan whole = choose(published(1408, 768), card(80)), parts = choose(published(3840, 2160), card(16));
  EXPECT(whole.mode == "whole" && whole.speed == 1 && whole.sentence.text.find("bf16") != std::string::npos);
  EXPECT(parts.mode == "parts" && parts.rows * parts.columns > 1 && parts.speed < 1 && parts.host > 0 &&
         parts.whole > parts.limit);
  for (const std::string& part : {in_words(parts.whole), in_words(parts.limit), in_words(parts.total),
                                  std::to_string(parts.rows) + " x " + std::to_string(parts.columns),
                                  std::string("overlapping"), std::string("% of the usual speed")})
    EXPECT(parts.sentence.text.find(part) != std::string::npos);
}

TEST("a card that offers less goes down another ladder") {
  DeviceMemory turing = card(12);
  turing.number = "fp16";
  turing.streams_weights = turing.parks_parts = false;
  const std::vector<MemoryMode> rungs = ladder(published(1920, 1080), turing);
  EXPECT(rungs[0].name == "whole" && rungs[1].name == "small-cache" && rungs[2].name == "parts" &&
         !rungs[2].streams_weights);
  DeviceMemory host_full = card(12);
  host_full.host_free = kGigabyte;  // not enough for weights to wait there
  EXPECT(choose(published(1920, 1024), host_full).mode != "streamed-weights");
}

TEST("one step down is the next rung that fits, and forced parts leave no choice") {
  const DeviceMemory device = card(80);
  const ModelNeeds needs = published(1408, 768);
  EXPECT(choose(needs, device, {1}).mode == "small-cache" && choose(needs, device, {2}).mode == "streamed-weights" &&
         choose(needs, device, {3}).mode == "parts");
  EXPECT(choose(needs, device, {1}).sentence.text.find("To take less memory") != std::string::npos);
  const MemoryPlan forced = choose(needs, device, {0, 1, 2});
  EXPECT(forced.mode == "parts" && forced.rows == 1 && forced.columns == 2);
  EXPECT(choose(simple(64, 64), card(8), {1}).mode != "whole");
  DeviceMemory processor;
  processor.free = kGigabyte;
  EXPECT(choose(simple(64, 64), processor).mode == "whole" && choose(simple(64, 64), processor, {1}).mode == "refused");
}

TEST("parts add up: every part remembers for itself, one is at work at a time") {
  DeviceMemory processor;
  processor.free = 100 * kGigabyte;
  const MemoryPlan whole = choose(simple(896, 896), processor), parts = choose(simple(896, 896), processor, {0, 2, 2});
  EXPECT(whole.total == 3000000 + 2000 * size_t{896 * 896});
  const size_t part = size_t{512 * 512};  // 14 units in two parts that share one: 8 each
  EXPECT(parts.state == 4 * 1000 * part && parts.activations == 1000 * part);
  EXPECT_NEAR(parts.speed, 896.0 * 896 / (4 * 512 * 512), 1e-9);
}

TEST("a refusal names what was asked, what it needs, what there is, and a smaller model that would fit") {
  DeviceMemory processor;
  processor.free = 100000000;
  ModelNeeds large = simple(640, 384);
  large.unit = {640, 384};
  const MemoryPlan plan = choose(large, processor);
  EXPECT(plan.mode == "refused" && !plan.fits);
  std::string sentence;
  EXPECT(check::error_code([&] { require_fits(plan); }, &sentence) == "out-of-memory");
  for (const char* part : {"720\u00d7576", "495 MB", "3 MB", "246 MB", "100 MB", "Nothing was started"})
    EXPECT(sentence.find(part) != std::string::npos);
  ModelNeeds small = simple(64, 64), huge = simple(6400, 6400);
  small.model = "heirloom-s";
  EXPECT(choose(large, processor, {}, {huge, small}).smaller == "heirloom-s");
  EXPECT(choose(large, processor, {}, {huge, small}).sentence.text.find("heirloom-s") != std::string::npos);
}

TEST("0 means nine tenths of what is free") {
  const MachineMemory machine = machine_memory();
  EXPECT(machine.total > 0 && machine.available > 0 && machine.available <= machine.total);
  EXPECT(device_memory({"cpu"}, 0).free > 0 && device_memory({"cpu"}, 0).free <= machine.total &&
         device_memory({"cpu"}, 123).free == 123);
  EXPECT(in_words(1) == "1 MB" && in_words(523000000) == "523 MB" && in_words(9290000000) == "9.3 GB");
}

TEST("a stream that would not fit is refused, and the same stream with more room starts") {
  const small_fixture::Folder folder;
  const auto model = Model::load(folder.path.string(), {"cpu"});
  StreamOptions o;
  o.input.width = o.input.height = 64;
  o.output.width = o.output.height = 128;
  o.memory_limit = 1000000;
  EXPECT(!model->plan(o).fits);
  EXPECT(check::error_code([&] { model->stream(o); }) == "out-of-memory");
  o.memory_limit = model->plan(o).total;
  EXPECT(model->plan(o).fits);
  EXPECT(model->stream(o) != nullptr);
}

// The ops say how much was really in use at one time while a stream's own steps run.
TEST("what the graph takes stays within the plan, and the plan is not wildly larger") {
  const small_fixture::Folder folder(small_fixture::Sizes::shipped());
  for (auto [w, h] : {std::pair{320, 192}, std::pair{720, 576}}) {
    const auto ops = make_ops({"cpu"}, 2, nullptr);
    const SmallWeights weights =
        load_small_weights(*ops, folder.path.string(), Json::read_file((folder.path / "model.json").string()));
    StreamOptions o;
    o.scale = 1;
    o.input.width = o.output.width = w;
    o.input.height = o.output.height = h;
    const ModelNeeds needs = small_needs(weights.config, weights.bytes, o);
    const int64_t H = needs.height, W = needs.width;
    const Footprint footprint = needs.footprint(H, W, MemoryMode());
    SmallGraph graph(*ops, weights, {}, H, W);
    SmallState state;
    const auto noise = [&](int64_t latent) { return ops->memory.upload(keyed_noise(0, latent, H / 16, W / 16, 16)); };
    for (int t = 0; t < 12; ++t)
      graph.take(ops->memory.zeros({3, H, W}), state, noise,
                 [&](const Tensor& y) { ops->memory.download(ops->features.clamp(y, -1, 1)); });
    const double planned = double(footprint.cache + footprint.remembered + footprint.work + needs.frames),
                 used = double(ops->memory.peak_bytes()), held = double(ops->memory.pool_bytes());
    if (!(used <= planned && held <= planned && used >= 0.4 * planned))
      check::failed(__FILE__, __LINE__,
                    std::to_string(w) + "x" + std::to_string(h) + ": planned " + std::to_string(planned / 1e6) +
                        " MB, in use " + std::to_string(used / 1e6) + ", held " + std::to_string(held / 1e6));
  }
}

TEST_MAIN
