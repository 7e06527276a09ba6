// heirloom-models FOLDER: what lies in a folder of weights, file by file; with --import, makes FlashVSR's published files ready. Without Node.
#include <cstdio>
#include <cstdlib>
#include <string>

#include "heirloom.h"

namespace {

constexpr const char* kUsage =
    "usage: heirloom-models FOLDER [options]\n"
    "  --no-hash                do not read every byte; versions stay unknown\n"
    "  --known FILE             the table of known files (flashvsr-known.json)\n"
    "  --import DESTINATION     make the published files ready in this new folder\n"
    "  --version V              v1 or v1.1, where the table does not know\n"
    "  --name NAME              of the imported model\n";

// One line that is written over, at whole percents.
heirloom::Progress progress_line() {
  heirloom::Progress progress;
  auto shown = std::make_shared<std::string>();
  progress.report = [shown](const std::string& step, size_t done, size_t total) {
    const std::string text = step + " " + std::to_string(total ? done * 100 / total : 100) + " %";
    if (text == *shown) return;
    std::fprintf(stderr, "\r%-20s%s", text.c_str(), done == total ? "\n" : "");
    *shown = text;
  };
  return progress;
}

void print(const heirloom::Inspection& found) {
  std::printf("kind         %s\nversion      %s%s\n", found.kind.c_str(), found.version.c_str(),
              found.hint.empty() ? "" : (" (the folder's name says " + found.hint + ")").c_str());
  for (const heirloom::WeightFile& file : found.files) {
    std::printf("%-12s %s\n             %s, %s, %zu tensors, %zu numbers, %zu bytes%s%s\n", file.part.c_str(),
                file.name.c_str(), file.container.c_str(), file.dtype.c_str(), file.tensors, file.parameters,
                file.bytes, file.version.empty() ? "" : ", ", file.version.c_str());
    if (!file.hash.empty()) std::printf("             sha-256 %s\n", file.hash.c_str());
  }
  std::printf("numbers      %zu%s\n", found.parameters, found.is_published_size ? ", the published size" : "");
  if (found.import_bytes) std::printf("import       %zu bytes\n", found.import_bytes);
  for (const std::string& name : found.missing) std::printf("missing      %s\n", name.c_str());
  std::printf("%s\n", found.problem.empty() ? "usable" : found.problem.text.c_str());
}

}  // namespace

int main(int argc, char** argv) {
  std::string folder, destination;
  heirloom::InspectOptions look;
  heirloom::ImportOptions import;
  bool is_understood = true;
  for (int i = 1; i < argc; ++i) {
    const std::string word = argv[i];
    if (word == "--no-hash") look.hash = false;
    else if (word == "--known" && i + 1 < argc) look.known_files = import.known_files = argv[++i];
    else if (word == "--import" && i + 1 < argc) destination = argv[++i];
    else if (word == "--version" && i + 1 < argc) import.version = argv[++i];
    else if (word == "--name" && i + 1 < argc) import.name = argv[++i];
    else if (folder.empty() && word[0] != '-') folder = word;
    else is_understood = false;
  }
  if (folder.empty() || !is_understood) {
    std::fprintf(stderr, "%s", kUsage);
    return 2;
  }
  try {
    const heirloom::Progress progress = progress_line();
    if (destination.empty()) {
      const heirloom::Inspection found = heirloom::inspect(folder, look, progress);
      print(found);
      return found.problem.empty() ? 0 : 1;
    }
    const heirloom::Imported made = heirloom::import_weights(folder, destination, import, progress);
    std::printf("%s\n%s, %s, %zu bytes\nsha-256 %s\n", made.folder.c_str(), made.name.c_str(), made.version.c_str(),
                made.bytes, made.hash.c_str());
    return 0;
  } catch (const heirloom::Error& error) {
    std::fprintf(stderr, "%s (%s)\n", error.what(), error.code.c_str());
    return 1;
  }
}
