// The residual codec: PyTorch's goldens, tap by tap, symbols and bytes exactly; and through heirloom.h: the same bits whatever the threads and parts, what is
// damaged named and the rest as it was, pictures of all sizes, memory, refusals.
#include <atomic>
#include <filesystem>
#include <fstream>

#include "device.h"
#include "graphs/residual/integers.h"
#include "graphs/residual/model.h"
#include "graphs/residual/pixels.h"
#include "graphs/residual/symbols.h"
#include "still_fixture.h"
#include "temp_folder.h"
#include "weights/safetensors_writer.h"

using namespace heirloom;
using namespace still;

namespace {

constexpr double kBar = 1e-4;  // of the largest value: fp32 sums in another order

struct Goldens {
  Weights inputs, outputs;
  Json json = Json::read_file(kGolden + "/model.json");
  std::unique_ptr<Ops> ops = make_ops({"cpu", "auto"}, 2, nullptr);
  ResidualWeights weights = load_residual_weights(*ops, kGolden, json);
  Weights file;
  Goldens() {
    inputs.open(kGolden + "/inputs.safetensors");
    outputs.open(kGolden + "/outputs.safetensors");
    file.open(kGolden + "/model.safetensors");
  }
  // [C, H, W] of PyTorch; whole numbers too.
  Tensor of(int quality, const std::string& name) const {
    const Entry& entry = outputs.entry(std::to_string(quality) + "." + name);
    if (entry.dtype == DType::f32) return as_float(entry);
    Tensor out = Tensor::heap(entry.shape);
    for (int64_t i = 0; i < out.count(); ++i) {
      int32_t value = 0;
      std::memcpy(&value, entry.bytes + size_t(i) * bytes_of(entry.dtype), bytes_of(entry.dtype));
      out.data()[i] = float(value);
    }
    return out;
  }
  Tensor padded() const {
    const Tensor x = inputs.get("x");
    const ResidualSize size = residual_size(x.shape[1], x.shape[2]);
    return ops->pictures.pad_edge(ops->memory.upload(x), size.height, size.width);
  }
  // y times its gain
  Tensor latents(int quality) const {
    Tensor y = ResidualGraph(*ops, weights).analysis(padded());
    const std::vector<float> gains = weights.gains(quality);
    for (int64_t i = 0; i < y.count(); ++i) y.data()[i] *= gains[size_t(i % y.channels())];
    return y;
  }
};

// A golden's planes as a map [H, W, C], as ours are.
Tensor as_map(const Tensor& planes) {
  const int64_t C = planes.shape[0], H = planes.shape[1], W = planes.shape[2];
  Tensor map = Tensor::heap({H, W, C});
  for (int64_t c = 0; c < C; ++c)
    for (int64_t i = 0; i < H * W; ++i) map.data()[i * C + c] = planes.data()[c * H * W + i];
  return map;
}

// Largest difference over the top left of ours that the golden has, by the golden's largest value.   both [rows.., W] with equal first axis
double error_of(const Tensor& ours, const Tensor& golden) {
  EXPECT(ours.shape.rank() == 3 && golden.shape.rank() == 3 && ours.shape[0] >= golden.shape[0]);
  double worst = 0, largest = 0;
  for (int64_t a = 0; a < golden.shape[0]; ++a)
    for (int64_t b = 0; b < golden.shape[1]; ++b)
      for (int64_t c = 0; c < golden.shape[2]; ++c) {
        const double g = golden.data()[(a * golden.shape[1] + b) * golden.shape[2] + c],
                     o = ours.data()[(a * ours.shape[1] + b) * ours.shape[2] + c];
        worst = std::max(worst, std::isnan(o) ? INFINITY : std::fabs(o - g));
        largest = std::max(largest, std::fabs(g));
      }
  EXPECT(largest > 0);
  return worst / largest;
}

void hold(const std::string& name, double error) {
  std::printf("      %-16s %.1e\n", name.c_str(), error);
  if (!(error <= kBar)) check::failed(__FILE__, __LINE__, name + " differs by " + std::to_string(error));
}

bool same_numbers(const Tensor& a, const Tensor& b) {
  return a.shape == b.shape && std::memcmp(a.data(), b.data(), a.bytes()) == 0;
}

// The golden model with every number of the named tensor (fp16) raised.
void write_raised(const std::string& folder, const std::string& name, float by) {
  Weights file;
  file.open(kGolden + "/model.safetensors");
  std::vector<SafetensorsWriter::Planned> planned;
  for (const auto& item : file.entries())
    planned.push_back({item.first, item.first == name ? DType::f32 : item.second.dtype, item.second.shape});
  SafetensorsWriter writer(folder + "/model.safetensors", planned);
  for (const auto& item : file.entries()) {
    if (item.first != name) {
      writer.write(item.second.bytes, size_t(item.second.shape.count()) * bytes_of(item.second.dtype));
      continue;
    }
    Tensor values = Tensor::heap(item.second.shape);
    const Tensor stored = as_float(item.second);
    for (int64_t i = 0; i < values.count(); ++i) values.data()[i] = stored.data()[i] + by;
    writer.write(values.data(), values.bytes());
  }
  writer.finish();
  std::filesystem::copy_file(kGolden + "/model.json", folder + "/model.json");
}

// The sizes of the model that is meant for use, with small random weights.
struct FullSize {
  ResidualConfig config;
  std::vector<Tensor> kept;
  Weights file;
  FullSize() {
    config.quarter = 48, config.hidden = 64, config.eighth = 96, config.latent = 64, config.hyper = 24;
    config.hyper_hidden = 48, config.steps = 4, config.denoiser = 64, config.denoiser_layers = 5;
    const auto chain = [&](const std::string& name, const std::vector<std::pair<int64_t, int64_t>>& sizes) {
      for (size_t i = 0; i < sizes.size(); ++i) conv(name + "." + std::to_string(i), sizes[i].first, sizes[i].second);
    };
    chain("analysis", {{48, 64}, {64, 64}, {256, 96}, {384, 128}, {128, 64}});
    chain("hyper_analysis", {{64, 48}, {192, 48}, {192, 24}});
    chain("mean", {{24, 192}, {48, 192}, {48, 64}});
    chain("synthesis", {{64, 96}, {96, 256}, {64, 192}});
    chain("fidelity", {{48, 64}, {64, 64}, {64, 48}});
    chain("denoiser", {{144, 64}, {64, 64}, {64, 64}, {64, 64}, {64, 64}});
    conv("denoiser.out", 64, 48);
    add("denoiser_time.weight", {512, 32});
    add("denoiser_time.bias", {512});
    add("gains", {8, 64});
    add("log_residual_std", {8});
  }
  void conv(const std::string& name, int64_t in, int64_t out) {
    add(name + ".weight", {out, in, 3, 3});
    add(name + ".bias", {out});
  }
  void add(const std::string& name, const Shape& shape) {
    check::Random random(kept.size());
    Tensor values = Tensor::heap(shape);
    for (int64_t i = 0; i < values.count(); ++i) values.data()[i] = 0.05f * random.uniform();
    Entry entry;
    entry.name = name;
    entry.shape = shape;
    entry.bytes = reinterpret_cast<const uint8_t*>(values.data());
    kept.push_back(values);
    file.add(entry);
  }
};

int sample(const std::vector<uint8_t>& pixels, const StillFormat& f, int x, int y, int c) {
  const size_t at = (size_t(y) * size_t(f.width) + size_t(x)) * 3 + size_t(c);
  return f.bits == 8 ? pixels[at] : pixels[2 * at] | pixels[2 * at + 1] << 8;
}

bool same_columns(const DecodedStill& a, const DecodedStill& b, const StillFormat& f, int from, int to) {
  for (int y = 0; y < f.height; ++y)
    for (int x = from; x < to; ++x)
      for (int c = 0; c < 3; ++c)
        if (sample(a.pixels, f, x, y, c) != sample(b.pixels, f, x, y, c)) return false;
  return true;
}

}  // namespace

