// heirloom-small: the graph against the plain double version, and what streams promise: N in = N out, any pattern, any threads.
#include "graphs/small/model.h"

#include <thread>

#include "check_test.h"
#include "planning/memory_plan.h"
#include "graphs/parts/noise.h"
#include "pixel/pixel.h"
#include "small_fixture.h"
#include "small_reference.h"
#include "stream_fixture.h"

using namespace heirloom;
using small_fixture::Folder;
using small_fixture::Sizes;
using stream_fixture::clip;
using stream_fixture::enhance;
using stream_fixture::Frame;
using stream_fixture::options;
using stream_fixture::pull_all;

namespace {

std::shared_ptr<Model> load(const Folder& folder) { return Model::load(folder.path.string(), {"cpu"}); }

double relative(const Tensor& got, const std::vector<double>& wanted) {
  if (size_t(got.count()) != wanted.size())
    check::failed(__FILE__, __LINE__,
                  "a tap has " + std::to_string(got.count()) + " values, not " + std::to_string(wanted.size()));
  double worst = 0, largest = 1e-30;
  for (size_t i = 0; i < wanted.size(); ++i) {
    worst = std::max(worst, std::abs(double(got.data()[i]) - wanted[i]));
    largest = std::max(largest, std::abs(wanted[i]));
  }
  return worst / largest;
}

// Runs the graph over random pictures and compares every tap with the double version.
void compare_with_reference(const Sizes& sizes, int H, int W, int latents, double strength, uint64_t seed) {
  const Folder folder(sizes, seed);
  const auto ops = make_ops({"cpu"}, 2, nullptr);
  const SmallWeights weights =
      load_small_weights(*ops, folder.path.string(), Json::read_file((folder.path / "model.json").string()));
  check::Random random(seed + 100);
  std::vector<small_reference::Values> frames;
  for (int t = 0; t < 4 * latents; ++t) {
    small_reference::Values x(size_t(3 * H * W));
    for (size_t i = 0; i < x.size(); ++i)
      x[i] = float(0.6 * std::sin(0.11 * double(i % size_t(W)) + 0.03 * double(i / size_t(W)) + 0.1 * t) +
                   0.05 * random.uniform());
    frames.push_back(x);
  }
  const SmallChange how = weights.strength(strength);
  small_reference::Reference reference{sizes, folder.weights, H, W, {}, {}};
  const auto values = [](const Tensor& t) {
    return t.defined() ? small_reference::Values(t.data(), t.data() + t.count()) : small_reference::Values();
  };
  reference.strength_rows = values(how.rows);
  reference.strength_basis = values(how.basis);
  const auto noise = [&](int latent) {
    const Tensor z = keyed_noise(3, latent, H / 16, W / 16, sizes.noise);
    return small_reference::Values(z.data(), z.data() + z.count());
  };
  const small_reference::Result truth = reference.run(frames, noise);

  std::map<std::string, double> errors;
  size_t masks = 0;
  Taps taps;
  taps.tensor = [&](const std::string& name, const Tensor& value) {
    int index = 0, block = 0;
    const Tensor host = ops->memory.download(value);
    if (std::sscanf(name.c_str(), "latent.%d.block.%d", &index, &block) == 2)
      errors[name] = relative(host, truth.blocks[size_t(index)][size_t(block)]);
    else if (std::sscanf(name.c_str(), "latent.%d", &index) == 1)
      errors[name] = relative(host, truth.tokens[size_t(index)]);
    else if (std::sscanf(name.c_str(), "frame.%d", &index) == 1) {
      const std::string kind = name.substr(name.rfind('.') + 1);
      errors[name] = relative(host, (kind == "mean"            ? truth.means
                                     : kind == "condition"     ? truth.conditions
                                     : kind == "neighbours"    ? truth.neighbours
                                     : kind == "latent_planes" ? truth.planes
                                     : kind == "features"      ? truth.features
                                                               : truth.outs)[size_t(index)]);
    }
  };
  taps.mask = [&](const std::string& name, const BlockMask& keep) {
    int latent = 0, block = 0;
    EXPECT(std::sscanf(name.c_str(), "latent.%d.mask.%d", &latent, &block) == 2);
    std::vector<uint8_t> mask(size_t(keep.heads * keep.queries * keep.keys), 0);
    for (size_t row = 0; row + 1 < keep.first.size(); ++row)
      for (int64_t j = keep.first[row]; j < keep.first[row + 1]; ++j)
        mask[row * size_t(keep.keys) + size_t(keep.key[size_t(j)])] = 1;
    EXPECT(mask == truth.masks[size_t(latent)][size_t(block)]);
    ++masks;
  };
  SmallGraph graph(*ops, weights, strength, H, W, &taps);
  SmallState state;
  const auto uploaded = [&](int64_t latent) {
    return ops->memory.upload(keyed_noise(3, latent, H / 16, W / 16, sizes.noise));
  };
  const auto ignore = [](const Tensor&) {};
  for (const auto& x : frames) {
    Tensor picture = Tensor::heap({3, H, W});
    for (size_t i = 0; i < x.size(); ++i) picture.data()[i] = float(x[i]);
    graph.take(ops->memory.upload(picture), state, uploaded, ignore);
  }
  graph.finish(state, uploaded, ignore);
  EXPECT(masks == size_t(latents * sizes.layers));
  EXPECT(errors.size() == size_t(latents * (1 + sizes.layers) + 4 * latents * (sizes.neighbours ? 6 : 5)));
  for (const auto& [name, error] : errors)
    if (!(error <= 1e-5))
      check::failed(__FILE__, __LINE__,
                    name + " is off by " + std::to_string(error * 1e6) +
                        "e-6 of its largest value");  // fp32 sums of hundreds of terms
}

TEST("every tap of a tiny model equals the double version, four latents long") {
  compare_with_reference({}, 128, 192, 4, 1, 21);
}

TEST("the smallest picture, one window, works too") { compare_with_reference({}, 64, 64, 2, 1, 22); }

TEST("more decoder blocks, no shift, one cached segment, even local range") {
  Sizes s;
  s.blocks = 2;
  s.shift = 0;
  s.kv = 1;
  s.local_range = 2;
  compare_with_reference(s, 128, 128, 3, 1, 23);
}

TEST("a decoder that sees its neighbours and makes fewer axes") {
  Sizes s;
  s.neighbours = true;
  s.axes = 20;
  compare_with_reference(s, 64, 128, 3, 1, 25);
}

TEST("the frame after as one more neighbour, and two wider blocks") {
  Sizes s;
  s.neighbours = s.after = true;
  s.blocks = 2;
  s.channels = 16;
  s.shift = 4;
  s.axes = 20;
  compare_with_reference(s, 64, 128, 3, 1, 26);
}

TEST("the strength embedding moves every block's modulation and the axes' gains") {
  Sizes s;
  s.strength = 8;
  s.axes = 20;
  compare_with_reference(s, 64, 128, 2, 0.4, 24);
}

// The trained side's own numbers. Feature maps stand there as [C, H, W], pictures unpadded, and the clip's end is not filled up.
void compare_with_goldens(const std::string& name, double bound) {
  const std::string folder = std::string(HL_ROOT) + "/test/fixtures/" + name;
  const auto ops = make_ops({"cpu"}, 2, nullptr);
  const SmallWeights weights = load_small_weights(*ops, folder, Json::read_file(folder + "/model.json"));
  Weights inputs, outputs;
  inputs.open(folder + "/inputs.safetensors");
  outputs.open(folder + "/outputs.safetensors");
  const Tensor x = inputs.get("x"), noise = inputs.get("noise");  // [T, 3, H, W], [latents, h * w, channels]
  const double strength = inputs.has("strength") ? double(inputs.get("strength").data()[0]) : 1;
  const int64_t H = (x.shape[2] + 63) / 64 * 64, W = (x.shape[3] + 63) / 64 * 64;
  size_t compared = 0;
  Taps taps;
  taps.tensor = [&](const std::string& tap, const Tensor& value) {
    if (!outputs.has(tap)) return;
    const Tensor wanted = outputs.get(tap);
    const bool map = tap.find("condition") != std::string::npos || tap.find("features") != std::string::npos ||
                     tap.find("planes") != std::string::npos || tap.find("neighbours") != std::string::npos;
    std::vector<double> values(wanted.data(), wanted.data() + wanted.count());
    if (map)
      for (int64_t c = 0, n = wanted.shape[1] * wanted.shape[2]; c < wanted.shape[0]; ++c)
        for (int64_t i = 0; i < n; ++i) values[size_t(i * wanted.shape[0] + c)] = wanted.data()[c * n + i];
    const double error = relative(ops->memory.download(value), values);
    if (!(error <= bound))
      check::failed(__FILE__, __LINE__, tap + " is off by " + std::to_string(error * 1e6) + "e-6 of its largest value");
    ++compared;
  };
  taps.mask = [&](const std::string& tap, const BlockMask& keep) {
    const Entry& wanted = outputs.entry(tap);
    std::vector<uint8_t> mask(size_t(keep.heads * keep.queries * keep.keys), 0);
    for (size_t row = 0; row + 1 < keep.first.size(); ++row)
      for (int64_t j = keep.first[row]; j < keep.first[row + 1]; ++j)
        mask[row * size_t(keep.keys) + size_t(keep.key[size_t(j)])] = 1;
    EXPECT(wanted.shape.count() == int64_t(mask.size()));
    EXPECT(std::equal(mask.begin(), mask.end(), wanted.bytes));
    ++compared;
  };
  const Tensor quantisers = inputs.has("quantiser") ? inputs.get("quantiser") : Tensor();  // [latents]
  SmallGraph graph(*ops, weights, strength, H, W, &taps);
  SmallState state;
  const auto noise_of = [&](int64_t latent) {
    return ops->memory.upload(noise.row_range(latent, 1).reshape({noise.shape[1], noise.shape[2]}));
  };
  const auto ignore = [](const Tensor&) {};
  for (int64_t t = 0; t < x.shape[0]; ++t)
    graph.take(ops->pictures.pad_edge(ops->memory.upload(x.row_range(t, 1).reshape({3, x.shape[2], x.shape[3]})), H, W),
               state, noise_of, ignore, quantisers.defined() ? double(quantisers.data()[t / 4]) : 0);
  graph.finish(state, noise_of, ignore);
  EXPECT(compared == outputs.entries().size());
}

}  // namespace

