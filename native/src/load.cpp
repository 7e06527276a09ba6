// Model::load: finds out what lies in a folder and hands it to the kind of model that understands it.
#include <sys/stat.h>

#include <new>

#include "check.h"
#include "kinds.h"
#include "weights/json.h"

namespace heirloom {

namespace {

bool is_folder(const std::string& path) {
  struct stat facts;
  return ::stat(path.c_str(), &facts) == 0 && (facts.st_mode & S_IFMT) == S_IFDIR;
}
bool is_file(const std::string& path) {
  struct stat facts;
  return ::stat(path.c_str(), &facts) == 0 && (facts.st_mode & S_IFMT) == S_IFREG;
}

const Kind& kind_of(const std::string& folder, const Json& description) {
  CHECK_AS("weights-unsupported", description.integer_or("format", 1) == 1,
           say(sentences::kNewerFormat, {{"folder", folder}, {"format", str(description.integer_or("format", 1))}}));
  const std::string& graph = description.at("graph").string();
  for (const Kind& kind : kinds())
    if (kind.graph == graph) return kind;
  fail("weights-unsupported", say(sentences::kUnknownKind, {{"folder", folder}, {"kind", graph.substr(0, 64)}}));
}

std::shared_ptr<Model> load_described(const std::string& folder, const LoadOptions& options) {
  const Json description = Json::read_file(folder + "/model.json");
  const Kind& kind = kind_of(folder, description);
  CHECK_AS("weights-unsupported", kind.load,
           say(kind.load_interpolator ? sentences::kNoEnhancer : sentences::kOnlyPictures, {{"folder", folder}}));
  return kind.load(folder, &description, options);
}

}  // namespace

std::shared_ptr<Model> Model::load(const std::string& folder, const LoadOptions& options) {
  CHECK_AS("weights-missing", is_folder(folder), say(sentences::kNoModelFolder, {{"folder", folder}}));
  try {
    if (is_file(folder + "/model.json")) return load_described(folder, options);
    for (const Kind& kind : kinds())
      if (kind.importer && kind.importer->has_files(folder)) return kind.load(folder, nullptr, options);
  } catch (const std::bad_alloc&) { fail("out-of-memory", say(sentences::kMemoryLoad, {{"folder", folder}})); }
  fail("weights-missing", folder + " holds no model: neither model.json nor FlashVSR's files. Choose another folder.");
}

std::shared_ptr<Interpolator> Interpolator::load(const std::string& folder, const LoadOptions& options) {
  CHECK_AS("weights-missing", is_folder(folder), say(sentences::kNoModelFolder, {{"folder", folder}}));
  try {
    const Json description = Json::read_file(folder + "/model.json");
    const Kind& kind = kind_of(folder, description);
    CHECK_AS("weights-unsupported", kind.load_interpolator, say(sentences::kNoInterpolator, {{"folder", folder}}));
    return kind.load_interpolator(folder, description, options);
  } catch (const std::bad_alloc&) { fail("out-of-memory", say(sentences::kMemoryLoad, {{"folder", folder}})); }
}

std::shared_ptr<StillCodec> StillCodec::load(const std::string& folder, const LoadOptions& options) {
  CHECK_AS("weights-missing", is_folder(folder), say(sentences::kNoModelFolder, {{"folder", folder}}));
  try {
    const Json description = Json::read_file(folder + "/model.json");
    const Kind& kind = kind_of(folder, description);
    CHECK_AS("weights-unsupported", kind.load_still_codec, say(sentences::kNoStillCodec, {{"folder", folder}}));
    return kind.load_still_codec(folder, description, options);
  } catch (const std::bad_alloc&) { fail("out-of-memory", say(sentences::kMemoryLoad, {{"folder", folder}})); }
}

}  // namespace heirloom