TEST("latents, means and symbols are PyTorch's") {
  const Goldens g;
  const ResidualGraph graph(*g.ops, g.weights);
  for (int quality : {20, 63}) {
    const Tensor latents = g.latents(quality), z = graph.hyper_analysis(latents);
    hold("latents", error_of(latents, as_map(g.of(quality, "latents"))));
    hold("z", error_of(z, as_map(g.of(quality, "z"))));
    EXPECT(same_numbers(as_symbols(z), as_map(g.of(quality, "zs"))));
    const Tensor mean = graph.mean(as_symbols(z));
    hold("mean", error_of(mean, as_map(g.of(quality, "mean"))));
    Tensor y = Tensor::heap(latents.shape);
    for (int64_t i = 0; i < y.count(); ++i) y.data()[i] = latents.data()[i] - mean.data()[i];
    EXPECT(same_numbers(as_symbols(y), as_map(g.of(quality, "ys"))));
  }
}

TEST("table numbers and bytes are PyTorch's, and its bytes are its symbols again") {
  const Goldens g;
  const entropy::SideCoder coder = load_side_coder(g.weights.config, g.file);
  for (int quality : {20, 63}) {
    const Tensor z = as_map(g.of(quality, "zs")), y = as_map(g.of(quality, "ys")),
                 indices = as_map(g.of(quality, "indices"));
    const std::vector<entropy::TileSize> sizes = symbol_tiles(z.shape[0], z.shape[1]);
    const std::vector<entropy::SideTile> tiles = into_tiles(z, y);
    EXPECT(sizes.size() == 2 && sizes[1].columns == 1);
    int64_t left = 0;
    for (size_t i = 0; i < tiles.size(); left += 4 * sizes[i++].columns) {
      const std::vector<uint8_t> found = coder.scales().indices(tiles[i].z, sizes[i].rows, sizes[i].columns);
      EXPECT(found == coder.scales().portable_indices(tiles[i].z, sizes[i].rows, sizes[i].columns));
      const int64_t columns = 4 * sizes[i].columns, C = indices.channels();
      for (size_t at = 0; at < found.size(); ++at) {
        const int64_t row = int64_t(at) / (columns * C), column = int64_t(at) / C % columns, c = int64_t(at) % C;
        EXPECT(float(found[at]) == indices.data()[(row * indices.shape[1] + left + column) * C + c]);
      }
    }
    const Entry& entry = g.outputs.entry(std::to_string(quality) + ".bytes");
    const std::vector<uint8_t> golden(entry.bytes, entry.bytes + entry.shape.count());
    EXPECT(coder.encode(2, nullptr, sizes, tiles) == golden);
    const entropy::SideTiles read = coder.decode(1, nullptr, sizes, golden.data(), golden.size());
    const Symbols symbols = from_tiles(read.tiles, z.shape[0], z.shape[1], z.channels(), y.channels());
    EXPECT(read.is_whole && same_numbers(symbols.z, z) && same_numbers(symbols.y, y));
  }
}