TEST("every golden tap of the trained side is met, masks exactly") { compare_with_goldens("heirloom-s-golden", 1e-5); }
TEST("so are those of a small heirloom-m: the frame after, carried back, and two blocks") {
  compare_with_goldens("heirloom-m-golden", 1e-5);
}
// The goldens take cosines of angles up to 1000 in fp32, good to 3e-5; ours are taken in double.
TEST("the goldens with a strength embedding are met too") { compare_with_goldens("heirloom-s-golden-strength", 1e-4); }
TEST("and those of a model that is told a quantiser, another for every latent") {
  compare_with_goldens("heirloom-keepsake-golden", 1e-4);
}

TEST("noise depends on its key alone and is normal") {
  const Tensor a = keyed_noise(5, 3, 40, 50, 16), b = keyed_noise(5, 3, 4, 50, 16), c = keyed_noise(6, 3, 4, 50, 16);
  for (int64_t i = 0; i < b.count(); ++i) EXPECT(a.data()[i] == b.data()[i]);
  EXPECT(b.data()[0] != c.data()[0]);
  double mean = 0, square = 0, fourth = 0;
  for (int64_t i = 0; i < a.count(); ++i) {
    const double v = a.data()[i];
    mean += v;
    square += v * v;
    fourth += v * v * v * v;
  }
  const double n =
      double(a.count());  // 32000 values: the mean is good to 0.0056, the square to 0.008, the fourth power to 0.055
  EXPECT_NEAR(mean / n, 0, 0.025);
  EXPECT_NEAR(square / n, 1, 0.035);
  EXPECT_NEAR(fourth / n, 3, 0.25);
}

