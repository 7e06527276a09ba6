#include "graphs/flashvsr/import.h"

#include <algorithm>
#include <filesystem>
#include <fstream>

#include "check.h"
#include "contract.h"
#include "graphs/flashvsr/constants.h"
#include "graphs/flashvsr/files.h"
#include "device.h"
#include "ops.h"
#include "weights/safetensors_writer.h"

namespace heirloom {

namespace {

using Part = FlashVsrPart;
using Planned = SafetensorsWriter::Planned;
namespace fs = std::filesystem;

constexpr size_t kPiece = size_t{1} << 20;            // elements converted at a time

// ---- what is written ---------------------------------------------------------------------------------------------

struct Sources {
  std::map<Part, Weights> files;
  Tensor prompt;                                      // [S, text], as bfloat16 keeps it
  FlashVsrSizes sizes;
  int64_t dim = 0, blocks = 0;
};

Sources open_sources(const std::string& folder, const Inspection& found) {
  Sources s;
  for (const WeightFile& file : found.files)
    for (const Part part : kFlashVsrParts)
      if (file.part == name_of(part)) {
        s.files[part].open(folder + "/" + file.name);
        s.files[part].round_to_bfloat();
        const Message problem = check_part(part, s.files[part], file.name, s.sizes);
        CHECK_AS("weights-unsupported", problem.empty(), problem);
      }
  s.prompt = prompt_of(s.files.at(Part::prompt), published_name(Part::prompt));
  s.dim = s.sizes.at('D');
  s.blocks = s.sizes.at('L');
  return s;
}

// The constants, float32: they are sums and products of bfloat16 numbers and would not survive a second rounding unchanged.
std::vector<Planned> plan_constants(const Sources& s) {
  const std::string at = prefix_of(Part::transformer);
  std::vector<Planned> list = {{at + "head.modulation", DType::f32, {1, 2, s.dim}}};
  for (int64_t i = 0; i < s.blocks; ++i) {
    const std::string block = at + "blocks." + str(i) + ".";
    list.push_back({block + "modulation", DType::f32, {1, 6, s.dim}});
    for (const char* name : {"cross_attn.key", "cross_attn.value"})
      list.push_back({block + name, DType::f32, {s.prompt.rows(), s.dim}});
  }
  return list;
}

struct Copied {
  const Entry* entry;
  Planned planned;
};

// Everything else, bfloat16.
std::vector<Copied> plan_copies(const Sources& s) {
  std::vector<Copied> list;
  for (const auto& file : s.files) {
    if (file.first == Part::prompt) continue;
    for (const NamedShape& tensor : tensors_of(file.first, s.sizes))
      if (file.first != Part::transformer || !is_constant(tensor.name))
        list.push_back(
            {&file.second.entry(tensor.name), {prefix_of(file.first) + tensor.name, DType::bf16, tensor.shape}});
  }
  return list;
}

// Was read and is not needed again: its pages leave the memory.
void release(const Entry& entry) {
  entry.file->release(entry.bytes, static_cast<size_t>(entry.shape.count()) * bytes_of(entry.dtype));
}

// ---- writing -----------------------------------------------------------------------------------------------------

class Writing {
 public:
  Writing(const std::string& path, const std::vector<Planned>& list, const Progress& progress)
      : file_(path, list),
        progress_(progress) {
    for (const Planned& planned : list) total_ += planned.bytes();
  }

  void floats(Ops& ops, const Tensor& t) {
    const Tensor host = ops.memory.download(t);
    put(host.data(), host.bytes());
  }

  // In pieces, so that a tensor of any size takes little memory; what was read leaves the memory again.
  void halves(const Entry& entry) {
    const size_t size = bytes_of(entry.dtype), count = static_cast<size_t>(entry.shape.count());
    std::vector<uint16_t> out;
    const bool is_piecewise = entry.strides.empty();
    for (size_t at = 0; at < count; at += is_piecewise ? kPiece : count) {
      Entry piece = entry;
      if (is_piecewise) {
        piece.shape = Shape{static_cast<int64_t>(std::min(kPiece, count - at))};
        piece.bytes = entry.bytes + at * size;
      }
      const Tensor values = as_float(piece);
      out.resize(static_cast<size_t>(values.count()));
      uint16_t largest = 0;
      for (size_t i = 0; i < out.size(); ++i) {
        out[i] = bfloat_from_float(values.data()[i]);
        largest = std::max(largest, static_cast<uint16_t>(out[i] & 0x7fff));
      }
      CHECK_AS("weights-corrupt", largest < 0x7f80,
               say(sentences::kNoNumbers, {{"tensor", entry.name}, {"file", entry.file->path()}}));
      put(out.data(), out.size() * sizeof(uint16_t));
      release(piece);
    }
  }

  std::string finish() { return file_.finish(); }

 private:
  void put(const void* data, size_t bytes) {
    if (progress_.cancelled && *progress_.cancelled)
      fail("cancelled", "The import was cancelled. Nothing was left behind; the originals are as they were.");
    file_.write(data, bytes);
    if (progress_.report) progress_.report("convert", done_ += bytes, total_);
  }

