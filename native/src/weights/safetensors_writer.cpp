#include "weights/safetensors_writer.h"

#include <cerrno>
#include <cstring>

#ifndef _WIN32
#include <unistd.h>
#endif

namespace heirloom {

namespace {

[[noreturn]] void cannot_write(const std::string& path) {
  const int reason = errno;
  if (reason == ENOSPC) fail("disk-full", say(sentences::kFull, {{"path", path}}));
  fail("output-not-writable", say(sentences::kNotWrittenWhy, {{"path", path}, {"reason", std::strerror(reason)}}));
}

}  // namespace

SafetensorsWriter::SafetensorsWriter(const std::string& path, const std::vector<Planned>& tensors) : path_(path) {
  std::string header = "{\"__metadata__\":{\"format\":\"pt\"}";
  for (const Planned& t : tensors) {
    header += ",\"" + t.name + "\":{\"dtype\":\"" + name_of(t.dtype) + "\",\"shape\":" + str(t.shape) +
              ",\"data_offsets\":[" + str(left_) + "," + str(left_ + t.bytes()) + "]}";
    left_ += t.bytes();
  }
  header += "}";
  while (header.size() % 8) header += ' ';
  file_ = std::fopen(path.c_str(), "wb");
  if (!file_) cannot_write(path);
  const uint64_t n = header.size();
  put(&n, sizeof n);
  put(header.data(), header.size());
}

SafetensorsWriter::~SafetensorsWriter() {
  if (file_) std::fclose(file_);
}

void SafetensorsWriter::put(const void* data, size_t bytes) {
  if (std::fwrite(data, 1, bytes, file_) != bytes) cannot_write(path_);
  hash_.add(data, bytes);
}

void SafetensorsWriter::write(const void* data, size_t bytes) {
  CHECK(bytes <= left_, "more numbers came for " + path_ + " than were announced");
  put(data, bytes);
  left_ -= bytes;
}

std::string SafetensorsWriter::finish() {
  CHECK(left_ == 0, str(left_) + " bytes were announced for " + path_ + " and did not come");
  bool is_safe = std::fflush(file_) == 0;
#ifndef _WIN32
  is_safe = is_safe && ::fsync(::fileno(file_)) == 0;
#endif
  std::FILE* file = file_;
  file_ = nullptr;
  if (std::fclose(file) != 0 || !is_safe) cannot_write(path_);
  return hash_.hex();
}

}  // namespace heirloom