// A model that looks ahead waits for one more latent: its first frames come after the eighth.
Sizes looking_ahead() {
  Sizes s;
  s.neighbours = true;
  s.axes = 20;
  return s;
}

TEST("1 to 13 frames in give as many out, whatever the push pattern") {
  for (const Sizes& sizes : {Sizes(), looking_ahead()}) {
    const Folder folder(sizes);
    const auto model = load(folder);
    const StreamOptions o = options(17, 19, 2);
    const std::vector<Frame> frames = clip(o.input, 13);
    for (size_t n = 1; n <= 13; ++n) {
      const std::vector<Frame> some(frames.begin(), frames.begin() + long(n));
      const std::vector<Frame> out = enhance(*model, o, some, 1);
      EXPECT(out.size() == n);
      EXPECT(out == enhance(*model, o, some, 3) && out == enhance(*model, o, some, 0));
    }
    // latents that were seen whole do not depend on what follows
    const std::vector<Frame> all = enhance(*model, o, frames),
                             eight = enhance(*model, o, {frames.begin(), frames.begin() + 8});
    for (size_t i = 0; i < 12 - size_t(model->info().start_up_frames); ++i) EXPECT(all[i] == eight[i]);
  }
}

TEST("frames come as soon as stated: four after the fourth push, or after the eighth where the decoder looks ahead") {
  for (const Sizes& sizes : {Sizes(), looking_ahead()}) {
    const Folder folder(sizes);
    const auto model = load(folder);
    const int first = sizes.neighbours ? 8 : 4;
    EXPECT(model->info().start_up_frames == first && model->info().contract.time.chunk == 4);
    const StreamOptions o = options(16, 16, 1);
    const auto stream = model->stream(o);
    const std::vector<Frame> frames = clip(o.input, 13);
    for (size_t i = 0; i < 13; ++i) {
      stream->push(frames[i].data(), frames[i].size(), stream_fixture::next_time());
      EXPECT(int64_t(stream->ready()) == std::max<int64_t>(0, (int64_t(i) + 1) / 4 * 4 - first + 4));
    }
  }
}

