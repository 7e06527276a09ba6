// FlashVSR: a golden folder (weights, inputs, outputs, configuration), every tap of every chunk.
#include <algorithm>
#include <map>

#include "device.h"
#include "compare.h"
#include "graphs/flashvsr/reference_input.h"

namespace compare {

using namespace heirloom;

namespace {

struct Golden {
  std::string folder;
  Json config;
  Weights inputs, outputs;
};

std::vector<uint8_t> frame_bytes(const Entry& frames, int64_t index) {
  const size_t n = static_cast<size_t>(frames.shape.count() / frames.shape[0]);
  return std::vector<uint8_t>(frames.bytes + static_cast<size_t>(index) * n,
                              frames.bytes + static_cast<size_t>(index + 1) * n);
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
      const std::vector<uint8_t> big =
          pillow_bicubic(frame_bytes(lr, source), static_cast<int>(lr.shape[1]), static_cast<int>(lr.shape[2]),
                         static_cast<int>(up.at(0)), static_cast<int>(up.at(1)));
      picture = Tensor::heap({3, clip.H, clip.W});
      Tensor cut = Tensor::heap({clip.H, clip.W, 3});
      for (int64_t y = 0; y < clip.H; ++y)
        for (int64_t x = 0; x < clip.W; ++x)
          for (int64_t ch = 0; ch < 3; ++ch) {
            const float v = big[static_cast<size_t>(((y + top) * up.at(1) + x + left) * 3 + ch)];
            cut.data()[(y * clip.W + x) * 3 + ch] = v;
            picture.data()[(ch * clip.H + y) * clip.W + x] = v / 255.0f * 2.0f - 1.0f;
          }
      if (source == 0 && g.inputs.has("lq_u8_frame0"))
        table.identical("lq_u8_frame0", cut, g.inputs.get("lq_u8_frame0"));
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
  if (exists(g.folder + "/LQ_proj_in.bf16.ckpt")) {
    Weights stored, plain;
    stored.open(g.folder + "/LQ_proj_in.bf16.ckpt");
    plain.open(g.folder + "/lq_proj_in.safetensors");
    table.line("LQ_proj_in.bf16.ckpt", str(stored.entries().size()) + " tensors", "", "",
               stored.entries().size() == plain.entries().size());
    for (const auto& item : plain.entries())
      table.identical("  " + item.first, stored.get(item.first, item.second.shape),
                      rounded_to_bfloat(plain.get(item.first)));
  }
  if (exists(g.folder + "/posi_prompt.bf16.pth")) {
    Weights stored;
    stored.open(g.folder + "/posi_prompt.bf16.pth");
    table.identical("posi_prompt.bf16.pth", stored.get(""), rounded_to_bfloat(g.inputs.get("context")));
  }
}

}  // namespace

void compare_flashvsr(const std::string& folder, const Device& device, Table& table, bool is_recording) {
  Ops& ops = device.ops;
  Golden g{folder, Json::read_file(folder + "/config.json"), {}, {}};
  g.inputs.open(folder + "/inputs.safetensors");
  if (!is_recording) g.outputs.open(folder + "/outputs.safetensors");
  compare_loaders(g, table);

  const Clip clip = prepare_clip(g, table);
  const Json& run = g.config.at("run");
  const Shape noise_shape{1, 16, (clip.frames - 1) / 4, clip.H / 8, clip.W / 8};
  const Tensor drawn = Tensor::of(
      noise_shape, torch_normal(static_cast<uint32_t>(run.integer_or("noise_seed", 0)), noise_shape.count()));
  const Tensor noise = g.inputs.has("noise") ? g.inputs.get("noise", noise_shape) : drawn;
  if (g.inputs.has("noise")) table.relative("noise (MT19937)", drawn, noise, table.bars().taps);
  const std::vector<Tensor> latents = split_noise(noise);
  const Tensor context = g.inputs.get("context");
  const Tensor prompt = context.reshape({context.rows(), context.channels()});
  const FlashVsrWeights weights = open_weights(folder, prompt);
  const std::string colour = run.string_or("color_fix", "adain");

  Found found;
  const Taps constants = collect(ops, found, "");
  const FlashVsrConfig config = run_config(run, run);
  const FlashVsr model(ops, weights, config, &constants);
  if (run.has("topk"))
    table.line("topk", "", str(model.topk(clip.H, clip.W)), str(run.at("topk").integer()),
               model.topk(clip.H, clip.W) == run.at("topk").integer());
  const Run frames = run_clip(ops, model, clip, latents, {clip.frames, colour, ""}, found);

  if (const Json* dense = g.config.find("dense_run")) {
    const FlashVsr other(ops, weights, run_config(*dense, run));
    run_clip(ops, other, clip, latents, {dense->integer_or("frames_F", clip.frames), colour, "dense.", false}, found);
  }
  // v1: the same weights through the other cache rule; clips are independent of each other then.
  LqProjection v1(ops, weights.projection, FlashVsrVersion::v1, model.transformer_config().dim);
  LqState v1_state;
  for (int64_t i = 0; i * 4 < clip.frames; ++i) {
    const auto at = [&](int64_t j) {
      return
          [&ops, &clip, j] { return ops.memory.upload(clip.pictures[static_cast<size_t>(std::max<int64_t>(j, 0))]); };
    };
    const Tensor tokens = v1.forward(ops, {at(4 * i - 3), at(4 * i - 2), at(4 * i - 1), at(4 * i)}, v1_state);
    if (tokens.defined()) found["v1.lq_tokens.latent" + str(i - 1)] = ops.memory.download(tokens);
  }

  if (is_recording) {
    record(folder + "/outputs.safetensors", found, frames);
    Table::note("recorded; the closest selection of the later chunks had a relative margin of " +
                std::to_string(selection_margin(found, model.topk(clip.H, clip.W))));
  }
  for (const auto& item : g.outputs.entries()) {
    const std::string& name = item.first;
    const Tensor golden = g.outputs.get(name), ours = answer(name, found, frames);
    if (!ours.defined()) table.line(name, str(golden.shape), "unknown tap", "", false);
    else if (ends_with(name, ".mask")) table.mask(name, ours, golden);
    else if (name.find("frames.u8.") == 0) table.bytes(name, ours, golden);
    else if (name.find("frames.") == 0 && table.bars().decibels > 0) table.picture(name, ours, golden);
    else
      table.relative(name, ours, golden,
                     name.find("frames.fixed") == 0 ? table.bars().colour
                     : name.find("frames.") == 0    ? table.bars().frames
                                                    : table.bars().taps);
  }
  if (is_recording) return;
  compare_units(ops, folder, table);
  compare_streams(weights, config, device.id, table);
  if (device.id == "cpu")
    compare_import(folder, weights, config, device.id,
                   table);   // the constants are made by the CPU: another device's own would differ
  if (device.id == "cpu") return;
  Table::note("against the processor:");
  const std::unique_ptr<Ops> cpu = make_ops({"cpu"}, 0, nullptr);
  Found cpu_found;
  const Taps cpu_constants = collect(*cpu, cpu_found, "");
  const FlashVsr cpu_model(*cpu, weights, config, &cpu_constants);
  const Run cpu_frames = run_clip(*cpu, cpu_model, clip, latents, {clip.frames, colour, ""}, cpu_found);
  compare_runs(found, frames, cpu_found, cpu_frames, table);
}

}  // namespace compare
