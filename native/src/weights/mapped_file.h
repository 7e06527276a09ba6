// A whole file as read-only bytes: memory-mapped where the system can, read otherwise.
#pragma once
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>

namespace heirloom {

class MappedFile {
 public:
  // Throws weights-missing when the file cannot be opened or read.
  static std::shared_ptr<const MappedFile> open(const std::string& path);
  ~MappedFile();
  MappedFile(const MappedFile&) = delete;
  MappedFile& operator=(const MappedFile&) = delete;

  const uint8_t* data() const { return data_; }
  size_t size() const { return size_; }
  const std::string& path() const { return path_; }
  // These bytes are not needed for now: their pages leave this process's memory and are read again when touched.
  void release(const uint8_t* at, size_t bytes) const;

 private:
  MappedFile() = default;
  const uint8_t* data_ = nullptr;
  size_t size_ = 0;
  std::string path_;
};

}  // namespace heirloom