TEST("odd sizes, every scale, every chroma: the output has its size, and threads change no bit") {
  const Folder folder;
  const auto model = load(folder);
  for (auto [w, h, scale] : {std::array{16, 16, 1}, std::array{16, 16, 4}, std::array{17, 19, 2},
                             std::array{427, 239, 2}, std::array{61, 35, 4}}) {
    for (Chroma chroma : {Chroma::c420, Chroma::c444, Chroma::gray}) {
      if (w > 100 && chroma != Chroma::c420) continue;
      StreamOptions o = options(w, h, scale);
      o.input.chroma = chroma;
      o.output.bits = 10;
      const std::vector<Frame> frames = clip(o.input, 5);
      o.threads = 1;
      const std::vector<Frame> one = enhance(*model, o, frames);
      o.threads = 3;
      EXPECT(one.size() == 5 && one[4].size() == o.output.bytes());
      EXPECT(one == enhance(*model, o, frames));
    }
  }
}

TEST("the model changes the picture, the seed changes the result, the same seed does not") {
  const Folder folder;
  const auto model = load(folder);
  StreamOptions o = options(48, 40, 2);
  const std::vector<Frame> frames = clip(o.input, 4);
  const std::vector<Frame> a = enhance(*model, o, frames);
  EXPECT(a == enhance(*model, o, frames));
  o.seed = 8;
  EXPECT(a != enhance(*model, o, frames));
  o.strength = 0;
  EXPECT(a != enhance(*model, o, frames));
}

TEST("strength 0 gives the input bit for bit at x1 and the resized input otherwise") {
  const Folder folder;
  const auto model = load(folder);
  StreamOptions o = options(33, 17, 1);
  o.strength = 0;
  const std::vector<Frame> frames = clip(o.input, 3);
  EXPECT(enhance(*model, o, frames) == frames);
  o = options(33, 17, 2);
  o.strength = 0;
  const std::vector<Frame> out = enhance(*model, o, frames);
  EXPECT(out.size() == 3);
  std::vector<float> rgb(3 * 33 * 17), big(3 * 66 * 34);
  Frame wanted(o.output.bytes());
  pixel::to_rgb(o.input, frames[1].data(), rgb.data(), pixel::serial_rows);
  pixel::enlarge(rgb.data(), 33, 17, 2, big.data(), 66, 34, pixel::serial_rows);
  pixel::from_rgb(o.output, big.data(), 66, 66 * 34, wanted.data(), pixel::serial_rows);
  EXPECT(out[1] == wanted);
  o.strength = 0.5f;
  EXPECT(check::error_code([&] { model->stream(o); }) == "bad-argument");
}

// Pushed at the times 0, 10, 20 ...
std::vector<Frame> told(const Model& model, StreamOptions o, const std::vector<Frame>& frames,
                        std::vector<QuantiserFrom> quantisers) {
  o.quantisers = std::move(quantisers);
  const auto stream = model.stream(o);
  std::vector<Frame> out;
  for (size_t i = 0; i < frames.size(); ++i) stream->push(frames[i].data(), frames[i].size(), Ticks(10 * i));
  stream->finish();
  stream_fixture::pull_all(*stream, o.output.bytes(), out);
  return out;
}