TEST("the faithful picture, the noise, every step of the residual and what is shown are PyTorch's") {
  const Goldens g;
  std::map<std::string, Tensor> found;
  Taps taps;
  taps.tensor = [&](const std::string& name, const Tensor& value) { found[name] = g.ops->memory.download(value); };
  const ResidualGraph graph(*g.ops, g.weights, &taps);
  for (int quality : {20, 63}) {
    const Tensor m = graph.mean(as_map(g.of(quality, "zs"))), ys = as_map(g.of(quality, "ys"));
    const std::vector<float> gains = g.weights.gains(quality);
    Tensor yh = Tensor::heap(m.shape);
    for (int64_t i = 0; i < yh.count(); ++i)
      yh.data()[i] = (ys.data()[i] + m.data()[i]) / gains[size_t(i % yh.channels())];
    const ResidualFaithful faithful = graph.synthesis(yh);
    hold("synthesis", error_of(found.at("synthesis"), as_map(g.of(quality, "synthesis"))));
    hold("faithful", error_of(faithful.picture, g.of(quality, "faithful")));
    if (quality != 20) continue;
    const Tensor golden_noise = g.of(20, "noise");
    const Tensor noise = noise_in(7, {0, 0, faithful.picture.shape[1], faithful.picture.shape[2]});
    EXPECT(error_of(noise, golden_noise) == 0);
    Tensor shown = graph.residual(faithful, noise);
    for (int k = 0; k < 3; ++k) {
      const std::string name = "denoised." + std::to_string(k);
      hold(name, error_of(found.at(name), g.of(20, name)));
    }
    const float deviation = g.weights.residual_deviation(20);
    for (int64_t i = 0; i < shown.count(); ++i)
      shown.data()[i] = std::clamp(faithful.picture.data()[i] + 0.5f * deviation * shown.data()[i], -1.0f, 1.0f);
    hold("shown", error_of(shown, g.of(20, "shown")));
  }
}

