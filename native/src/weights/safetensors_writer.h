// Writer of one safetensors file, from a list of what will come and then the numbers in that order. Never holds more than it is given.
#pragma once
#include <cstdint>
#include <cstdio>
#include <string>
#include <vector>

#include "weights/sha256.h"
#include "weights/weight_file.h"

namespace heirloom {

class SafetensorsWriter {
 public:
  struct Planned {
    std::string name;
    DType dtype;
    Shape shape;
    size_t bytes() const { return static_cast<size_t>(shape.count()) * bytes_of(dtype); }
  };

  // Replaces what is at path. Throws output-not-writable, disk-full.
  SafetensorsWriter(const std::string& path, const std::vector<Planned>& tensors);
  ~SafetensorsWriter();  // without finish(): the file stays as it is, incomplete
  SafetensorsWriter(const SafetensorsWriter&) = delete;
  SafetensorsWriter& operator=(const SafetensorsWriter&) = delete;

  void write(const void* data, size_t bytes);  // the next bytes of the tensors, in the order of the list
  std::string finish();  // everything is on the disk; -> the file's sha-256

 private:
  void put(const void* data, size_t bytes);
  std::string path_;
  std::FILE* file_ = nullptr;
  size_t left_ = 0;  // bytes that must still come
  Sha256 hash_;
};

}  // namespace heirloom