small_fixture::Sizes with_quantiser() {
  small_fixture::Sizes s;
  s.quantiser = 8;
  s.axes = 20;
  return s;
}

TEST("a quantiser holds from its frame on, latent by latent, and its default where none is given") {
  const Folder folder(with_quantiser());
  const auto model = load(folder);
  StreamOptions o = options(48, 40, 1);
  o.output.bits = 16;
  const std::vector<Frame> frames = clip(o.input, 8);
  const std::vector<Frame> coarse = told(*model, o, frames, {{0, 0.9}}), fine = told(*model, o, frames, {{0, 0.2}}),
                           both = told(*model, o, frames, {{0, 0.9}, {40, 0.2}});
  EXPECT(std::equal(both.begin(), both.begin() + 4, coarse.begin()));
  for (size_t i = 4; i < 8; ++i) EXPECT(both[i] != coarse[i]);
  EXPECT(coarse != fine);
  EXPECT(told(*model, o, frames, {}) == told(*model, o, frames, {{-kMostTicks, 0.75}}));
  // the mean over the four frames of a latent
  EXPECT(told(*model, o, frames, {{0, 0.25}, {10, 0.75}}) == told(*model, o, frames, {{0, 0.625}, {40, 0.75}}));
  o.threads = 3;
  EXPECT(told(*model, o, frames, {{0, 0.9}, {40, 0.2}}) == both);
}

TEST("with a quantiser the strength is the share of the residual, and nothing at 0") {
  const Folder folder(with_quantiser());
  const auto model = load(folder);
  StreamOptions o = options(48, 40, 1);
  const std::vector<Frame> frames = clip(o.input, 4);
  o.strength = 0;
  EXPECT(told(*model, o, frames, {{0, 0.9}}) == frames);
  o.output.bits = 16;
  const auto at = [&](float share) {
    o.strength = share;
    const std::vector<Frame> out = told(*model, o, frames, {{0, 0.9}});
    std::vector<double> values;
    for (size_t i = 0; i + 1 < out[1].size(); i += 2) values.push_back(out[1][i] + 256.0 * out[1][i + 1]);
    return values;
  };
  const std::vector<double> none = at(0), part = at(0.125f), quarter = at(0.25f);
  double moved = 0, off = 0;
  for (size_t i = 0; i < none.size(); ++i) {
    moved += std::abs(quarter[i] - none[i]);
    off += std::abs(part[i] - (none[i] + quarter[i]) / 2);
  }
  EXPECT(moved > 0 && off < 0.02 * moved);  // what is clamped is not in proportion
}

TEST("quantisers that cannot be, and those of a model that is told none, are refused") {
  const Folder folder(with_quantiser()), other;
  const auto model = load(folder);
  StreamOptions o = options(48, 40, 1);
  for (const std::vector<QuantiserFrom>& wrong :
       {std::vector<QuantiserFrom>{{0, 1.5}}, {{0, NAN}}, {{0, 0.5}, {0, 0.6}}, {{9, 0.5}, {0, 0.6}}}) {
    o.quantisers = wrong;
    EXPECT(check::error_code([&] { model->stream(o); }) == "bad-argument");
  }
  o.quantisers = {{0, 0.5}};
  EXPECT(check::error_code([&] { load(other)->stream(o); }) == "bad-argument");
}

TEST("a reset finishes what was pushed and starts afresh, as a new stream would") {
  const Folder folder;
  const auto model = load(folder);
  const StreamOptions o = options(24, 16, 2);
  const std::vector<Frame> frames = clip(o.input, 12);
  const std::vector<Frame> first(frames.begin(), frames.begin() + 6), second(frames.begin() + 6, frames.end());
  std::vector<Frame> wanted = enhance(*model, o, first), tail = enhance(*model, o, second), got;
  wanted.insert(wanted.end(), tail.begin(), tail.end());
  const auto stream = model->stream(o);
  for (const Frame& f : first) stream->push(f.data(), f.size(), stream_fixture::next_time());
  stream->reset();
  for (const Frame& f : second) stream->push(f.data(), f.size(), stream_fixture::next_time());
  stream->finish();
  pull_all(*stream, o.output.bytes(), got);
  EXPECT(got == wanted);
  EXPECT(check::error_code([&] { stream->push(frames[0].data(), frames[0].size(), stream_fixture::next_time()); }) ==
         "bad-argument");  // finished
  stream->reset();
  stream->push(frames[0].data(), frames[0].size(), stream_fixture::next_time());
}

