// FlashVSR's files: how they are called, which tensors they must hold in which shapes, and whether a set of them fits together.
// The same rules serve the published model and smaller ones: widths are read from the files, then everything else must agree.
#pragma once
#include <array>
#include <map>
#include <string>
#include <vector>

#include "weights/json.h"
#include "graphs/flashvsr/graph.h"

namespace heirloom {

enum class FlashVsrPart { transformer, projection, decoder, prompt, vae };
constexpr std::array<FlashVsrPart, 5> kFlashVsrParts = {FlashVsrPart::transformer, FlashVsrPart::projection,
                                                        FlashVsrPart::decoder, FlashVsrPart::prompt, FlashVsrPart::vae};
const char* name_of(FlashVsrPart part);  // "transformer", ...
std::string published_name(FlashVsrPart part);

// The file of a part in a folder: its published name, else a name under which others pass it on, else "".
std::string find_part(const std::string& folder, FlashVsrPart part);

// Widths by letter, bound by the first tensor that shows them. D width, L blocks, F feed-forward, C latent channels, X text, Q timestep,
// S prompt tokens, G and H hidden widths of the projection, A B T E of the decoder, V of the VAE.
using FlashVsrSizes = std::map<char, int64_t>;
const FlashVsrSizes& published_sizes();

// Empty, or the sentence that says which tensor is missing, surplus or of another shape. Binds letters that are new.
Message check_part(FlashVsrPart part, const Weights& file, const std::string& where, FlashVsrSizes& sizes);
Message check_imported(const Weights& file, const std::string& where, FlashVsrSizes& sizes);

// The tensors a part needs, in the order they are written in. sizes: at least the letters of the part.
struct NamedShape {
  std::string name;
  Shape shape;
};
std::vector<NamedShape> tensors_of(FlashVsrPart part, const FlashVsrSizes& sizes);

// What a file looks like by its names, "" if like nothing of FlashVSR: to say that two files were swapped.
std::string part_by_content(const Weights& file);

// The prompt's only tensor as [S, text].
Tensor prompt_of(const Weights& file, const std::string& where);

// ---- the one file of an imported folder ----
constexpr const char* kImportedFile = "flashvsr.safetensors";
std::string prefix_of(FlashVsrPart part);  // of the part's tensors in it: "transformer."
FlashVsrWeights split_imported(const Weights& file);

// ---- folders ----
// The file names of a folder. model.json either names one file with everything (an import's) or one per part; without it the names are the published ones.
struct FlashVsrFiles {
  std::string all;
  std::map<FlashVsrPart, std::string> parts;
};
FlashVsrFiles files_of(const std::string& folder, const Json* model_json);
FlashVsrWeights open_files(const std::string& folder, const FlashVsrFiles& files);

}  // namespace heirloom
