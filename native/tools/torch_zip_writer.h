// Writer of torch.save files (uncompressed ZIP and pickle) for random_weights: a flat dictionary of tensors, or one bare tensor.
#pragma once
#include <array>
#include <cstdint>
#include <cstdio>
#include <functional>
#include <string>
#include <vector>

#include "check.h"
#include "weights/weight_file.h"

namespace heirloom {

class TorchZipWriter {
 public:
  struct Planned {
    std::string name;  // "" in a file of one bare tensor
    DType dtype;  // f32 or bf16
    Shape shape;
  };
  using Fill = std::function<void(size_t tensor, const std::function<void(const void*, size_t)>& put)>;

  // fill gives the numbers of one tensor after the other.
  static void write(const std::string& path, const std::vector<Planned>& tensors, const Fill& fill) {
    TorchZipWriter zip(path);
    const std::string pickle = pickle_of(tensors);
    zip.member("archive/data.pkl", [&](const auto& put) { put(pickle.data(), pickle.size()); });
    for (size_t i = 0; i < tensors.size(); ++i)
      zip.member("archive/data/" + str(i), [&](const auto& put) { fill(i, put); });
    zip.member("archive/version", [](const auto& put) { put("3\n", 2); });
    zip.finish();
  }

 private:
  using Put = std::function<void(const void*, size_t)>;
  struct Member {
    std::string name;
    uint32_t crc;
    uint64_t size, offset;
  };

  explicit TorchZipWriter(const std::string& path) : path_(path), file_(std::fopen(path.c_str(), "wb")) {
    CHECK_AS("output-not-writable", file_ != nullptr, "Could not write " + path + ".");
    for (uint32_t i = 0; i < 256; ++i) {
      uint32_t c = i;
      for (int bit = 0; bit < 8; ++bit) c = c & 1 ? 0xedb88320u ^ c >> 1 : c >> 1;
      table_[i] = c;
    }
  }

  void put(const void* data, size_t n) {
    CHECK_AS("output-not-writable", std::fwrite(data, 1, n, file_) == n, "Could not write " + path_ + ".");
    at_ += n;
  }
  template <class T>
  void number(T value) {
    put(&value, sizeof value);
  }

  // The sum of the bytes is written into the header when it is known. Data lies on a 64-byte border, as torch puts it.
  void member(const std::string& name, const std::function<void(const Put&)>& body) {
    Member m{name, 0xffffffffu, 0, at_};
    const size_t header = 30 + name.size(), padding = (64 - (at_ + header + 4) % 64) % 64;
    number(uint32_t{0x04034b50});
    for (uint16_t field : {20, 0, 0, 0, 0}) number(field);  // version, flags, stored, time, date
    for (int i = 0; i < 3; ++i) number(uint32_t{0});  // sum and sizes, below
    number(static_cast<uint16_t>(name.size()));
    number(static_cast<uint16_t>(4 + padding));
    put(name.data(), name.size());
    number(uint16_t{0x4246});
    number(static_cast<uint16_t>(padding));
    const std::string zeros(padding, '\0');
    put(zeros.data(), padding);
    body([&](const void* data, size_t n) {
      const uint8_t* p = static_cast<const uint8_t*>(data);
      for (size_t i = 0; i < n; ++i) m.crc = table_[(m.crc ^ p[i]) & 255] ^ m.crc >> 8;
      m.size += n;
      put(data, n);
    });
    m.crc = ~m.crc;
    CHECK(m.size < 0xffffffffu, name + " is too large for this writer");
    const uint32_t known[3] = {m.crc, static_cast<uint32_t>(m.size), static_cast<uint32_t>(m.size)};
    std::fseek(file_, static_cast<long>(m.offset + 14), SEEK_SET);
    CHECK_AS("output-not-writable",
             std::fwrite(known, 1, sizeof known, file_) == sizeof known && std::fseek(file_, 0, SEEK_END) == 0,
             "Could not write " + path_ + ".");
    members_.push_back(m);
  }

  void finish() {
    const uint64_t directory = at_;
    for (const Member& m : members_) {
      number(uint32_t{0x02014b50});
      for (uint16_t field : {20, 20, 0, 0, 0, 0}) number(field);
      for (uint32_t field : {m.crc, static_cast<uint32_t>(m.size), static_cast<uint32_t>(m.size)}) number(field);
      number(static_cast<uint16_t>(m.name.size()));
      for (int i = 0; i < 4; ++i) number(uint16_t{0});
      number(uint32_t{0});
      number(static_cast<uint32_t>(m.offset));
      put(m.name.data(), m.name.size());
    }
    const uint32_t bytes = static_cast<uint32_t>(at_ - directory);
    number(uint32_t{0x06054b50});
    number(uint32_t{0});
    number(static_cast<uint16_t>(members_.size()));
    number(static_cast<uint16_t>(members_.size()));
    number(bytes);
    number(static_cast<uint32_t>(directory));
    number(uint16_t{0});
    const bool is_written = std::fclose(file_) == 0;
    file_ = nullptr;
    CHECK_AS("output-not-writable", is_written, "Could not write " + path_ + ".");
  }

  static std::string pickled(int64_t n) {
    CHECK(n < int64_t{1} << 31, "a tensor of the writer is too large");
    std::string text = "J";
    for (int i = 0; i < 4; ++i) text += static_cast<char>(n >> 8 * i & 255);
    return text;
  }
  static std::string pickled(const std::string& s) {
    std::string text = pickled(static_cast<int64_t>(s.size()));
    text[0] = 'X';
    return text + s;
  }
  static std::string pickled(const std::vector<int64_t>& tuple) {
    std::string text = "(";
    for (int64_t n : tuple) text += pickled(n);
    return text + "t";
  }
  static std::string pickle_of(const std::vector<Planned>& tensors) {
    const std::string dictionary = "ccollections\nOrderedDict\n)R";
    const bool is_bare = tensors.size() == 1 && tensors[0].name.empty();
    std::string text = "\x80\x02" + (is_bare ? std::string() : dictionary + "(");
    for (size_t i = 0; i < tensors.size(); ++i) {
      const Planned& t = tensors[i];
      std::vector<int64_t> strides(t.shape.dims.size(), 1);
      for (size_t axis = strides.size(); axis-- > 1;) strides[axis - 1] = strides[axis] * t.shape.dims[axis];
      if (!is_bare) text += pickled(t.name);
      text += "ctorch._utils\n_rebuild_tensor_v2\n((" + pickled("storage") + "ctorch\n" +
              (t.dtype == DType::bf16 ? "BFloat16Storage" : "FloatStorage") + "\n" + pickled(str(i)) + pickled("cpu") +
              pickled(t.shape.count()) + "tQ" + pickled(int64_t{0}) + pickled(t.shape.dims) + pickled(strides) +
              "\x89" + dictionary + "tR";
    }
    return text + (is_bare ? "." : "u.");
  }

  std::string path_;
  std::FILE* file_;
  uint64_t at_ = 0;
  std::vector<Member> members_;
  std::array<uint32_t, 256> table_{};
};

}  // namespace heirloom
