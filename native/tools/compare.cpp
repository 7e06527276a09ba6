// heirloom-compare FOLDER: runs a golden folder (weights, inputs, outputs, configuration) through the engine and prints the error of
// every tap. Exits 0 only if every bar holds: masks identical, fp32 relative error <= 1e-5 up to the raw frames, <= 5e-5 after the colour fix,
// and the same frames whatever the push pattern and the number of threads.
#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>
#include <cstring>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "json.h"
#include "model/flashvsr.h"
#include "model/flashvsr_model.h"
#include "model/reference_input.h"
#include "model/small_model.h"
#include "ops.h"
#include "weight_file.h"

using namespace heirloom;

namespace {

constexpr double kExactBar = 1e-5, kColourBar = 5e-5;
constexpr double kOffByOneShare = 1e-3;

// ---- the table ---------------------------------------------------------------------------------------------------

class Table {
 public:
  Table() { std::printf("%-36s %-22s %12s %10s\n", "tap", "shape", "error", "bar"); }

  // max |a - b| / max |b|
  void relative(const std::string& name, const Tensor& ours, const Tensor& golden, double bar) {
    if (ours.count() != golden.count()) return line(name, str(golden.shape), "shape " + str(ours.shape), "", false);
    double worst = 0, largest = 0;
    for (int64_t i = 0; i < golden.count(); ++i) {
      const double error = std::fabs(static_cast<double>(ours.data()[i]) - golden.data()[i]);
      worst = std::isnan(error) ? INFINITY : std::max(worst, error);
      largest = std::max(largest, std::fabs(static_cast<double>(golden.data()[i])));
    }
    const double error = worst / (largest > 0 ? largest : 1);
    line(name, str(golden.shape), number(error), number(bar), error <= bar);
  }

  void identical(const std::string& name, const Tensor& ours, const Tensor& golden) {
    if (ours.count() != golden.count()) return line(name, str(golden.shape), "shape " + str(ours.shape), "", false);
    int64_t different = 0;
    for (int64_t i = 0; i < golden.count(); ++i) different += ours.data()[i] != golden.data()[i];
    line(name, str(golden.shape), different ? str(different) + " differ" : "identical", "identical", different == 0);
  }

  void bytes(const std::string& name, const Tensor& ours, const Tensor& golden) {
    if (ours.count() != golden.count()) return line(name, str(golden.shape), "shape " + str(ours.shape), "", false);
    int64_t off = 0, far = 0;
    for (int64_t i = 0; i < golden.count(); ++i) {
      const double d = std::fabs(ours.data()[i] - golden.data()[i]);
      off += d > 0;
      far += d > 1;
    }
    const double share = static_cast<double>(off) / static_cast<double>(golden.count());
    line(name, str(golden.shape), far ? str(far) + " off by > 1" : number(share * 100) + " %", "off by 1: 0.1 %", far == 0 && share < kOffByOneShare);
  }

  void line(const std::string& name, const std::string& shape, const std::string& error, const std::string& bar, bool is_ok) {
    std::printf("%-36s %-22s %12s %10s  %s\n", name.c_str(), shape.c_str(), error.c_str(), bar.c_str(), is_ok ? "ok" : "FAIL");
    std::fflush(stdout);
    ++lines_;
    failures_ += !is_ok;
  }
  static void note(const std::string& text) { std::printf("%s\n", text.c_str()); }

  int result() const {
    std::printf("%d compared, %d failed\n", lines_, failures_);
    return failures_ == 0 && lines_ > 0 ? 0 : 1;
  }

