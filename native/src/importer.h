// Weights that others publish, in files of their own: who knows them by their looks, and makes a folder of ours of them.
#pragma once
#include <cstddef>
#include <string>

#include "heirloom.h"

namespace heirloom {

class Importer {
 public:
  virtual ~Importer() = default;
  virtual std::string id() const = 0;  // Inspection::importer
  // Do the published files lie in this folder? By their names alone.
  virtual bool has_files(const std::string& folder) const = 0;
  // kind "none" for a folder that is neither as published nor made by this importer; what is wrong with it stands in the answer.
  virtual Inspection inspect(const std::string& folder, const InspectOptions& options,
                             const Progress& progress) const = 0;
  // What an import of these usable files will be: its name and version. Throws bad-argument where the person has to say more.
  virtual Imported settle(const std::string& folder, const Inspection& found, const ImportOptions& options) const = 0;
  // Writes model.json and the weights into the empty folder `into`, and says their hash and bytes in `made`.
  virtual void write(const std::string& folder, const Inspection& found, const std::string& into, Imported& made,
                     const Progress& progress) const = 0;
};

// Throws disk-full with the numbers unless `needed` bytes and some margin are free.
void require_space(const std::string& folder, size_t needed, size_t available);

}  // namespace heirloom