TEST("colour fixes run and keep the frame count") {
  const Folder folder;
  const auto model = load(folder);
  StreamOptions o = options(40, 24, 2);
  const std::vector<Frame> frames = clip(o.input, 5), plain = enhance(*model, o, frames);
  for (ColourFix fix : {ColourFix::adain, ColourFix::wavelet}) {
    o.colour = fix;
    const std::vector<Frame> fixed = enhance(*model, o, frames);
    EXPECT(fixed.size() == 5 && fixed != plain);
  }
  o.colour = ColourFix::none;
  EXPECT(enhance(*model, o, frames) == plain);
}

TEST("detail gives fine structure back, more of it the more is asked for, in parts as in one piece; none is none") {
  const Folder folder;
  const auto model = load(folder);
  StreamOptions o = options(96, 80, 1);
  const std::vector<Frame> frames = clip(o.input, 5), plain = enhance(*model, o, frames);
  const auto distance = [&](const std::vector<Frame>& got) {  // of the luma to the input
    int64_t sum = 0;
    for (size_t i = 0; i < frames.size(); ++i)
      for (size_t p = 0; p < o.input.plane_bytes()[0]; ++p) sum += std::abs(int(got[i][p]) - int(frames[i][p]));
    return sum;
  };
  o.detail = 0.5f;
  const std::vector<Frame> half = enhance(*model, o, frames);
  EXPECT(half.size() == 5 && distance(half) < distance(plain));
  o.detail = 1;
  const std::vector<Frame> all = enhance(*model, o, frames);
  EXPECT(distance(all) < distance(half));
  o.detail = 0;
  EXPECT(enhance(*model, o, frames) == plain);
  o.strength = 0;
  o.detail = 1;
  EXPECT(enhance(*model, o, frames) == frames);
  o.detail = NAN;
  EXPECT(check::error_code([&] { model->stream(o); }) == "bad-argument");
}

TEST("a cancel from another thread ends the running call; a reset makes the stream as new") {
  const Folder folder(Sizes::shipped(), 2);
  const auto model = load(folder);
  StreamOptions o = options(320, 240, 2);
  const std::vector<Frame> frames = clip(o.input, 8);
  const std::vector<Frame> wanted = enhance(*model, o, {frames.begin(), frames.begin() + 1});
  const auto stream = model->stream(o);
  std::atomic<bool> started{false};
  std::thread other([&] {
    while (!started) std::this_thread::yield();
    stream->cancel();
  });
  const std::string code = check::error_code([&] {
    for (;;) {  // until the cancel arrives
      for (const Frame& f : frames) {
        started = true;
        stream->push(f.data(), f.size(), stream_fixture::next_time());
      }
    }
  });
  other.join();
  EXPECT(code == "cancelled");
  EXPECT(check::error_code([&] { stream->finish(); }) == "cancelled");
  std::vector<Frame> dropped, got;
  pull_all(*stream, o.output.bytes(), dropped);
  stream->reset();
  stream->push(frames[0].data(), frames[0].size(), stream_fixture::next_time());
  stream->finish();
  pull_all(*stream, o.output.bytes(), got);
  EXPECT(got == wanted);
}

TEST("wrong sizes, scales and buffers are bad arguments with a reason") {
  const Folder folder;
  const auto model = load(folder);
  StreamOptions o = options(32, 32, 2);
  o.output.width = 65;
  EXPECT(check::error_code([&] { model->stream(o); }) == "bad-argument");
  o = options(32, 32, 2);
  o.scale = 3;
  EXPECT(check::error_code([&] { model->plan(o); }) == "bad-argument");
  o = options(15, 32, 2);
  EXPECT(check::error_code([&] { model->plan(o); }) == "bad-argument");
  o = options(32, 32, 2);
  o.strength = NAN;
  EXPECT(check::error_code([&] { model->plan(o); }) == "bad-argument");
  o = options(32, 32, 2);
  const auto stream = model->stream(o);
  Frame frame(o.input.bytes() + 1);
  EXPECT(check::error_code([&] { stream->push(frame.data(), frame.size(), stream_fixture::next_time()); }) ==
         "bad-argument");
  EXPECT(check::error_code([&] { stream->pull(frame.data(), o.output.bytes()); }) == "bad-argument");
}