 private:
  static std::string number(double v) {
    char text[32];
    std::snprintf(text, sizeof text, "%.2e", v);
    return text;
  }
  int lines_ = 0, failures_ = 0;
};

bool ends_with(const std::string& text, const std::string& end) { return text.size() >= end.size() && text.compare(text.size() - end.size(), end.size(), end) == 0; }
bool exists(const std::string& path) {
  std::FILE* file = std::fopen(path.c_str(), "rb");
  if (file) std::fclose(file);
  return file != nullptr;
}

Tensor mask_of(const KeepList& keep) {                // [heads, queries, keys] of 0 and 1
  Tensor mask = Tensor::zeros({keep.heads, keep.queries, keep.keys});
  for (int64_t row = 0; row < keep.heads * keep.queries; ++row)
    for (int64_t i = keep.first[static_cast<size_t>(row)]; i < keep.first[static_cast<size_t>(row) + 1]; ++i)
      mask.data()[row * keep.keys + keep.key[static_cast<size_t>(i)]] = 1;
  return mask;
}

using Found = std::map<std::string, Tensor>;          // our taps, by golden name

Taps collect(Ops& ops, Found& found, const std::string& prefix) {
  Taps taps;
  taps.prefix = prefix;
  taps.tensor = [&ops, &found](const std::string& name, const Tensor& value) { found[name] = ops.download(value); };
  taps.mask = [&found](const std::string& name, const KeepList& keep) { found[name] = mask_of(keep); };
  return taps;
}

// ---- FlashVSR ----------------------------------------------------------------------------------------------------

struct Golden {
  std::string folder;
  Json config;
  Weights inputs, outputs;
};

struct Clip {
  int64_t H = 0, W = 0, frames = 0;                   // as fed to the model
  std::vector<Tensor> pictures;                       // [3, H, W] in [-1, 1]
};

std::vector<uint8_t> frame_bytes(const Entry& frames, int64_t index) {
  const size_t n = static_cast<size_t>(frames.shape.count() / frames.shape[0]);
  return std::vector<uint8_t>(frames.bytes + static_cast<size_t>(index) * n, frames.bytes + static_cast<size_t>(index + 1) * n);
}

Clip prepare_clip(const Golden& g, Table& table) {
  const Json& c = g.config.at("clip");
  const std::vector<int64_t> up = c.at("upscaled").integers(), target = c.at("target").integers();
  const int64_t top = c.at("crop_top").integer(), left = c.at("crop_left").integer();
  const Entry& lr = g.inputs.entry("lr_u8");
  Clip clip;
  clip.H = target.at(0);
  clip.W = target.at(1);
  const std::vector<int> index = reference_frame_index(static_cast<int>(lr.shape[0]));
  clip.frames = static_cast<int64_t>(index.size());
  Tensor index_floats = Tensor::heap({clip.frames});
  for (int64_t i = 0; i < clip.frames; ++i) index_floats.data()[i] = static_cast<float>(index[static_cast<size_t>(i)]);
  if (g.inputs.has("frame_index")) table.identical("frame_index", index_floats, g.inputs.get("frame_index"));
  std::map<int, Tensor> made;
  for (int source : index) {
    Tensor& picture = made[source];
    if (!picture.defined()) {
      const std::vector<uint8_t> big = pillow_bicubic(frame_bytes(lr, source), static_cast<int>(lr.shape[1]), static_cast<int>(lr.shape[2]), static_cast<int>(up.at(0)), static_cast<int>(up.at(1)));
      picture = Tensor::heap({3, clip.H, clip.W});
      Tensor cut = Tensor::heap({clip.H, clip.W, 3});
      for (int64_t y = 0; y < clip.H; ++y)
        for (int64_t x = 0; x < clip.W; ++x)
          for (int64_t ch = 0; ch < 3; ++ch) {
            const float v = big[static_cast<size_t>(((y + top) * up.at(1) + x + left) * 3 + ch)];
            cut.data()[(y * clip.W + x) * 3 + ch] = v;
            picture.data()[(ch * clip.H + y) * clip.W + x] = v / 255.0f * 2.0f - 1.0f;
          }
      if (source == 0 && g.inputs.has("lq_u8_frame0")) table.identical("lq_u8_frame0", cut, g.inputs.get("lq_u8_frame0"));
    }
    clip.pictures.push_back(picture);
  }
  return clip;
}

// noise [1, C, latents, H/8, W/8] -> one [H/8, W/8, C] per latent
std::vector<Tensor> split_noise(const Tensor& noise) {
  const int64_t C = noise.shape[1], T = noise.shape[2], plane = noise.shape[3] * noise.shape[4];
  std::vector<Tensor> list;
  for (int64_t t = 0; t < T; ++t) {
    Tensor latent = Tensor::heap({noise.shape[3], noise.shape[4], C});
    for (int64_t c = 0; c < C; ++c)
      for (int64_t i = 0; i < plane; ++i) latent.data()[i * C + c] = noise.data()[(c * T + t) * plane + i];
    list.push_back(latent);
  }
  return list;
}

// [f, H/8 * W/8, C] -> [1, C, f, H/8 * W/8]
Tensor channels_first(const Tensor& v) {
  const int64_t f = v.shape[0], plane = v.shape[1], C = v.shape[2];
  Tensor out = Tensor::heap({1, C, f, plane});
  for (int64_t t = 0; t < f; ++t)
    for (int64_t i = 0; i < plane; ++i)
      for (int64_t c = 0; c < C; ++c) out.data()[(c * f + t) * plane + i] = v.data()[(t * plane + i) * C + c];
  return out;
}

Tensor first_and_last(const Tensor& windows) {        // [N, tokens, D] -> [2, tokens, D]
  Tensor out = Tensor::heap({2, windows.shape[1], windows.shape[2]});
  const size_t bytes = out.bytes() / 2;
  std::memcpy(out.data(), windows.data(), bytes);
  std::memcpy(out.data() + out.count() / 2, windows.data() + windows.count() - out.count() / 2, bytes);
  return out;
}

Tensor stride8(const std::vector<Tensor>& frames) {   // T x [3, H, W] -> [3, T, H/8, W/8]
  const int64_t T = static_cast<int64_t>(frames.size()), H = frames[0].shape[1], W = frames[0].shape[2];
  Tensor out = Tensor::heap({3, T, H / 8, W / 8});
  for (int64_t c = 0; c < 3; ++c)
    for (int64_t t = 0; t < T; ++t)
      for (int64_t y = 0; y < H / 8; ++y)
        for (int64_t x = 0; x < W / 8; ++x)
          out.data()[((c * T + t) * (H / 8) + y) * (W / 8) + x] = frames[static_cast<size_t>(t)].data()[(c * H + y * 8) * W + x * 8];
  return out;
}

Tensor to_bytes(const Tensor& picture) {              // trunc(clip((y + 1) * 127.5, 0, 255)) as [H, W, 3]
  const int64_t H = picture.shape[1], W = picture.shape[2];
  Tensor out = Tensor::heap({H, W, 3});
  for (int64_t c = 0; c < 3; ++c)
    for (int64_t i = 0; i < H * W; ++i) out.data()[i * 3 + c] = std::trunc(std::min(std::max((picture.data()[c * H * W + i] + 1.0f) * 127.5f, 0.0f), 255.0f));
  return out;
}

struct Run {
  std::vector<Tensor> raw, fixed;                     // frames [3, H, W]
};

// The whole schedule of the reference: clips of four frames, chunks of six and two latents.
Run run_clip(Ops& ops, const FlashVsr& model, const Clip& clip, int64_t frames, const std::vector<Tensor>& noise, const std::string& colour, const std::string& prefix, Found& found,
             bool wants_frames) {
  FlashVsrState state;
  Run run;
  std::vector<Tensor> tokens;
  int64_t chunk = 0, done = 0;
  const auto picture = [&](int64_t i) { return clip.pictures[static_cast<size_t>(i)]; };
  for (int64_t i = 0; i * 4 < frames; ++i) {
    const std::array<Tensor, 4> four = i == 0 ? std::array<Tensor, 4>{picture(0), picture(0), picture(0), picture(0)}
                                              : std::array<Tensor, 4>{picture(4 * i - 3), picture(4 * i - 2), picture(4 * i - 1), picture(4 * i)};
    const Tensor made = model.condition(ops, four, state);
    if (!made.defined()) continue;
    const std::string at = prefix + "c" + str(chunk) + ".";
    found[at + "lq_tokens.latent" + str(tokens.size())] = ops.download(made);
    tokens.push_back(made);
    const int64_t latents = chunk == 0 ? FlashVsr::kFirstLatents : FlashVsr::kLatents, out = chunk == 0 ? FlashVsr::kFirstFrames : FlashVsr::kFrames;
    if (static_cast<int64_t>(tokens.size()) < latents) continue;
    const Taps taps = collect(ops, found, at);
    const std::vector<Tensor> own_noise(noise.begin() + state.latents, noise.begin() + state.latents + latents);
    std::vector<Tensor> seen;
    for (int64_t j = done; j < done + out; ++j) seen.push_back(picture(j));
    for (const Tensor& raw : model.chunk(ops, tokens, own_noise, seen, state, &taps)) {
      if (wants_frames) {
        run.raw.push_back(ops.download(raw));
        run.fixed.push_back(ops.download(colour == "wavelet" ? ops.wavelet_colour(raw, picture(done)) : colour == "adain" ? ops.adain(raw, picture(done)) : ops.clamp(raw, -1, 1)));
      }
      ++done;
    }
    tokens.clear();
    ++chunk;
  }
  return run;
}

// Our value for one golden name; undefined when nothing of ours answers to it.
Tensor answer(const std::string& name, const Found& found, const Run& run) {
  const auto get = [&](const std::string& key) {
    const auto at = found.find(key);
    return at == found.end() ? Tensor() : at->second;
  };
  const std::string windows = "_windows_first_last", per_frame[3] = {"frames.raw.", "frames.fixed.", "frames.u8."};
  if (ends_with(name, windows)) {
    const Tensor all = get(name.substr(0, name.size() - windows.size()) + "_windows");
    return all.defined() ? first_and_last(all) : all;
  }
  if (ends_with(name, "noise_pred")) {
    const Tensor all = get(name);
    return all.defined() ? channels_first(all) : all;
  }
  for (int kind = 0; kind < 3; ++kind) {
    if (name.compare(0, per_frame[kind].size(), per_frame[kind]) != 0 || run.raw.empty()) continue;
    const std::string what = name.substr(per_frame[kind].size());
    const std::vector<Tensor>& frames = kind == 0 ? run.raw : run.fixed;
    if (what == "stride8") return stride8(frames);
    const size_t index = static_cast<size_t>(std::strtoul(what.c_str(), nullptr, 10));
    if (index >= frames.size()) return Tensor();
    return kind == 2 ? to_bytes(frames[index]) : frames[index];
  }
  return get(name);
}

FlashVsrWeights open_weights(const std::string& folder, const Tensor& prompt) {
  FlashVsrWeights w;
  w.transformer.open(folder + "/dit.safetensors");
  w.projection.open(folder + "/lq_proj_in.safetensors");
  w.decoder.open(folder + "/tcdecoder.safetensors");
  w.prompt = prompt;
  return w;
}

FlashVsrConfig run_config(const Json& run, const Json& otherwise) {
  FlashVsrConfig c;
  c.local_range = run.integer_or("local_range", otherwise.integer_or("local_range", 11));
  c.topk_ratio = run.number_or("topk_ratio", otherwise.number_or("topk_ratio", 0));
  c.kv_segments = static_cast<int64_t>(run.number_or("kv_ratio", otherwise.number_or("kv_ratio", 3.0)));
  return c;
}

void compare_loaders(const Golden& g, Table& table) {
  const auto round_to_bf16 = [](float v) {            // round half to even, as torch does
    uint32_t bits;
    std::memcpy(&bits, &v, 4);
    bits += 0x7fffu + (bits >> 16 & 1);
    return float_from_bfloat(static_cast<uint16_t>(bits >> 16));
  };
  const auto rounded = [&](const Tensor& t) {
    Tensor out = Tensor::heap(t.shape);
    for (int64_t i = 0; i < t.count(); ++i) out.data()[i] = round_to_bf16(t.data()[i]);
    return out;
  };
  if (exists(g.folder + "/LQ_proj_in.bf16.ckpt")) {
    Weights stored, plain;
    stored.open(g.folder + "/LQ_proj_in.bf16.ckpt");
    plain.open(g.folder + "/lq_proj_in.safetensors");
    table.line("LQ_proj_in.bf16.ckpt", str(stored.entries().size()) + " tensors", "", "", stored.entries().size() == plain.entries().size());
    for (const auto& item : plain.entries()) table.identical("  " + item.first, stored.get(item.first, item.second.shape), rounded(plain.get(item.first)));
  }
  if (exists(g.folder + "/posi_prompt.bf16.pth")) {
    Weights stored;
    stored.open(g.folder + "/posi_prompt.bf16.pth");
    table.identical("posi_prompt.bf16.pth", stored.get(""), rounded(g.inputs.get("context")));
  }
}

void compare_units(Ops& ops, const Golden& g, Table& table) {
  if (!exists(g.folder + "/units.safetensors")) return;
  Weights units;
  units.open(g.folder + "/units.safetensors");
  std::set<std::string> left;
  for (const auto& item : units.entries()) left.insert(item.first);
  if (units.has("color.hq") && units.has("color.lq")) {
    const Tensor hq = units.get("color.hq"), lq = units.get("color.lq");   // [1, 3, T, H, W]
    const int64_t T = hq.shape[2], H = hq.shape[3], W = hq.shape[4], plane = H * W;
    const auto frame = [&](const Tensor& clip, int64_t t) {
      Tensor picture = Tensor::heap({3, H, W});
      for (int64_t c = 0; c < 3; ++c) std::memcpy(picture.data() + c * plane, clip.data() + (c * T + t) * plane, static_cast<size_t>(plane) * 4);
      return picture;
    };
    for (const char* kind : {"adain", "wavelet"}) {
      const std::string name = std::string("color.") + kind;
      if (!units.has(name)) continue;
      Tensor ours = Tensor::heap(hq.shape);
      for (int64_t t = 0; t < T; ++t) {
        const Tensor y = std::string(kind) == "adain" ? ops.adain(frame(hq, t), frame(lq, t)) : ops.wavelet_colour(frame(hq, t), frame(lq, t));
        for (int64_t c = 0; c < 3; ++c) std::memcpy(ours.data() + (c * T + t) * plane, y.data() + c * plane, static_cast<size_t>(plane) * 4);
      }
      table.relative(name, ours, units.get(name), kColourBar);
      left.erase(name);
    }
    left.erase("color.hq");
    left.erase("color.lq");
  }
  // The rotation of the vector (1, 0) in every pair gives (cos, sin).
  const Rope rope{1, {44, 42, 42}, 10000.0};
  int64_t at = 0;
  for (size_t axis = 0; axis < 3; ++axis) {
    const std::string name = std::string("rope.") + "fhw"[axis];
    const int64_t pairs = rope.dims[axis] / 2;
    if (units.has(name)) {
      const Tensor golden = units.get(name);          // [positions, pairs, 2]
      const int64_t n = golden.shape[0];
      Grid grid;
      grid.f = axis == 0 ? n : 1;
      grid.h = axis == 1 ? n : 1;
      grid.w = axis == 2 ? n : 1;
      Tensor x = Tensor::zeros({n, 128});
      for (int64_t i = 0; i < n * 64; ++i) x.data()[2 * i] = 1;
      ops.rope(x, grid, rope, 0);
      Tensor ours = Tensor::heap(golden.shape);
      for (int64_t p = 0; p < n; ++p) std::memcpy(ours.data() + p * pairs * 2, x.data() + p * 128 + at * 2, static_cast<size_t>(pairs) * 8);
      table.relative(name, ours, golden, kExactBar);
      left.erase(name);
    }
    at += pairs;
  }
  for (const std::string& name : left) Table::note("skip  " + name + ": the Wan VAE decoder (the \"full\" pipeline) is not part of this engine");
}

// ---- promises of a stream ------------------------------------------------------------------------------------------

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

void compare_streams(const FlashVsrWeights& weights, const FlashVsrConfig& config, Table& table) {
  ModelInfo info;
  info.name = "golden";
  info.scales = {2};
  const std::shared_ptr<Model> model = make_flashvsr_model(info, weights, config, "cpu");
  constexpr int kFrames = 31;
  const std::string one = stream_frames(*model, kFrames, 1, 1), whole = stream_frames(*model, kFrames, kFrames, 1), three = stream_frames(*model, kFrames, 7, 3);
  const size_t expected = kFrames * (size_t{128} * 96 * 3 / 2);
  table.line("stream: 31 frames in, out", "128x96", str(one.size() / (expected / kFrames)), "31", one.size() == expected);
  table.line("stream: pushed singly or at once", "", one == whole ? "identical" : "differ", "identical", one == whole);
  table.line("stream: 1 or 3 threads", "", one == three ? "identical" : "differ", "identical", one == three);
}

// ---- recording: only for making a small golden with an engine that holds the public ones ----------------------------

void record(const std::string& path, const Found& found, const Run& run) {
  const std::vector<std::string> names = {"t", "b0.cross_k", "c0.b0.mask", "c1.b0.mask", "c1.b0.draft_prob", "c1.b0.kcache_mean", "c1.lq_tokens.latent1", "c1.noise_pred",
                                          "v1.lq_tokens.latent7", "dense.c0.b0.mask", "dense.c1.b0.mask", "frames.raw.stride8", "frames.u8.28"};
  std::string header = "{", data;
  for (const std::string& name : names) {
    const Tensor value = answer(name, found, run);
    CHECK(value.defined(), "nothing to record for " + name);
    const bool is_bytes = ends_with(name, ".mask") || name.find("frames.u8.") == 0;
    const size_t begin = data.size();
    for (int64_t i = 0; i < value.count(); ++i) {
      const float v = value.data()[i];
      if (is_bytes) data += static_cast<char>(static_cast<uint8_t>(v));
      else data.append(reinterpret_cast<const char*>(&v), sizeof v);
    }
    header += (header.size() > 1 ? ",\"" : "\"") + name + "\":{\"dtype\":\"" + (is_bytes ? "U8" : "F32") + "\",\"shape\":" + str(value.shape) + ",\"data_offsets\":[" + str(begin) + "," + str(data.size()) + "]}";
  }
  header += "}";
  while (header.size() % 8) header += ' ';
  const uint64_t n = header.size();
  std::FILE* file = std::fopen(path.c_str(), "wb");
  CHECK_AS("bad-argument", file != nullptr, "Could not write " + path + ".");
  const std::string all = std::string(reinterpret_cast<const char*>(&n), 8) + header + data;
  const bool is_written = std::fwrite(all.data(), 1, all.size(), file) == all.size();
  CHECK_AS("bad-argument", std::fclose(file) == 0 && is_written, "Could not write " + path + ".");
}

// How close the selection was to going the other way: below about 1e-4, rounding may flip a mask.
double selection_margin(const Found& found, int64_t topk) {
  double margin = 1;
  for (const auto& item : found) {
    if (!ends_with(item.first, "draft_prob") || item.first.find("dense") == 0) continue;
    const Tensor& p = item.second;                    // [heads, queries, keys]; one segment per n queries
    const Tensor& mask = found.at(item.first.substr(0, item.first.size() - 10) + "mask");
    double kept = 2, dropped = 0;
    for (int64_t i = 0; i < p.count(); ++i) {
      if (mask.data()[i] > 0) kept = std::min(kept, static_cast<double>(p.data()[i]));
      else dropped = std::max(dropped, static_cast<double>(p.data()[i]));
    }
    if (p.shape[0] == 1 && p.shape[1] * p.shape[2] > topk && kept <= 1) margin = std::min(margin, (kept - dropped) / kept);
  }
  return margin;
}

void compare_flashvsr(const std::string& folder, Ops& ops, Table& table, bool is_recording) {
  Golden g{folder, Json::read_file(folder + "/config.json"), {}, {}};
  g.inputs.open(folder + "/inputs.safetensors");
  if (!is_recording) g.outputs.open(folder + "/outputs.safetensors");
  compare_loaders(g, table);

  const Clip clip = prepare_clip(g, table);
  const Json& run = g.config.at("run");
  const Shape noise_shape{1, 16, (clip.frames - 1) / 4, clip.H / 8, clip.W / 8};
  const Tensor drawn = Tensor::of(noise_shape, torch_normal(static_cast<uint32_t>(run.integer_or("noise_seed", 0)), noise_shape.count()));
  const Tensor noise = g.inputs.has("noise") ? g.inputs.get("noise", noise_shape) : drawn;
  if (g.inputs.has("noise")) table.relative("noise (MT19937)", drawn, noise, kExactBar);
  const std::vector<Tensor> latents = split_noise(noise);
  const Tensor context = g.inputs.get("context");
  const Tensor prompt = context.reshape({context.rows(), context.channels()});
  const FlashVsrWeights weights = open_weights(folder, prompt);
  const std::string colour = run.string_or("color_fix", "adain");

  Found found;
  const Taps constants = collect(ops, found, "");
  const FlashVsrConfig config = run_config(run, run);
  const FlashVsr model(ops, weights, config, &constants);
  if (run.has("topk")) table.line("topk", "", str(model.topk(clip.H, clip.W)), str(run.at("topk").integer()), model.topk(clip.H, clip.W) == run.at("topk").integer());
  const Run frames = run_clip(ops, model, clip, clip.frames, latents, colour, "", found, true);

  if (const Json* dense = g.config.find("dense_run")) {
    const FlashVsr other(ops, weights, run_config(*dense, run));
    run_clip(ops, other, clip, dense->integer_or("frames_F", clip.frames), latents, colour, "dense.", found, false);
  }
  // v1: the same weights through the other cache rule; clips are independent of each other then.
  LqProjection v1(ops, weights.projection, FlashVsrVersion::v1, model.transformer_config().dim);
  LqState v1_state;
  for (int64_t i = 0; i * 4 < clip.frames; ++i) {
    const auto at = [&](int64_t j) { return clip.pictures[static_cast<size_t>(std::max<int64_t>(j, 0))]; };
    const Tensor tokens = v1.forward(ops, {at(4 * i - 3), at(4 * i - 2), at(4 * i - 1), at(4 * i)}, v1_state);
    if (tokens.defined()) found["v1.lq_tokens.latent" + str(i - 1)] = ops.download(tokens);
  }

  if (is_recording) {
    record(folder + "/outputs.safetensors", found, frames);
    Table::note("recorded; the closest selection of the later chunks had a relative margin of " + std::to_string(selection_margin(found, model.topk(clip.H, clip.W))));
  }
  for (const auto& item : g.outputs.entries()) {
    const std::string& name = item.first;
    const Tensor golden = g.outputs.get(name), ours = answer(name, found, frames);
    if (!ours.defined()) table.line(name, str(golden.shape), "unknown tap", "", false);
    else if (ends_with(name, ".mask")) table.identical(name, ours, golden);
    else if (name.find("frames.u8.") == 0) table.bytes(name, ours, golden);
    else table.relative(name, ours, golden, name.find("frames.fixed") == 0 ? kColourBar : kExactBar);
  }
  compare_units(ops, g, table);
  if (!is_recording) compare_streams(weights, config, table);
}

// ---- heirloom-small ----------------------------------------------------------------------------------------------

// Ours are [H, W, C], PyTorch's [C, H, W].
bool is_feature_map(const Shape& ours, const Shape& golden) {
  return ours.rank() == 3 && golden.rank() == 3 && ours != golden && ours[0] == golden[1] && ours[1] == golden[2] && ours[2] == golden[0];
}
Tensor planes_first(const Tensor& map) {
  const int64_t plane = map.shape[0] * map.shape[1], C = map.shape[2];
  Tensor out = Tensor::heap({C, map.shape[0], map.shape[1]});
  for (int64_t i = 0; i < plane; ++i)
    for (int64_t c = 0; c < C; ++c) out.data()[c * plane + i] = map.data()[i * C + c];
  return out;
}

void compare_small(const std::string& folder, const Json& model_json, Ops& ops, Table& table) {
  Weights inputs, outputs;
  inputs.open(folder + "/inputs.safetensors");
  outputs.open(folder + "/outputs.safetensors");
  const Tensor x = inputs.get("x"), noise = inputs.get("noise");   // [T, 3, H, W], [latents, h*w, channels]
  const SmallWeights weights = load_small_weights(ops, folder, model_json);
  const auto up = [](int64_t n, int64_t step) { return (n + step - 1) / step * step; };
  const int64_t T = x.shape[0], H = up(x.shape[2], weights.config.pad_height()), W = up(x.shape[3], weights.config.pad_width());
  Found found;
  const Taps taps = collect(ops, found, "");
  // Stored as float32; the model was run with the decimal number a person wrote, and 1000 * strength is an angle.
  char written[32] = "1";
  if (inputs.has("strength")) std::snprintf(written, sizeof written, "%.6g", static_cast<double>(inputs.get("strength").data()[0]));
  const double strength = std::strtod(written, nullptr);
  SmallGraph graph(ops, weights, weights.strength_rows(strength), H, W, &taps);
  SmallState state;
  for (int64_t first = 0; first < T; first += SmallConfig::kTokenFrames) {
    std::vector<SmallGraph::Frame> frames;
    for (int64_t i = first; i < first + SmallConfig::kTokenFrames; ++i)
      frames.push_back(graph.condition(ops.pad_edge(x.row_range(std::min(i, T - 1), 1).reshape({3, x.shape[2], x.shape[3]}), H, W), state));
    const int64_t latent = first / SmallConfig::kTokenFrames;
    const Tensor z = noise.row_range(latent, 1).reshape({noise.shape[1], noise.shape[2]});
    const std::vector<Tensor> planes = graph.latent(frames, z, state);
    for (size_t i = 0; i < frames.size(); ++i) graph.decode(frames[i], planes[i], state);
  }
  for (const auto& item : outputs.entries()) {
    const auto ours = found.find(item.first);
    const Tensor golden = outputs.get(item.first);
    if (ours != found.end() && is_feature_map(ours->second.shape, golden.shape)) ours->second = planes_first(ours->second);
    if (ours == found.end()) table.line(item.first, str(golden.shape), "unknown tap", "", false);
    else if (item.first.find(".mask.") != std::string::npos) table.identical(item.first, ours->second, golden);
    else table.relative(item.first, ours->second, golden, kExactBar);
  }
}

int compare(const std::string& folder, int threads, bool is_recording) {
  const std::unique_ptr<Ops> ops = make_ops("cpu", threads, nullptr);
  std::printf("%s, cpu, %d threads\n", folder.c_str(), ops->threads());
  Table table;
  if (exists(folder + "/model.json") && !is_recording) {
    const Json model = Json::read_file(folder + "/model.json");
    if (model.string_or("graph", "") == "heirloom-small") {
      compare_small(folder, model, *ops, table);
      return table.result();
    }
  }
  compare_flashvsr(folder, *ops, table, is_recording);
  if (is_recording) return 0;
  return table.result();
}

}  // namespace

int main(int argc, char** argv) {
  std::string folder;
  int threads = 0;
  bool is_optional = false, is_recording = false, is_understood = true;
  for (int i = 1; i < argc; ++i) {
    const std::string word = argv[i];
    if (word == "--threads" && i + 1 < argc) threads = std::atoi(argv[++i]);
    else if (word == "--if-present") is_optional = true;
    else if (word == "--record") is_recording = true;
    else if (folder.empty() && word.compare(0, 1, "-") != 0) folder = word;
    else is_understood = false;
  }
  if (folder.empty() || !is_understood) {
    std::fprintf(stderr, "usage: heirloom-compare FOLDER [--threads N] [--if-present] [--record]\n");
    return 2;
  }
  if (is_optional && !exists(folder + "/inputs.safetensors")) {
    std::printf("skip  %s is not there\n", folder.c_str());
    return 0;
  }
  try {
    return compare(folder, threads, is_recording);
  } catch (const Error& error) {
    std::fprintf(stderr, "%s (%s)\n", error.what(), error.code.c_str());
    return 1;
  }
}