TEST("a picture becomes the same bytes and the same pixels with any number of threads and in any parts") {
  const auto codec = StillCodec::load(kGolden);
  StillOptions o = options(600, 530, 16);
  o.alpha = 0.5f;
  o.seed = 3;
  const std::vector<uint8_t> pixels = picture(o.format);
  const EncodedStill whole = encoded(*codec, o, pixels);
  const DecodedStill shown = decoded(*codec, o, whole.bytes);
  EXPECT(whole.tiles == 9 && shown.tiles == 9 && shown.broken.empty() && shown.is_whole);
  std::printf("      %zu bytes, %zu estimated\n", whole.bytes.size(), whole.estimated_bytes);
  EXPECT_NEAR(double(whole.bytes.size()), double(whole.estimated_bytes), 9 * 6 + 8);
  work_in_parts_of(256);
  for (int threads : {1, 3}) {
    o.threads = threads;
    const EncodedStill again = encoded(*codec, o, pixels);
    EXPECT(again.bytes == whole.bytes && decoded(*codec, o, again.bytes).pixels == shown.pixels);
  }
  work_in_parts_of(0);
  o.seed = 4;
  EXPECT(decoded(*codec, o, whole.bytes).pixels != shown.pixels);
}

TEST("alpha 0 is the faithful picture and hangs on no seed; 8 bits are those of 16, rounded") {
  const auto codec = StillCodec::load(kGolden);
  StillOptions o = options(130, 70);
  const std::vector<uint8_t> bytes = encoded(*codec, o, picture(o.format)).bytes;
  const DecodedStill faithful = decoded(*codec, o, bytes);
  o.seed = 99;
  EXPECT(decoded(*codec, o, bytes).pixels == faithful.pixels);
  o.alpha = 1;
  EXPECT(decoded(*codec, o, bytes).pixels != faithful.pixels);
  o.alpha = 0;
  o.format.bits = 16;
  const DecodedStill fine = decoded(*codec, o, bytes);
  for (int y = 0; y < 70; ++y)
    for (int x = 0; x < 130; ++x)
      EXPECT_NEAR(sample(fine.pixels, o.format, x, y, 1) / 257.0, double(faithful.pixels[size_t(y * 130 + x) * 3 + 1]),
                  0.51);
}

TEST("a mean that another machine finds a little otherwise changes no symbol") {
  TempFolder folder("residual-mean");
  write_raised(folder.string(), "mean.2.bias", 1e-3f);
  const auto codec = StillCodec::load(kGolden), other = StillCodec::load(folder.string());
  const StillOptions o = options(300, 270, 16);
  const std::vector<uint8_t> bytes = encoded(*codec, o, picture(o.format)).bytes;
  const DecodedStill ours = decoded(*codec, o, bytes), theirs = decoded(*other, o, bytes);
  EXPECT(theirs.is_whole && theirs.broken.empty() && ours.pixels != theirs.pixels);
  int worst = 0;
  for (int y = 0; y < 270; ++y)
    for (int x = 0; x < 300; ++x)
      worst =
          std::max(worst, std::abs(sample(ours.pixels, o.format, x, y, 0) - sample(theirs.pixels, o.format, x, y, 0)));
  std::printf("      at most %d of 65535\n", worst);
  EXPECT(worst < 655);  // a hundredth
}

#ifdef __SANITIZE_ADDRESS__
constexpr size_t kEvery = 7;  // bytes: a picture is made for each of them
#else
constexpr size_t kEvery = 1;
#endif

TEST("whatever byte is changed names its tile, and what is two tiles away stays as it was") {
  const auto codec = StillCodec::load(kGolden);
  StillOptions o = options(1000, 20);
  o.threads = 1;
  const std::vector<uint8_t> bytes = encoded(*codec, o, picture(o.format)).bytes;
  const DecodedStill whole = decoded(*codec, o, bytes);
  std::vector<int> named(4);
  for (size_t i = 0; i < bytes.size(); i += kEvery) {
    std::vector<uint8_t> changed = bytes;
    changed[i] ^= uint8_t(1 << i % 8);
    const DecodedStill read = decoded(*codec, o, changed);
    EXPECT(!read.is_whole && read.broken.size() <= 1);
    if (read.broken.empty()) {
      EXPECT(read.pixels == whole.pixels);  // one of the two indices
      continue;
    }
    const BrokenTile& tile = read.broken[0];
    EXPECT(tile.state == "changed" && tile.y == 0 && tile.height == 20 && tile.x % 256 == 0 &&
           tile.width == std::min(256, 1000 - tile.x));
    ++named[size_t(tile.x / 256)];
    EXPECT(same_columns(read, whole, o.format, 0, std::max(0, tile.x - 256)));
    EXPECT(same_columns(read, whole, o.format, std::min(1000, tile.x + 512), 1000));
  }
  for (const int count : named) EXPECT(count > 4);
}

