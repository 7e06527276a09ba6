// A small, bounded JSON reader for model.json, configurations and weight headers. Refuses duplicate keys, depth above 32,
// trailing text and anything that is not strict JSON. Numbers keep their integer value when they have one.
#pragma once
#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace heirloom {

class Json {
 public:
  enum class Kind { null, boolean, number, string, array, object };

  // where: what is being read, for the error sentence. Throws Error(code) on anything malformed.
  static Json parse(const char* text, size_t length, const std::string& where, const char* code = "weights-corrupt");
  static Json read_file(const std::string& path);  // at most 16 MiB

  Kind kind() const { return kind_; }
  bool is(Kind kind) const { return kind_ == kind; }
  bool has(const std::string& key) const { return find(key) != nullptr; }
  const Json* find(const std::string& key) const;  // null when absent or when this is no object

  // These throw Error("weights-corrupt") naming `where` and the key when the kind or the range is wrong.
  const Json& at(const std::string& key) const;
  double number() const;
  int64_t integer() const;
  bool boolean() const;
  const std::string& string() const;
  const std::vector<Json>& array() const;
  const std::vector<std::pair<std::string, Json>>& object() const;

  // With a default for an absent (or null) key.
  int64_t integer_or(const std::string& key, int64_t otherwise) const;
  double number_or(const std::string& key, double otherwise) const;
  bool boolean_or(const std::string& key, bool otherwise) const;
  std::string string_or(const std::string& key, const std::string& otherwise) const;
  std::vector<int64_t> integers() const;

 private:
  friend class JsonReader;
  [[noreturn]] void wrong(const char* wanted) const;

  Kind kind_ = Kind::null;
  bool boolean_ = false, whole_ = false;
  double number_ = 0;
  int64_t integer_ = 0;
  std::string string_;
  std::vector<Json> array_;
  std::vector<std::pair<std::string, Json>> object_;
  std::shared_ptr<const std::string> where_;
};

}  // namespace heirloom
