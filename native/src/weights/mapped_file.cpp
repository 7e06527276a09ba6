#include "weights/mapped_file.h"

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstring>

#include "check.h"

#ifndef _WIN32
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>
#endif

namespace heirloom {

namespace {
[[noreturn]] void cannot_open(const std::string& path, const char* reason) {
  fail("weights-missing", say(sentences::kNotRead, {{"file", path}, {"reason", reason}}));
}
}  // namespace

#ifdef _WIN32

std::shared_ptr<const MappedFile> MappedFile::open(const std::string& path) {
  std::shared_ptr<MappedFile> file(new MappedFile);
  file->path_ = path;
  std::unique_ptr<std::FILE, int (*)(std::FILE*)> in(std::fopen(path.c_str(), "rb"), std::fclose);
  if (!in) cannot_open(path, std::strerror(errno));
  if (_fseeki64(in.get(), 0, SEEK_END) != 0) cannot_open(path, "it has no size");
  file->size_ = static_cast<size_t>(_ftelli64(in.get()));
  _fseeki64(in.get(), 0, SEEK_SET);
  uint8_t* bytes = new (std::nothrow) uint8_t[file->size_ + 1];
  CHECK_AS("out-of-memory", bytes != nullptr,
           say(sentences::kMemoryFile, {{"size", str(file->size_ >> 20)}, {"path", path}}));
  file->data_ = bytes;
  if (std::fread(bytes, 1, file->size_, in.get()) != file->size_) cannot_open(path, "the disk gave an error");
  return file;
}

MappedFile::~MappedFile() { delete[] data_; }

void MappedFile::release(const uint8_t*, size_t) const {}

#else

std::shared_ptr<const MappedFile> MappedFile::open(const std::string& path) {
  std::shared_ptr<MappedFile> file(new MappedFile);
  file->path_ = path;
  const int fd =
      ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);  // a pipe under this name must not be waited for
  if (fd < 0) cannot_open(path, std::strerror(errno));
  struct stat facts;
  const bool known = ::fstat(fd, &facts) == 0 && S_ISREG(facts.st_mode);
  void* map = MAP_FAILED;
  if (known && facts.st_size > 0)
    map = ::mmap(nullptr, static_cast<size_t>(facts.st_size), PROT_READ, MAP_PRIVATE, fd, 0);
  const int reason = errno;
  ::close(fd);
  if (!known) cannot_open(path, "it is not a file");
  if (facts.st_size == 0) fail("weights-corrupt", say(sentences::kEmpty, {{"file", path}}));
  if (map == MAP_FAILED) cannot_open(path, std::strerror(reason));
  file->data_ = static_cast<const uint8_t*>(map);
  file->size_ = static_cast<size_t>(facts.st_size);
  return file;
}

MappedFile::~MappedFile() {
  if (data_) ::munmap(const_cast<uint8_t*>(data_), size_);
}

// Only ever pages of this mapping: the advice would empty anybody else's.
void MappedFile::release(const uint8_t* at, size_t bytes) const {
  const size_t page = static_cast<size_t>(::sysconf(_SC_PAGESIZE)), begin = static_cast<size_t>(at - data_);
  if (at < data_ || begin >= size_) return;
  const size_t from = begin / page * page, end = begin + std::min(bytes, size_ - begin);
  ::madvise(const_cast<uint8_t*>(data_) + from, end - from, MADV_DONTNEED);   // failing harms nothing
}

#endif

}  // namespace heirloom