TEST("no detail is laid over a broken tile, and it is over the others") {
  const auto codec = StillCodec::load(kGolden);
  StillOptions o = options(500, 30, 16);
  std::vector<uint8_t> bytes = encoded(*codec, o, picture(o.format)).bytes;
  bytes[bytes.size() / 4] ^= 1;
  const DecodedStill faithful = decoded(*codec, o, bytes);
  o.alpha = 1;
  const DecodedStill lively = decoded(*codec, o, bytes);
  EXPECT(faithful.broken.size() == 1 && lively.broken.size() == 1 && lively.broken[0].x == 0);
  EXPECT(same_columns(faithful, lively, o.format, 0, 256));
  EXPECT(!same_columns(faithful, lively, o.format, 256, 500));
}

TEST("no bytes, half of them, and bytes of another picture: every tile is told") {
  const auto codec = StillCodec::load(kGolden);
  const StillOptions o = options(500, 300);
  const std::vector<uint8_t> bytes = encoded(*codec, o, picture(o.format)).bytes;
  const DecodedStill none = decoded(*codec, o, {});
  EXPECT(none.broken.size() == 4 && none.broken[3].state == "lost" && !none.is_whole);
  EXPECT(none.broken[3].x == 256 && none.broken[3].y == 256 && none.broken[3].width == 244 &&
         none.broken[3].height == 44);
  const DecodedStill half = decoded(*codec, o, {bytes.begin(), bytes.begin() + std::ptrdiff_t(bytes.size() / 2)});
  EXPECT(!half.broken.empty() && half.broken.size() < 4 && half.broken.back().state == "cut-off");
  EXPECT(decoded(*codec, options(1500, 300), bytes).broken.size() == 12);
}

TEST("pictures of one pixel, one row, one column and odd sizes come back in their size") {
  const auto codec = StillCodec::load(kGolden);
  for (const auto& [width, height] : std::vector<std::pair<int, int>>{{1, 1}, {1, 333}, {777, 1}, {63, 65}, {257, 3}})
    for (const int bits : {8, 16}) {
      StillOptions o = options(width, height, bits);
      o.alpha = 0.3f;
      const std::vector<uint8_t> pixels = picture(o.format);
      const DecodedStill read = decoded(*codec, o, encoded(*codec, o, pixels).bytes);
      EXPECT(read.pixels.size() == pixels.size() && read.is_whole && read.broken.empty());
    }
}

TEST("bytes that are not what was written are noticed before anybody gets them") {
  const Goldens g;
  const entropy::SideCoder coder = load_side_coder(g.weights.config, g.file);
  const Tensor z = as_map(g.of(20, "zs"));
  const std::vector<entropy::TileSize> sizes = symbol_tiles(z.shape[0], z.shape[1]);
  std::vector<entropy::SideTile> tiles = into_tiles(z, as_map(g.of(20, "ys")));
  const std::vector<uint8_t> bytes = coder.encode(1, nullptr, sizes, tiles);
  check_written(coder, sizes, tiles, bytes, 1, nullptr);
  std::vector<uint8_t> changed = bytes;
  changed[bytes.size() - 1] ^= 1;
  EXPECT(check::error_code([&] { check_written(coder, sizes, tiles, changed, 1, nullptr); }) == "internal");
  ++tiles[1].y[3];
  EXPECT(check::error_code([&] { check_written(coder, sizes, tiles, bytes, 1, nullptr); }) == "internal");
}