TEST("a scale with weights of its own is enlarged by them, every other one as before") {
  const Folder folder, other({}, 2);
  const auto with_own = [&](const std::string& own) {
    std::string text = small_fixture::model_json({});
    return text.insert(text.find(",\"config\""), ",\"weights_at\":{" + own + "}");
  };
  const auto at = [](const Folder& f, int scale) {
    const auto model = load(f);
    const StreamOptions o = options(32, 32, scale);
    return enhance(*model, o, clip(o.input, 5, 3));
  };
  const std::vector<Frame> x2 = at(folder, 2), x4 = at(other, 4);
  const std::string hash = load(folder)->info().hash;
  const size_t parameters = load(folder)->info().parameters;
  std::filesystem::copy_file(other.path / "model.safetensors", folder.path / "own.safetensors");
  folder.write_json(with_own("\"4\":\"own.safetensors\""));
  EXPECT(at(folder, 2) == x2);
  EXPECT(at(folder, 4) == x4);
  EXPECT(load(folder)->info().hash != hash);
  EXPECT(load(folder)->info().parameters == 2 * parameters);
  const auto code = [&](const std::string& own) {
    folder.write_json(with_own(own));
    return check::error_code([&] { load(folder); });
  };
  EXPECT(code("\"4\":\"none.safetensors\"") == "weights-missing");
  EXPECT(code("\"4\":\"../own.safetensors\"") == "weights-corrupt");
  EXPECT(code("\"3\":\"own.safetensors\"") == "weights-corrupt");
}

TEST("model folders that are truncated, foreign or hostile are refused by code") {
  const Folder folder;
  const auto code = [&] { return check::error_code([&] { load(folder); }); };
  EXPECT(code() == "");
  const std::string good = small_fixture::model_json({});
  const auto with = [&](const std::string& from, const std::string& to) {
    std::string text = good;
    const size_t at = text.find(from);
    EXPECT(at != std::string::npos);
    folder.write_json(text.replace(at, from.size(), to));
    return code();
  };
  EXPECT(with("\"dim\":24", "\"dim\":32") != "");  // rope_dims and shapes disagree
  EXPECT(with("\"format\":1", "\"format\":2") == "weights-unsupported");
  EXPECT(with("heirloom-small\"", "heirloom-large\"") == "weights-unsupported");
  EXPECT(with("\"layers\":2", "\"layers\":3") == "weights-missing");  // a tensor that is not there
  EXPECT(with("\"ffn\":40", "\"ffn\":41") == "weights-unsupported");  // a tensor of another shape
  EXPECT(with("\"dim\":24", "\"dim\":4000000000000") == "weights-unsupported");
  EXPECT(with("\"dim\":24", "\"dim\":-24") == "weights-unsupported");
  EXPECT(with("\"scales\":[1,2,4]", "\"scales\":[3]") == "weights-unsupported");
  EXPECT(with("\"scales\":[1,2,4]", "\"scales\":[]") == "weights-corrupt");
  EXPECT(with("\"weights\":\"model.safetensors\"", "\"weights\":\"../model.safetensors\"") == "weights-corrupt");
  EXPECT(with("\"weights\":\"model.safetensors\"", "\"weights\":\"other.safetensors\"") == "weights-missing");
  EXPECT(with("\"sigma\":0.035", "\"sigma\":0") == "weights-unsupported");
  EXPECT(with("\"token\":[4,16,16]", "\"token\":[4,16]") == "weights-corrupt");
  folder.write_json(good.substr(0, good.size() / 2));
  EXPECT(code() == "weights-corrupt");
  folder.write_json(good);
  EXPECT(code() == "");
  std::filesystem::resize_file(folder.path / "model.safetensors",
                               std::filesystem::file_size(folder.path / "model.safetensors") - 10);
  EXPECT(code() == "weights-corrupt");
  std::filesystem::resize_file(folder.path / "model.safetensors", 5);
  EXPECT(code() == "weights-corrupt");
}

TEST_MAIN