  SafetensorsWriter file_;
  const Progress& progress_;
  size_t done_ = 0, total_ = 0;
};

void write_constants(Ops& ops, const Sources& s, Writing& out) {
  const Weights& w = s.files.at(Part::transformer);
  const TimeRows time = time_rows(ops, w, s.dim);
  const Tensor prompt = embed_prompt(ops, w, s.prompt, s.dim);
  const Tensor head = ops.memory.upload(w.get("head.modulation", {1, 2, s.dim})).reshape({2, s.dim});
  for (int64_t i = 0; i < 2; ++i) out.floats(ops, ops.features.add(head.row_range(i, 1), time.t));
  for (int64_t i = 0; i < s.blocks; ++i) {
    const Tensor own = ops.memory.upload(w.get("blocks." + str(i) + ".modulation", {1, 6, s.dim})).reshape({6, s.dim});
    out.floats(ops, ops.features.add(own, time.modulation.reshape({6, s.dim})));
    const PromptRows rows = prompt_rows(ops, w, i, prompt);
    out.floats(ops, rows.k);
    out.floats(ops, rows.v);
    for (const char* name : {"k.weight", "v.weight"}) release(w.entry("blocks." + str(i) + ".cross_attn." + name));
  }
}

std::string quoted(const std::string& text) {
  std::string out = "\"";
  for (char c : text)
    if (c == '"' || c == '\\') out += std::string("\\") + c;
    else if (static_cast<unsigned char>(c) >= 32) out += c;
  return out + "\"";
}

void write_description(const std::string& path, const Imported& made, const Inspection& found, int64_t local_range) {
  std::ofstream file(path, std::ios::binary);
  file << "{\n  \"format\": 1,\n  \"name\": " << quoted(made.name) << ",\n  \"version\": " << quoted(made.version)
       << ",\n  \"graph\": \"flashvsr\",\n  \"scales\": [2, 4],\n  \"weights\": " << quoted(kImportedFile)
       << ",\n  \"hash\": " << quoted(made.hash) << ",\n  " << contract_text("flashvsr")
       << ",\n  \"config\": { \"version\": " << quoted(made.version) << ", \"local_range\": " << local_range
       << " },\n  \"sources\": [";
  for (size_t i = 0; i < found.files.size(); ++i) {
    const WeightFile& source = found.files[i];
    file << (i ? ",\n" : "\n") << "    { \"part\": " << quoted(source.part) << ", \"name\": " << quoted(source.name)
         << ", \"bytes\": " << source.bytes << ", \"sha256\": " << quoted(source.hash) << " }";
  }
  file << "\n  ]\n}\n";
  file.close();
  CHECK_AS("output-not-writable", !file.fail(), say(sentences::kNotWritten, {{"path", path}}));
}

std::string settled_version(const std::string& asked, const Inspection& found, const std::string& folder) {
  CHECK_AS("bad-argument", asked.empty() || asked == "v1" || asked == "v1.1",
           "The FlashVSR version \"" + asked.substr(0, 32) + "\" is not known here; v1 and v1.1 are.");
  if (found.version == "unknown") {
    CHECK_AS("bad-argument", !asked.empty(), say(sentences::kWhichVersion, {{"folder", folder}}));
    return asked;
  }
  CHECK_AS("bad-argument", asked.empty() || asked == found.version,
           say(sentences::kOtherVersion, {{"folder", folder}, {"found", found.version}, {"wanted", asked}}));
  return found.version;
}

class FlashVsrImporter final : public Importer {
 public:
  std::string id() const override { return "flashvsr"; }
  bool has_files(const std::string& folder) const override { return !find_part(folder, Part::transformer).empty(); }
  Inspection inspect(const std::string& folder, const InspectOptions& options,
                     const Progress& progress) const override {
    return inspect_flashvsr(folder, options, progress);
  }

  Imported settle(const std::string& folder, const Inspection& found, const ImportOptions& options) const override {
    Imported made;
    made.version = settled_version(options.version, found, folder);
    made.name = options.name.empty() ? "FlashVSR " + made.version : options.name;
    return made;
  }

  void write(const std::string& folder, const Inspection& found, const std::string& into, Imported& made,
             const Progress& progress) const override {
    const Sources sources = open_sources(folder, found);
    const std::vector<Copied> copies = plan_copies(sources);
    std::vector<Planned> plan = plan_constants(sources);
    for (const Copied& copied : copies) plan.push_back(copied.planned);
    const std::string path = (fs::path(into) / kImportedFile).string();
    Writing out(path, plan, progress);
    const std::unique_ptr<Ops> ops = make_ops({"cpu"}, 0, progress.cancelled);
    write_constants(*ops, sources, out);
    for (const Copied& copied : copies) out.halves(*copied.entry);
    made.hash = out.finish();
    made.bytes = static_cast<size_t>(fs::file_size(path));
    write_description((fs::path(into) / "model.json").string(), made, found, FlashVsrConfig().local_range);
  }
};

}  // namespace

const Importer& flashvsr_importer() {
  static const FlashVsrImporter importer;
  return importer;
}

}  // namespace heirloom