TEST("what cannot be is refused with its reason, a cancel ends either way") {
  const auto codec = StillCodec::load(kGolden);
  const auto refused = [&](StillOptions o, size_t count) {
    const std::vector<uint8_t> bytes(count);
    return check::error_code([&] { codec->encode(o, bytes.data(), count); });
  };
  StillOptions o = options(10, 10);
  EXPECT(refused(o, 300).empty() && refused(o, 299) == "bad-argument" && refused(o, 0) == "bad-argument");
  for (const auto& [width, height] : std::vector<std::pair<int, int>>{{0, 5}, {5, -1}, {65536, 1}, {10001, 10000}})
    EXPECT(refused(options(width, height), 0) == "bad-argument");
  EXPECT(refused(options(10, 10, 12), 300) == "bad-argument");
  for (const int quality : {-1, 64}) {
    o.quality = quality;
    EXPECT(refused(o, 300) == "bad-argument");
  }
  o = options(10, 10);
  for (const float alpha : {-0.1f, 1.1f, NAN}) {
    o.alpha = alpha;
    EXPECT(refused(o, 300) == "bad-argument");
  }
  o = options(400, 400);
  std::atomic<bool> cancelled{true};
  Progress progress;
  progress.cancelled = &cancelled;
  const std::vector<uint8_t> pixels = picture(o.format), bytes = encoded(*codec, o, pixels).bytes;
  EXPECT(check::error_code([&] { codec->encode(o, pixels.data(), pixels.size(), progress); }) == "cancelled");
  EXPECT(check::error_code([&] { codec->decode(o, bytes.data(), bytes.size(), progress); }) == "cancelled");
  EXPECT(check::error_code([] { StillCodec::load("/nowhere"); }) == "weights-missing");
  EXPECT(check::error_code([] { StillCodec::load(HL_ROOT "/resources/models/heirloom-s"); }) == "weights-unsupported");
  EXPECT(check::error_code([] { Model::load(kGolden); }) == "weights-unsupported");
}

TEST("what a part takes in memory is what is planned for it") {
  const FullSize full;
  const ResidualNumbers planned = residual_numbers(full.config);
  constexpr int64_t side = 384;
  const auto held = [&](const std::function<void(const ResidualGraph&, Ops&)>& body, double numbers) {
    const std::unique_ptr<Ops> ops = make_ops({"cpu", "auto"}, 2, nullptr);
    const ResidualWeights weights = ResidualWeights::load(*ops, full.config, full.file);
    const size_t before = ops->memory.peak_bytes();
    body(ResidualGraph(*ops, weights), *ops);
    const double found = double(ops->memory.peak_bytes() - before) / double(sizeof(float) * side * side);
    std::printf("      %.1f numbers a pixel, %.1f planned\n", found, numbers);
    EXPECT(found <= numbers && found > numbers / 2);
  };
  const Tensor yh = Tensor::zeros({side / 16, side / 16, 64});
  const auto noise = [&] { return noise_in(1, {0, 0, side, side}); };
  held([&](const ResidualGraph& graph, Ops& ops) { ops.memory.download(graph.analysis(ops.memory.upload(noise()))); },
       planned.analysis);
  held([&](const ResidualGraph& graph,
           Ops& ops) { ops.memory.download(graph.synthesis(ops.memory.upload_tokens(yh)).picture); },
       planned.faithful);
  held(
      [&](const ResidualGraph& graph, Ops& ops) {
        const ResidualFaithful faithful = graph.synthesis(ops.memory.upload_tokens(yh));
        const Tensor shown = ops.memory.download(faithful.picture);
        ops.memory.download(graph.residual(faithful, ops.memory.upload(noise())));
      },
      planned.residual);
}

TEST("too little memory is told with the numbers, before anything is begun") {
  const auto codec = StillCodec::load(kGolden);
  StillOptions o = options(4000, 3000);
  o.memory_limit = 1 << 20;
  const MemoryPlan plan = codec->plan(o);
  EXPECT(!plan.fits && plan.mode == "refused" && plan.total > o.memory_limit);
  EXPECT(plan.sentence.key == "engineStillNoMemory");
  const std::vector<uint8_t> bytes(o.format.bytes());
  EXPECT(check::error_code([&] { codec->encode(o, bytes.data(), bytes.size()); }) == "out-of-memory");
  EXPECT(check::error_code([&] { codec->decode(o, bytes.data(), bytes.size()); }) == "out-of-memory");
}

TEST_MAIN
