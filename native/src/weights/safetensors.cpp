#include "weights/safetensors.h"

#include <algorithm>
#include <cstring>

#include "weights/json.h"

namespace heirloom {

namespace {

constexpr uint64_t kMaxHeader = 100u << 20;

[[noreturn]] void corrupt(const MappedFile& file, const std::string& what) {
  fail("weights-corrupt", say(sentences::kDamaged, {{"file", file.path()}, {"what", what}}));
}

bool parse_dtype(const std::string& text, DType& dtype) {
  for (DType each : {DType::f64, DType::f32, DType::f16, DType::bf16, DType::i64, DType::i32, DType::i16, DType::i8,
                     DType::u8, DType::boolean})
    if (text == name_of(each)) {
      dtype = each;
      return true;
    }
  return false;
}

struct Extent {
  uint64_t begin, end;
};

Entry read_entry(const MappedFile& file, const std::string& name, const Json& json, uint64_t data_bytes,
                 Extent& extent) {
  Entry entry;
  entry.name = name;
  const std::string& dtype = json.at("dtype").string();
  if (!parse_dtype(dtype, entry.dtype))
    fail("weights-unsupported",
         say(sentences::kNumberKind, {{"file", file.path()}, {"tensor", name}, {"found", dtype.substr(0, 32)}}));
  entry.shape = Shape(json.at("shape").integers());
  if (entry.shape.rank() > 8) corrupt(file, "the tensor " + name + " has too many axes");
  const std::vector<int64_t> offsets = json.at("data_offsets").integers();
  if (offsets.size() != 2 || offsets[0] < 0 || offsets[1] < offsets[0] ||
      static_cast<uint64_t>(offsets[1]) > data_bytes)
    corrupt(file, "the tensor " + name + " lies outside the file");
  extent = {static_cast<uint64_t>(offsets[0]), static_cast<uint64_t>(offsets[1])};
  const int64_t count = checked_count(entry.shape.dims);
  const uint64_t size = bytes_of(entry.dtype);
  if (count < 0 || static_cast<uint64_t>(count) > data_bytes / size ||
      static_cast<uint64_t>(count) * size != extent.end - extent.begin)
    corrupt(file, "the tensor " + name + " has another length than its shape says");
  return entry;
}

}  // namespace

std::vector<Entry> read_safetensors(const std::shared_ptr<const MappedFile>& file) {
  if (file->size() < 8) corrupt(*file, "it is too short");
  uint64_t header_bytes;
  std::memcpy(&header_bytes, file->data(), 8);
  if (header_bytes > kMaxHeader || header_bytes > file->size() - 8)
    corrupt(*file, "its header does not fit (a truncated file, or not a safetensors file)");
  const uint8_t* data = file->data() + 8 + header_bytes;
  const uint64_t data_bytes = file->size() - 8 - header_bytes;

  const Json header = Json::parse(reinterpret_cast<const char*>(file->data()) + 8, header_bytes, file->path());
  std::vector<Entry> entries;
  std::vector<Extent> extents;
  for (const auto& item : header.object()) {
    if (item.first == "__metadata__") {
      for (const auto& note : item.second.object()) note.second.string();
      continue;
    }
    Extent extent;
    entries.push_back(read_entry(*file, item.first, item.second, data_bytes, extent));
    entries.back().bytes = data + extent.begin;
    entries.back().file = file;
    extents.push_back(extent);
  }
  std::sort(extents.begin(), extents.end(),
            [](const Extent& a, const Extent& b) { return a.begin != b.begin ? a.begin < b.begin : a.end < b.end; });
  uint64_t reached = 0;
  for (const Extent& extent : extents) {
    if (extent.begin != reached)
      corrupt(*file, extent.begin < reached ? "two tensors overlap" : "there is a gap between two tensors");
    reached = extent.end;
  }
  if (reached != data_bytes)
    corrupt(*file, "there are " + str(data_bytes - reached) + " bytes that belong to no tensor");
  return entries;
}

}  // namespace heirloom
