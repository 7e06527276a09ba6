// inspect() and import_weights(): asks the importers what lies in a folder, and gives what one of them writes its name when it is whole.
#include <filesystem>

#include "check.h"
#include "importer.h"
#include "kinds.h"

namespace heirloom {

namespace {

namespace fs = std::filesystem;

std::string megabytes(size_t bytes) { return str((bytes + 999999) / 1000000) + " MB"; }

// Removes the half-made folder unless the work was completed.
struct Unfinished {
  fs::path path;
  bool is_done = false;
  ~Unfinished() {
    std::error_code ignored;  // the next import to the same place removes what could not be removed now
    if (!is_done) fs::remove_all(path, ignored);
  }
};

const Importer& importer_of(const Inspection& found) {
  for (const Kind& kind : kinds())
    if (kind.importer && kind.importer->id() == found.importer) return *kind.importer;
  fail("internal", "there is no importer " + found.importer);
}

}  // namespace

void require_space(const std::string& folder, size_t needed, size_t available) {
  constexpr size_t kMargin = size_t{64} << 20;
  CHECK_AS("disk-full", available >= needed + kMargin,
           say(sentences::kNoRoom,
               {{"folder", folder}, {"need", megabytes(needed + kMargin)}, {"free", megabytes(available)}}));
}

Inspection inspect(const std::string& folder, const InspectOptions& options, const Progress& progress) {
  std::error_code ignored;  // a path that cannot be looked at is no folder for us
  CHECK_AS("weights-missing", fs::is_directory(folder, ignored), say(sentences::kNoFolder, {{"folder", folder}}));
  Inspection found;
  for (const Kind& kind : kinds()) {
    if (!kind.importer) continue;
    found = kind.importer->inspect(folder, options, progress);
    found.importer = kind.importer->id();
    if (found.kind != "none") break;
  }
  return found;
}

Imported import_weights(const std::string& folder, const std::string& destination, const ImportOptions& options,
                        const Progress& progress) {
  CHECK_AS("bad-argument", !destination.empty() && fs::path(destination).has_filename(),
           "Where the model shall go must be the path of a new folder.");
  std::error_code error;
  CHECK_AS("output-exists", !fs::exists(destination, error), say(sentences::kThere, {{"path", destination}}));
  const Inspection found = inspect(folder, {true, options.known_files}, progress);
  CHECK_AS("weights-unsupported", found.kind != "imported", say(sentences::kMadeReady, {{"folder", folder}}));
  CHECK_AS(found.files.empty() || !found.missing.empty() ? "weights-missing" : "weights-unsupported",
           found.problem.empty(), found.problem);
  const Importer& importer = importer_of(found);
  Imported made = importer.settle(folder, found, options);
  made.folder = destination;

  const fs::path target = destination, parent = fs::absolute(target).parent_path();
  Unfinished work{destination + ".importing"};
  fs::remove_all(work.path, error);
  fs::create_directories(parent, error);
  const fs::space_info space = fs::space(parent, error);
  if (!error) require_space(parent.string(), found.import_bytes, static_cast<size_t>(space.available));
  fs::create_directory(work.path, error);
  CHECK_AS("output-not-writable", !error,
           say(sentences::kNoNewFolder, {{"folder", work.path.string()}, {"reason", error.message()}}));
  importer.write(folder, found, work.path.string(), made, progress);
  fs::rename(work.path, target, error);
  CHECK_AS(
      "output-not-writable", !error,
      say(sentences::kNotRenamed, {{"from", work.path.string()}, {"to", destination}, {"reason", error.message()}}));
  work.is_done = true;
  return made;
}

}  // namespace heirloom
