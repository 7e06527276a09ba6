// A folder that exists as long as the object does.
#pragma once
#include <filesystem>
#include <string>

#include "check_test.h"

struct TempFolder {
  std::filesystem::path path;
  explicit TempFolder(const std::string& name) {
    for (uint64_t i = 0;; ++i) {
      path = std::filesystem::temp_directory_path() /
             ("heirloom-" + name + "-" + std::to_string(check::Random(reinterpret_cast<uintptr_t>(this) + i).next()));
      if (std::filesystem::create_directory(path)) return;
    }
  }
  ~TempFolder() {
    std::error_code ignored;  // a folder left behind in the system's temporary place harms nobody
    std::filesystem::remove_all(path, ignored);
  }
  TempFolder(const TempFolder&) = delete;
  TempFolder& operator=(const TempFolder&) = delete;
  std::string file(const std::string& name) const { return (path / name).string(); }
  std::string string() const { return path.string(); }
};
