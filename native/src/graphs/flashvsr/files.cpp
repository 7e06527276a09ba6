#include "graphs/flashvsr/files.h"

#include <algorithm>
#include <filesystem>
#include <set>

#include "graphs/flashvsr/constants.h"

namespace heirloom {

namespace {

// One tensor and its shape in words: "6D" is six times D, "768+C" a sum, "3" itself.
struct Row {
  std::string name, shape;
};
using Rows = std::vector<Row>;

bool exists(const std::string& path) {
  std::error_code ignored;
  return std::filesystem::is_regular_file(path, ignored);  // a pipe would be waited for
}

void linear(Rows& rows, const std::string& name, const std::string& out, const std::string& in) {
  rows.push_back({name + ".weight", out + " " + in});
  rows.push_back({name + ".bias", out});
}

Rows block_rows(const std::string& at, bool is_imported) {
  Rows rows = {{at + "modulation", "1 6 D"}};
  linear(rows, at + "ffn.0", "F", "D");
  linear(rows, at + "ffn.2", "D", "F");
  for (const std::string attention : {"self_attn.", "cross_attn."}) {
    const bool is_constant = is_imported && attention == "cross_attn.";
    for (const std::string part : {"q", "k", "v", "o"})
      if (!is_constant || part == "q" || part == "o") linear(rows, at + attention + part, "D", "D");
    rows.push_back({at + attention + "norm_q.weight", "D"});
    if (!is_constant) rows.push_back({at + attention + "norm_k.weight", "D"});
  }
  rows.push_back({at + "norm3.weight", "D"});
  rows.push_back({at + "norm3.bias", "D"});
  if (is_imported) {
    rows.push_back({at + "cross_attn.key", "S D"});
    rows.push_back({at + "cross_attn.value", "S D"});
  }
  return rows;
}

Rows transformer_rows(int64_t blocks, bool is_imported) {
  Rows rows = {{"patch_embedding.weight", "D C 1 2 2"}, {"patch_embedding.bias", "D"}, {"head.modulation", "1 2 D"}};
  if (!is_imported) {
    linear(rows, "text_embedding.0", "D", "X");
    linear(rows, "text_embedding.2", "D", "D");
    linear(rows, "time_embedding.0", "D", "Q");
    linear(rows, "time_embedding.2", "D", "D");
    linear(rows, "time_projection.1", "6D", "D");
  }
  linear(rows, "head.head", "4C", "D");
  for (int64_t i = 0; i < blocks; ++i)
    for (Row& row : block_rows("blocks." + str(i) + ".", is_imported)) rows.push_back(std::move(row));
  return rows;
}

Rows projection_rows() {
  Rows rows = {{"conv1.weight", "G 768 4 3 3"}, {"conv1.bias", "G"}, {"norm1.gamma", "G 1 1 1"},
               {"conv2.weight", "H G 4 3 3"},   {"conv2.bias", "H"}, {"norm2.gamma", "H 1 1 1"}};
  linear(rows, "linear_layers.0", "D", "H");
  return rows;
}

Rows decoder_rows() {
  Rows rows = {{"decoder.1.weight", "A 768+C 3 3"}, {"decoder.1.bias", "A"},
               {"decoder.3.weight", "A A 3 3"},     {"decoder.9.conv.weight", "A A 1 1"},
               {"decoder.10.weight", "B A 3 3"},    {"decoder.15.conv.weight", "2B B 1 1"},
               {"decoder.16.weight", "T B 3 3"},    {"decoder.21.conv.weight", "2T T 1 1"},
               {"decoder.22.weight", "E T 3 3"},    {"decoder.24.weight", "E E 3 3"},
               {"decoder.26.weight", "3 E 3 3"},    {"decoder.26.bias", "3"}};
  const std::pair<const char*, int> levels[] = {{"A", 5}, {"B", 11}, {"T", 17}};
  for (const auto& level : levels)
    for (int i = level.second; i < level.second + 3; ++i)
      for (const std::string part : {"0", "2", "4"}) {
        const std::string at = "decoder." + str(i) + ".conv." + part, width = level.first;
        rows.push_back({at + ".weight", width + (part == "0" ? " 2" + width : " " + width) + " 3 3"});
        rows.push_back({at + ".bias", width});
      }
  return rows;
}

void residual_rows(Rows& rows, const std::string& at, const std::string& out, const std::string& in) {
  rows.push_back({at + ".residual.0.gamma", in + " 1 1 1"});
  rows.push_back({at + ".residual.2.weight", out + " " + in + " 3 3 3"});
  rows.push_back({at + ".residual.2.bias", out});
  rows.push_back({at + ".residual.3.gamma", out + " 1 1 1"});
  rows.push_back({at + ".residual.6.weight", out + " " + out + " 3 3 3"});
  rows.push_back({at + ".residual.6.bias", out});
  if (out == in) return;
  rows.push_back({at + ".shortcut.weight", out + " " + in + " 1 1 1"});
  rows.push_back({at + ".shortcut.bias", out});
}

// Only what decoding needs; the encoder's tensors may be there or not.
Rows vae_rows() {
  Rows rows = {{"decoder.head.0.gamma", "V 1 1 1"},
               {"decoder.head.2.weight", "3 V 3 3 3"},
               {"decoder.head.2.bias", "3"},
               {"conv2.weight", "C C 1 1 1"},
               {"conv2.bias", "C"},
               {"decoder.conv1.weight", "4V C 3 3 3"},
               {"decoder.conv1.bias", "4V"},
               {"decoder.middle.1.norm.gamma", "4V 1 1"},
               {"decoder.middle.1.to_qkv.weight", "12V 4V 1 1"},
               {"decoder.middle.1.to_qkv.bias", "12V"},
               {"decoder.middle.1.proj.weight", "4V 4V 1 1"},
               {"decoder.middle.1.proj.bias", "4V"}};
  for (const std::string at :
       {"middle.0", "middle.2", "upsamples.0", "upsamples.1", "upsamples.2", "upsamples.5", "upsamples.6"})
    residual_rows(rows, "decoder." + at, "4V", "4V");
  residual_rows(rows, "decoder.upsamples.4", "4V", "2V");
  for (const std::string at : {"8", "9", "10"}) residual_rows(rows, "decoder.upsamples." + at, "2V", "2V");
  for (const std::string at : {"12", "13", "14"}) residual_rows(rows, "decoder.upsamples." + at, "V", "V");
  for (const std::string at : {"3", "7"}) {
    rows.push_back({"decoder.upsamples." + at + ".time_conv.weight", "8V 4V 3 1 1"});
    rows.push_back({"decoder.upsamples." + at + ".time_conv.bias", "8V"});
    rows.push_back({"decoder.upsamples." + at + ".resample.1.weight", "2V 4V 3 3"});
    rows.push_back({"decoder.upsamples." + at + ".resample.1.bias", "2V"});
  }
  rows.push_back({"decoder.upsamples.11.resample.1.weight", "V 2V 3 3"});
  rows.push_back({"decoder.upsamples.11.resample.1.bias", "V"});
  return rows;
}

// "768+C" is plus 768, times 1, letter C; "6D" plus 0, times 6; "3" plus 3 without a letter.
struct Term {
  int64_t plus = 0, times = 1;
  char letter = 0;
};
Term parse(const std::string& word) {
  Term term;
  const size_t sum = word.find('+');
  const std::string rest = sum == std::string::npos ? word : word.substr(sum + 1);
  if (sum != std::string::npos) term.plus = std::stoll(word);
  const char last = rest.back();
  if (last >= '0' && last <= '9') {
    term.plus = std::stoll(rest);
    return term;
  }
  term.letter = last;
  if (rest.size() > 1) term.times = std::stoll(rest);
  return term;
}

std::vector<std::string> words_of(const std::string& shape) {
  std::vector<std::string> words;
  for (size_t at = 0; at < shape.size();) {
    const size_t end = std::min(shape.find(' ', at), shape.size());
    words.push_back(shape.substr(at, end - at));
    at = end + 1;
  }
  return words;
}

// Binds letters that are new, but only if the whole shape fits.
bool fits(const std::string& words, const Shape& shape, FlashVsrSizes& sizes) {
  const std::vector<std::string> wanted = words_of(words);
  if (static_cast<int>(wanted.size()) != shape.rank()) return false;
  FlashVsrSizes trial = sizes;
  for (int axis = 0; axis < shape.rank(); ++axis) {
    const Term term = parse(wanted[static_cast<size_t>(axis)]);
    const int64_t n = shape[axis] - term.plus;
    if (term.letter == 0 ? n != 0
                         : n <= 0 || n % term.times != 0 ||
                               trial.emplace(term.letter, n / term.times).first->second != n / term.times)
      return false;
  }
  sizes = trial;
  return true;
}

// "[6D, D] with D = 1536"
std::string wanted(const std::string& words, const FlashVsrSizes& sizes) {
  std::string shape = "[", known;
  for (char c : words) {
    shape += c == ' ' ? ", " : std::string(1, c);
    const auto found = sizes.find(c);
    if (found != sizes.end() && known.find(c) == std::string::npos)
      known += (known.empty() ? " with " : ", ") + std::string(1, c) + " = " + str(found->second);
  }
  return shape + "]" + known;
}

Rows rows_of(FlashVsrPart part, int64_t blocks) {
  switch (part) {
    case FlashVsrPart::transformer: return transformer_rows(blocks, false);
    case FlashVsrPart::projection: return projection_rows();
    case FlashVsrPart::decoder: return decoder_rows();
    case FlashVsrPart::vae: return vae_rows();
    default: return {{"prompt", "S X"}};
  }
}

// strict: names that are not in rows are wrong too.
Message check_rows(const Rows& rows, const Weights& file, const std::string& prefix, const std::string& where,
                   FlashVsrSizes& sizes, bool is_strict) {
  std::set<std::string> expected;
  for (const Row& row : rows) {
    const std::string name = prefix + row.name;
    expected.insert(name);
    if (!file.has(name)) return say(sentences::kTensorMissing, {{"file", where}, {"tensor", name}});
    const Entry& entry = file.entry(name);
    if (!fits(row.shape, entry.shape, sizes))
      return say(
          sentences::kTensorShape,
          {{"file", where}, {"tensor", name}, {"found", str(entry.shape)}, {"wanted", wanted(row.shape, sizes)}});
    if (entry.dtype != DType::f32 && entry.dtype != DType::bf16 && entry.dtype != DType::f16 &&
        entry.dtype != DType::f64)
      return say(sentences::kTensorKind, {{"file", where}, {"tensor", name}, {"found", name_of(entry.dtype)}});
  }
  if (!is_strict) return {};
  for (const auto& item : file.entries())
    if (item.first.compare(0, prefix.size(), prefix) == 0 && expected.count(item.first) == 0 &&
        item.first.compare(prefix.size(), 4, "vace") != 0)
      return say(sentences::kTensorForeign, {{"file", where}, {"tensor", item.first.substr(0, 80)}});
  return "";
}

int64_t blocks_in(const Weights& file, const std::string& prefix) {
  int64_t n = 0;
  while (file.has(prefix + "blocks." + str(n) + ".modulation")) ++n;
  return n;
}

Message check_transformer(const Weights& file, const std::string& prefix, const std::string& where,
                          FlashVsrSizes& sizes, bool is_imported) {
  const int64_t blocks = blocks_in(file, prefix);
  if (blocks == 0) return say(sentences::kTensorMissing, {{"file", where}, {"tensor", prefix + "blocks.0.modulation"}});
  sizes['L'] = blocks;
  Message problem = check_rows(transformer_rows(blocks, is_imported), file, prefix, where, sizes, true);
  if (problem.empty() && sizes['D'] % 128 != 0)
    problem = "The transformer in " + where + " is " + str(sizes['D']) +
              " wide, which is no multiple of 128. The file belongs to another model.";
  return problem;
}

}  // namespace

const char* name_of(FlashVsrPart part) {
  switch (part) {
    case FlashVsrPart::transformer: return "transformer";
    case FlashVsrPart::projection: return "projection";
    case FlashVsrPart::decoder: return "decoder";
    case FlashVsrPart::prompt: return "prompt";
    default: return "vae";
  }
}

namespace {

// The published name first, then names seen in conversions by others: their layout is checked like any other.
std::vector<std::string> names_of(FlashVsrPart part) {
  switch (part) {
    case FlashVsrPart::transformer:
      return {"diffusion_pytorch_model_streaming_dmd.safetensors", "Wan2_1-T2V-1.1_3B_FlashVSR_fp32.safetensors",
              "Wan2_1-T2V-1_3B_FlashVSR_fp32.safetensors", "FlashVSR1_1.safetensors"};
    case FlashVsrPart::projection: return {"LQ_proj_in.ckpt", "LQ_proj_in.safetensors"};
    case FlashVsrPart::decoder: return {"TCDecoder.ckpt", "TCDecoder.safetensors"};
    case FlashVsrPart::prompt: return {"posi_prompt.pth", "posi_prompt.safetensors"};
    default: return {"Wan2.1_VAE.pth", "Wan2.1_VAE.safetensors"};
  }
}

}  // namespace

std::string published_name(FlashVsrPart part) { return names_of(part).front(); }

std::string find_part(const std::string& folder, FlashVsrPart part) {
  for (const std::string& name : names_of(part))
    if (exists(folder + "/" + name)) return name;
  return "";
}

const FlashVsrSizes& published_sizes() {
  static const FlashVsrSizes sizes = {{'D', 1536}, {'L', 30},  {'F', 8960}, {'C', 16},   {'X', 4096},
                                      {'Q', 256},  {'S', 512}, {'G', 2048}, {'H', 3072}, {'A', 512},
                                      {'B', 256},  {'T', 128}, {'E', 128},  {'V', 96}};
  return sizes;
}

std::vector<NamedShape> tensors_of(FlashVsrPart part, const FlashVsrSizes& sizes) {
  std::vector<NamedShape> tensors;
  for (const Row& row : rows_of(part, part == FlashVsrPart::transformer ? sizes.at('L') : 0)) {
    NamedShape tensor{row.name, {}};
    for (const std::string& word : words_of(row.shape)) {
      const Term term = parse(word);
      tensor.shape.dims.push_back(term.plus + (term.letter ? term.times * sizes.at(term.letter) : 0));
    }
    tensors.push_back(std::move(tensor));
  }
  return tensors;
}

std::string part_by_content(const Weights& file) {
  if (file.has("patch_embedding.weight")) return "transformer";
  if (file.has("linear_layers.0.weight")) return "projection";
  if (file.has("decoder.26.weight")) return "decoder";
  if (file.has("decoder.conv1.weight")) return "vae";
  return file.entries().size() == 1 ? "prompt" : "";
}

Message check_part(FlashVsrPart part, const Weights& file, const std::string& where, FlashVsrSizes& sizes) {
  const std::string content = part_by_content(file);
  if (!content.empty() && content != name_of(part))
    return where + " does not hold the " + name_of(part) + " but what looks like the " + content +
           ". Were two files swapped?";
  if (part == FlashVsrPart::transformer) return check_transformer(file, "", where, sizes, false);
  if (part != FlashVsrPart::prompt) return check_rows(rows_of(part, 0), file, "", where, sizes, false);
  if (file.entries().size() != 1)
    return where + " should hold one tensor, the prompt, and holds " + str(file.entries().size()) + ".";
  Weights plain;                                      // the published tensor is [1, S, X]
  Entry entry = file.entries().begin()->second;
  entry.name = "prompt";
  if (entry.shape.rank() == 3 && entry.shape[0] == 1) entry.shape = Shape{entry.shape[1], entry.shape[2]};
  plain.add(entry);
  return check_rows(rows_of(part, 0), plain, "", where, sizes, true);
}

Message check_imported(const Weights& file, const std::string& where, FlashVsrSizes& sizes) {
  Message problem = check_transformer(file, prefix_of(FlashVsrPart::transformer), where, sizes, true);
  if (problem.empty())
    problem = check_rows(projection_rows(), file, prefix_of(FlashVsrPart::projection), where, sizes, true);
  if (problem.empty()) problem = check_rows(decoder_rows(), file, prefix_of(FlashVsrPart::decoder), where, sizes, true);
  const bool has_vae = file.has(prefix_of(FlashVsrPart::vae) + "decoder.conv1.weight");
  if (problem.empty() && has_vae)
    problem = check_rows(vae_rows(), file, prefix_of(FlashVsrPart::vae), where, sizes, true);
  return problem;
}

Tensor prompt_of(const Weights& file, const std::string& where) {
  CHECK_AS("weights-unsupported", file.entries().size() == 1,
           where + " should hold one tensor, the prompt, and holds " + str(file.entries().size()) + ".");
  const Tensor t = file.get(file.entries().begin()->first);
  CHECK_AS("weights-unsupported", t.shape.rank() >= 2 && t.count() > 0,
           where + " holds a tensor of shape " + str(t.shape) + ", which is no prompt.");
  return t.reshape({t.rows(), t.channels()});
}

std::string prefix_of(FlashVsrPart part) { return std::string(name_of(part)) + "."; }

FlashVsrWeights split_imported(const Weights& file) {
  FlashVsrWeights w;
  w.transformer = file.within(prefix_of(FlashVsrPart::transformer));
  w.projection = file.within(prefix_of(FlashVsrPart::projection));
  w.decoder = file.within(prefix_of(FlashVsrPart::decoder));
  w.vae = file.within(prefix_of(FlashVsrPart::vae));
  return w;
}

// ---- folders -------------------------------------------------------------------------------------------------------

namespace {

std::string plain_name(const Json& weights, const std::string& key) {
  const std::string& name = weights.at(key).string();
  CHECK_AS("weights-corrupt",
           !name.empty() && name.find('/') == std::string::npos && name.find('\\') == std::string::npos && name != "..",
           "model.json names the weight file \"" + name + "\", which is not a plain file name. Get the model again.");
  return name;
}

}  // namespace

FlashVsrFiles files_of(const std::string& folder, const Json* model_json) {
  FlashVsrFiles files;
  if (model_json && model_json->at("weights").is(Json::Kind::string)) {
    files.all = plain_name(*model_json, "weights");
    return files;
  }
  for (const FlashVsrPart part : kFlashVsrParts) {
    const std::string found = find_part(folder, part);
    const bool is_needed = part != FlashVsrPart::vae;
    if (!model_json) {
      CHECK_AS("weights-missing", !is_needed || !found.empty(),
               say(part == FlashVsrPart::prompt ? sentences::kPromptMissing : sentences::kFileMissingOne,
                   {{"file", published_name(part)}, {"folder", folder}}));
      if (!found.empty()) files.parts[part] = found;
    } else if (is_needed || model_json->at("weights").has(name_of(part))) {
      files.parts[part] = plain_name(model_json->at("weights"), name_of(part));
    }
  }
  return files;
}

FlashVsrWeights open_files(const std::string& folder, const FlashVsrFiles& files) {
  if (!files.all.empty()) {
    Weights all;
    all.open(folder + "/" + files.all);
    FlashVsrSizes sizes;
    const Message problem = check_imported(all, folder + "/" + files.all, sizes);
    CHECK_AS("weights-unsupported", problem.empty(), problem);
    return split_imported(all);
  }
  FlashVsrWeights w;
  const auto open = [&](FlashVsrPart part, Weights& to) {
    const auto named = files.parts.find(part);
    if (named != files.parts.end()) to.open(folder + "/" + named->second);
  };
  Weights prompt;
  open(FlashVsrPart::transformer, w.transformer);
  open(FlashVsrPart::projection, w.projection);
  open(FlashVsrPart::decoder, w.decoder);
  open(FlashVsrPart::vae, w.vae);
  open(FlashVsrPart::prompt, prompt);
  w.prompt = prompt_of(prompt, files.parts.at(FlashVsrPart::prompt));
  return w;
}

}  // namespace heirloom
