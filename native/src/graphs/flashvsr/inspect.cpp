// What lies in a folder of FlashVSR weights, read from headers and hashes; nothing is loaded.
#include <algorithm>
#include <filesystem>
#include <set>

#include "check.h"
#include "graphs/flashvsr/constants.h"
#include "graphs/flashvsr/files.h"
#include "graphs/flashvsr/import.h"
#include "weights/sha256.h"
#include "weights/torch_zip.h"

namespace heirloom {

namespace {

using Part = FlashVsrPart;
namespace fs = std::filesystem;

// ---- the table of known files: {"format": 1, "files": [{"sha256", "part", "version": "v1" | "v1.1" | "both"}]} ------------

struct Known {
  std::string part, version;
};

std::map<std::string, Known> read_known(const std::string& path) {
  std::map<std::string, Known> known;
  if (path.empty()) return known;
  const Json table = Json::read_file(path);
  CHECK_AS("weights-unsupported", table.at("format").integer() == 1, say(sentences::kFormatUnknown, {{"path", path}}));
  for (const Json& file : table.at("files").array()) {
    const std::string& version = file.at("version").string();
    CHECK_AS("weights-corrupt", version == "v1" || version == "v1.1" || version == "both",
             path + " names the version \"" + version.substr(0, 32) + "\"; v1, v1.1 and both are known.");
    known[file.at("sha256").string()] = {file.at("part").string(), version};
  }
  return known;
}

// ---- versions ------------------------------------------------------------------------------------------------------

std::string hint_of(const std::string& folder) {
  std::string name = fs::path(folder).lexically_normal().filename().string();
  if (name.empty()) name = fs::path(folder).lexically_normal().parent_path().filename().string();
  std::transform(name.begin(), name.end(), name.begin(),
                 [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
  if (name.find("flashvsr") == std::string::npos) return "";
  const bool is_newer = name.find("1.1") != std::string::npos || name.find("1_1") != std::string::npos;
  return is_newer ? "v1.1" : "v1";
}

// The version all known files agree on; a mixture is a problem.
void settle_version(Inspection& found) {
  const WeightFile* first = nullptr;
  for (const WeightFile& file : found.files) {
    if (file.version.empty() || file.version == "both") continue;
    if (!first) {
      first = &file;
      found.version = file.version;
    } else if (file.version != first->version && found.problem.empty()) {
      found.problem = say(sentences::kMixture, {{"first", first->name},
                                                {"firstVersion", first->version},
                                                {"second", file.name},
                                                {"secondVersion", file.version}});
    }
  }
  if (!found.problem.empty()) found.version = "unknown";
}

// ---- one file ------------------------------------------------------------------------------------------------------

std::string dtype_of(const Weights& weights) {
  std::set<std::string> all;
  for (const auto& item : weights.entries()) all.insert(name_of(item.second.dtype));
  return all.empty() ? "" : all.size() == 1 ? *all.begin() : "mixed";
}

// Opens a file and notes its facts; false with the reason in file.problem.
bool open(const std::string& folder, WeightFile& file, Weights& weights) {
  const std::string path = folder + "/" + file.name;
  std::error_code ignored;                            // a file that cannot be measured cannot be opened either
  file.bytes = static_cast<size_t>(fs::file_size(path, ignored));
  if (ignored) file.bytes = 0;
  try {
    weights.open(path);
    file.container = looks_like_torch(*MappedFile::open(path)) ? "torch" : "safetensors";
  } catch (const Error& error) {
    file.problem = error.message;
    return false;
  }
  file.tensors = weights.entries().size();
  file.parameters = weights.parameters();
  file.dtype = dtype_of(weights);
  return true;
}

void hash_files(const std::string& folder, Inspection& found, const Progress& progress) {
  size_t done = 0, total = 0;
  for (const WeightFile& file : found.files) total += file.bytes;
  for (WeightFile& file : found.files) {
    try {
      file.hash = sha256_of_file(folder + "/" + file.name, [&](size_t bytes) {
        if (progress.cancelled && *progress.cancelled) fail("cancelled", "Looking at " + folder + " was cancelled.");
        if (progress.report) progress.report("hash", done += bytes, total);
      });
    } catch (const Error& error) {
      if (error.code == "cancelled") throw;
      if (file.problem.empty()) file.problem = error.message;
    }
  }
}

size_t constant_floats(const FlashVsrSizes& s) {
  return static_cast<size_t>(s.at('L') * (2 * s.at('S') * s.at('D') + 6 * s.at('D')) + 2 * s.at('D'));
}

bool has_published_size(const FlashVsrSizes& sizes) {
  for (const auto& item : sizes)
    if (published_sizes().at(item.first) != item.second) return false;
  return true;
}

// The prompt is the last of a folder's files.
Message missing_files(const std::string& folder, const std::vector<std::string>& missing) {
  std::string names;
  for (const std::string& name : missing) names += (names.empty() ? "" : ", ") + name;
  const std::string prompt = published_name(Part::prompt);
  if (missing.size() == 1)
    return missing.back() == prompt
               ? say(sentences::kFileMissingPrompt, {{"file", names}, {"folder", folder}, {"prompt", prompt}})
               : say(sentences::kFileMissing, {{"file", names}, {"folder", folder}});
  return missing.back() == prompt
             ? say(sentences::kFilesMissingPrompt, {{"files", names}, {"folder", folder}, {"prompt", prompt}})
             : say(sentences::kFilesMissing, {{"files", names}, {"folder", folder}});
}

// ---- folders -------------------------------------------------------------------------------------------------------

Inspection inspect_published(const std::string& folder, const InspectOptions& options, const Progress& progress) {
  Inspection found;
  found.hint = hint_of(folder);
  FlashVsrSizes sizes;
  size_t half_floats = 0;                             // written as bfloat16 by an import
  for (const Part part : kFlashVsrParts) {
    WeightFile file;
    file.part = name_of(part);
    file.name = find_part(folder, part);
    if (file.name.empty()) {
      if (part != Part::vae) found.missing.push_back(published_name(part));
      continue;
    }
    Weights weights;
    if (open(folder, file, weights)) file.problem = check_part(part, weights, file.name, sizes);
    if (file.problem.empty() && part != Part::prompt)
      for (const NamedShape& tensor : tensors_of(part, sizes))
        if (part != Part::transformer || !is_constant(tensor.name))
          half_floats += static_cast<size_t>(tensor.shape.count());
    found.parameters += file.parameters;
    if (found.problem.empty()) found.problem = file.problem;
    found.files.push_back(std::move(file));
  }
  found.kind = found.files.empty() ? "none" : "published";
  if (found.files.empty()) {
    found.missing.clear();
    found.problem = say(sentences::kNoFiles, {{"folder", folder}, {"file", published_name(Part::transformer)}});
    return found;
  }
  if (options.hash) {
    const std::map<std::string, Known> known = read_known(options.known_files);
    hash_files(folder, found, progress);
    for (WeightFile& file : found.files) {
      const auto entry = known.find(file.hash);
      if (entry != known.end() && entry->second.part == file.part) file.version = entry->second.version;
    }
  }
  if (!found.missing.empty() && found.problem.empty()) found.problem = missing_files(folder, found.missing);
  settle_version(found);
  found.is_published_size = found.problem.empty() && has_published_size(sizes);
  if (!found.problem.empty()) return found;
  found.decoders = {"tc"};
  if (sizes.count('V')) found.decoders.push_back("wan-vae");
  found.import_bytes = 2 * half_floats + sizeof(float) * constant_floats(sizes);
  return found;
}

Inspection inspect_imported(const std::string& folder, const Json& model, const InspectOptions& options,
                            const Progress& progress) {
  Inspection found;
  found.kind = "imported";
  WeightFile file;
  file.part = "model";
  file.name = kImportedFile;
  Weights weights;
  FlashVsrSizes sizes;
  if (open(folder, file, weights)) file.problem = check_imported(weights, file.name, sizes);
  found.files.push_back(file);
  if (options.hash) hash_files(folder, found, progress);
  WeightFile& only = found.files.front();
  const std::string stated = model.string_or("hash", "");
  if (only.problem.empty() && options.hash && only.hash != stated)
    only.problem = say(sentences::kChanged, {{"file", folder + "/" + only.name}});
  found.problem = only.problem;
  const Json* config = model.find("config");
  const std::string version = config ? config->string_or("version", "") : "";
  if (version == "v1" || version == "v1.1") found.version = only.version = version;
  found.parameters = only.parameters;
  found.is_published_size = found.problem.empty() && has_published_size(sizes);
  if (found.problem.empty()) found.decoders = {"tc"};
  if (found.problem.empty() && sizes.count('V')) found.decoders.push_back("wan-vae");
  return found;
}

}  // namespace

Inspection inspect_flashvsr(const std::string& folder, const InspectOptions& options, const Progress& progress) {
  std::error_code ignored;                            // a file that cannot be looked at is not there for us
  if (!fs::exists(folder + "/model.json", ignored)) return inspect_published(folder, options, progress);
  Inspection found;
  try {
    const Json model = Json::read_file(folder + "/model.json");
    const Json* weights = model.find("weights");
    if (model.string_or("graph", "") == "flashvsr" && weights && weights->is(Json::Kind::string))
      return inspect_imported(folder, model, options, progress);
    found.problem = say(sentences::kHoldsModel,
                        {{"folder", folder}, {"name", model.string_or("name", "without a name").substr(0, 80)}});
  } catch (const Error& error) {
    if (error.code == "cancelled") throw;
    found.problem = error.message;
  }
  found.kind = "none";
  return found;
}

}  // namespace heirloom
