// The kinds of comparison, one file each.
#pragma once
#include <string>

#include "weights/json.h"
#include "graphs/flashvsr/graph.h"
#include "table.h"
#include "taps.h"

namespace compare {

struct Device {
  std::string id;                                     // "cpu", "cuda:0"
  heirloom::Ops& ops;
};

// A folder with config.json, inputs and outputs of FlashVSR. is_recording: writes outputs.safetensors instead of comparing with it.
void compare_flashvsr(const std::string& folder, const Device& device, Table& table, bool is_recording);
// A folder with model.json of heirloom-small, inputs and outputs.
void compare_small(const std::string& folder, const heirloom::Json& model_json, heirloom::Ops& ops, Table& table);
// The same of heirloom-motion. Ten times the bar, of flows in pixels: they decide where values are read.
void compare_motion(const std::string& folder, const heirloom::Json& model_json, heirloom::Ops& ops, Table& table);
// The same of residual-codec.
void compare_residual(const std::string& folder, const heirloom::Json& model_json, heirloom::Ops& ops, Table& table);
// A FlashVSR model without goldens, of any size: single operations of its real shapes against double precision, then `frames` frames of a
// drawn clip, and if the device is not the CPU, every tap of both.
struct ModelRun {
  int64_t height = 256, width = 256, frames = 25;     // of the enlarged clip; 8k + 1 frames
  std::string version;                                // "": as model.json says
  bool has_stream = true;                             // false: only the single operations
  heirloom::FlashVsrDecoder decoder = heirloom::FlashVsrDecoder::tc;
};
void compare_model(const std::string& folder, const Device& device, const ModelRun& run, Table& table);

// ---- parts of these ----
struct Clip {
  int64_t H = 0, W = 0, frames = 0;                   // as fed to the model
  std::vector<heirloom::Tensor> pictures;             // [3, H, W] in [-1, 1], on the host
};
struct Run {
  std::vector<heirloom::Tensor> raw, fixed;           // frames [3, H, W], on the host
};
struct RunOptions {
  int64_t frames = 0;
  std::string colour, prefix;                         // prefix: of the taps
  bool wants_frames = true, wants_taps = true;
  heirloom::FlashVsrDecoder decoder = heirloom::FlashVsrDecoder::tc;
};
// The whole schedule of the reference: clips of four frames, chunks of six and two latents. noise: [H/8, W/8, C] per latent, on the host.
Run run_clip(heirloom::Ops& ops, const heirloom::FlashVsr& model, const Clip& clip,
             const std::vector<heirloom::Tensor>& noise, const RunOptions& options, Found& found);

// Every tap and frame of a device against those of the CPU.
void compare_runs(const Found& device, const Run& device_run, const Found& cpu, const Run& cpu_run, Table& table);

void compare_units(heirloom::Ops& ops, const std::string& folder, Table& table);
void compare_streams(const heirloom::FlashVsrWeights& weights, const heirloom::FlashVsrConfig& config,
                     const std::string& device, Table& table);
// Brings the folder's weights in and compares the frames with those of the originals rounded to bfloat16.
void compare_import(const std::string& folder, const heirloom::FlashVsrWeights& weights,
                    const heirloom::FlashVsrConfig& config, const std::string& device, Table& table);
void spot_checks(heirloom::Ops& ops, const heirloom::FlashVsrWeights& weights, Table& table);

// Our value for one golden name; undefined when nothing of ours answers to it.
heirloom::Tensor answer(const std::string& name, const Found& found, const Run& run);
void record(const std::string& path, const Found& found, const Run& run);
double selection_margin(const Found& found, int64_t topk);

}  // namespace compare
