// The memory plan: refused with numbers before the start, and an honest forecast of what a stream then takes.
#include "memory_plan.h"

#include "check_test.h"
#include "model/small_model.h"
#include "model/small_noise.h"
#include "small_fixture.h"

using namespace heirloom;

TEST("a plan adds up, and 0 means nine tenths of what is free") {
  const MemoryPlan plan = make_plan(100, 20, 3, 123);
  EXPECT(plan.total == 123 && plan.fits && plan.limit == 123);
  EXPECT(!make_plan(100, 20, 4, 123).fits);
  const MachineMemory machine = machine_memory();
  EXPECT(machine.total > 0 && machine.available > 0 && machine.available <= machine.total);
  const size_t limit = make_plan(1, 0, 0, 0).limit;
  EXPECT(limit > 0 && limit <= machine.total);
}

TEST("a refusal names what was asked, what it needs and what there is") {
  std::string sentence;
  EXPECT(check::error_code([] { require_fits(make_plan(3000000, 20000000, 500000000, 100000000), "a stream of 720x576 at x2"); }, &sentence) == "out-of-memory");
  for (const char* part : {"720x576", "523 MB", "3 MB", "20 MB", "500 MB", "100 MB"}) EXPECT(sentence.find(part) != std::string::npos);
}

TEST("a stream that would not fit is refused, and the same stream with more room starts") {
  const small_fixture::Folder folder;
  const auto model = make_small_model(folder.path.string(), Json::read_file((folder.path / "model.json").string()), "cpu");
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
    const auto ops = make_ops("cpu", 2, nullptr);
    const SmallWeights weights = load_small_weights(*ops, folder.path.string(), Json::read_file((folder.path / "model.json").string()));
    StreamOptions o;
    o.scale = 1;
    o.input.width = o.output.width = w;
    o.input.height = o.output.height = h;
    const SmallMemory memory = small_memory(weights.config, o);
    const int64_t H = (h + 63) / 64 * 64, W = (w + 63) / 64 * 64;
    SmallGraph graph(*ops, weights, {}, H, W);
    SmallState state;
    std::vector<SmallGraph::Frame> waiting;
    for (int t = 0; t < 12; ++t) {
      Tensor picture = ops->zeros({3, H, W});
      waiting.push_back(graph.condition(picture, state));
      if (waiting.size() < 4) continue;
      std::vector<Tensor> planes = graph.latent(waiting, ops->upload(keyed_noise(0, state.latents, H / 16, W / 16, 16)), state);
      for (size_t i = 0; i < 4; ++i) {
        const Tensor y = ops->clamp(graph.decode(waiting[i], planes[i], state), -1, 1);
        const Tensor host = ops->download(y);
        waiting[i] = {};
        planes[i] = {};
      }
      waiting.clear();
    }
    const double planned = double(memory.state + memory.activations), used = double(ops->peak_bytes()), held = double(ops->pool_bytes());
    if (!(used <= planned && held <= planned && used >= 0.4 * planned))
      check::failed(__FILE__, __LINE__, std::to_string(w) + "x" + std::to_string(h) + ": planned " + std::to_string(planned / 1e6) + " MB, in use " + std::to_string(used / 1e6) + ", held " + std::to_string(held / 1e6));
  }
}

TEST_MAIN
