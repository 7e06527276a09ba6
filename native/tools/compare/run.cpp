// One clip through the FlashVSR graph, chunk by chunk, with every tap kept.
#include <algorithm>
#include <array>
#include <cstdlib>

#include "compare.h"

namespace compare {

using namespace heirloom;

Run run_clip(Ops& ops, const FlashVsr& model, const Clip& clip, const std::vector<Tensor>& noise,
             const RunOptions& options, Found& found) {
  FlashVsrState state;
  state.kind = options.decoder;
  Run run;
  std::vector<Tensor> tokens, pictures;
  int64_t chunk = 0, done = 0;
  for (int64_t i = 0; i < options.frames; ++i)
    pictures.push_back(
        i > 0 && clip.pictures[static_cast<size_t>(i)].same_buffer(clip.pictures[static_cast<size_t>(i - 1)])
            ? pictures.back()
            : ops.memory.upload(clip.pictures[static_cast<size_t>(i)]));
  const auto picture = [&](int64_t i) { return pictures[static_cast<size_t>(i)]; };
  for (int64_t i = 0; i * 4 < options.frames; ++i) {
    std::array<Look, 4> four;
    for (int64_t j = 0; j < 4; ++j)
      four[static_cast<size_t>(j)] = [&picture, at = std::max<int64_t>(4 * i - 3 + j, 0)] { return picture(at); };
    const Tensor made = model.condition(ops, four, state);
    if (!made.defined()) continue;
    const std::string at = options.prefix + "c" + str(chunk) + ".";
    if (options.wants_taps) found[at + "lq_tokens.latent" + str(tokens.size())] = ops.memory.download(made);
    tokens.push_back(made);
    const int64_t latents = chunk == 0 ? FlashVsr::kFirstLatents : FlashVsr::kLatents;
    if (static_cast<int64_t>(tokens.size()) < latents) continue;
    const Taps taps = collect(ops, found, at);
    std::vector<Tensor> own_noise;
    for (int64_t j = 0; j < latents; ++j)
      own_noise.push_back(ops.memory.upload(noise[static_cast<size_t>(state.latents + j)]));
    const int64_t first = done;
    model.chunk(
        ops, tokens, own_noise, [&](int64_t j) { return picture(first + j); }, state,
        [&](const Tensor& raw) {
          if (options.wants_frames) {
            run.raw.push_back(ops.memory.download(raw));
            run.fixed.push_back(ops.memory.download(options.colour == "wavelet"
                                                        ? ops.pictures.wavelet_colour(raw, picture(done))
                                                    : options.colour == "adain" ? ops.pictures.adain(raw, picture(done))
                                                                                : ops.features.clamp(raw, -1, 1)));
          }
          ++done;
        },
        options.wants_taps ? &taps : nullptr);
    tokens.clear();
    ++chunk;
  }
  return run;
}

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

void compare_runs(const Found& device, const Run& device_run, const Found& cpu, const Run& cpu_run, Table& table) {
  for (const auto& item : cpu) {
    const auto ours = device.find(item.first);
    if (ours == device.end()) table.line(item.first, str(item.second.shape), "no such tap", "", false);
    else if (ends_with(item.first, ".mask")) table.mask(item.first, ours->second, item.second);
    else table.relative(item.first, ours->second, item.second, table.bars().taps);
  }
  for (size_t i = 0; i < cpu_run.raw.size(); ++i) {
    table.picture("frame " + str(i) + " raw", device_run.raw[i], cpu_run.raw[i]);
    table.picture("frame " + str(i) + " fixed", device_run.fixed[i], cpu_run.fixed[i]);
  }
}

}  // namespace compare
