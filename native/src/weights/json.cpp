#include "weights/json.h"

#include <cerrno>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <unordered_set>

#include "check.h"

namespace heirloom {

namespace {
constexpr int kMaxDepth = 32;
constexpr size_t kMaxFileBytes = 16u << 20;
}  // namespace

class JsonReader {
 public:
  JsonReader(const char* text, size_t length, std::shared_ptr<const std::string> where, const char* code)
      : at_(text),
        end_(text + length),
        begin_(text),
        where_(std::move(where)),
        code_(code) {}

  Json document() {
    Json value = read(0);
    space();
    if (at_ != end_) bad("unexpected text after the end");
    return value;
  }

 private:
  [[noreturn]] void bad(const char* what) const {
    fail(code_, say(sentences::kTextDamaged, {{"path", *where_}, {"what", what}, {"byte", str(at_ - begin_)}}));
  }
  void space() {
    while (at_ != end_ && (*at_ == ' ' || *at_ == '\t' || *at_ == '\n' || *at_ == '\r')) ++at_;
  }
  char peek() const {
    if (at_ == end_) bad("the text ends too early");
    return *at_;
  }
  void expect(char c) {
    if (peek() != c) bad("unexpected character");
    ++at_;
  }
  void word(const char* text) {
    const size_t n = std::strlen(text);
    if (static_cast<size_t>(end_ - at_) < n || std::memcmp(at_, text, n) != 0) bad("unknown word");
    at_ += n;
  }

  Json read(int depth) {
    if (depth > kMaxDepth) bad("nested too deeply");
    space();
    Json value;
    value.where_ = where_;
    switch (peek()) {
      case '{': read_object(value, depth); break;
      case '[': read_array(value, depth); break;
      case '"':
        value.kind_ = Json::Kind::string;
        value.string_ = read_string();
        break;
      case 't':
        word("true");
        value.kind_ = Json::Kind::boolean;
        value.boolean_ = true;
        break;
      case 'f':
        word("false");
        value.kind_ = Json::Kind::boolean;
        break;
      case 'n': word("null"); break;
      default: read_number(value);
    }
    return value;
  }

  void read_object(Json& value, int depth) {
    value.kind_ = Json::Kind::object;
    expect('{');
    space();
    std::unordered_set<std::string> seen;
    if (peek() == '}') {
      ++at_;
      return;
    }
    for (;;) {
      space();
      std::string key = read_string();
      if (!seen.insert(key).second) bad("a name stands there twice");
      space();
      expect(':');
      Json item = read(depth + 1);
      value.object_.emplace_back(std::move(key), std::move(item));
      space();
      if (peek() == '}') {
        ++at_;
        return;
      }
      expect(',');
    }
  }

  void read_array(Json& value, int depth) {
    value.kind_ = Json::Kind::array;
    expect('[');
    space();
    if (peek() == ']') {
      ++at_;
      return;
    }
    for (;;) {
      value.array_.push_back(read(depth + 1));
      space();
      if (peek() == ']') {
        ++at_;
        return;
      }
      expect(',');
    }
  }

  unsigned hex4() {
    unsigned code = 0;
    for (int i = 0; i < 4; ++i) {
      const char c = peek();
      ++at_;
      code = code * 16;
      if (c >= '0' && c <= '9') code += static_cast<unsigned>(c - '0');
      else if (c >= 'a' && c <= 'f') code += static_cast<unsigned>(c - 'a' + 10);
      else if (c >= 'A' && c <= 'F') code += static_cast<unsigned>(c - 'A' + 10);
      else bad("bad \\u escape");
    }
    return code;
  }

  void utf8(std::string& out, unsigned code) {
    if (code < 0x80) out += static_cast<char>(code);
    else if (code < 0x800) {
      out += static_cast<char>(0xc0 | code >> 6);
      out += static_cast<char>(0x80 | (code & 63));
    } else if (code < 0x10000) {
      out += static_cast<char>(0xe0 | code >> 12);
      out += static_cast<char>(0x80 | (code >> 6 & 63));
      out += static_cast<char>(0x80 | (code & 63));
    } else {
      out += static_cast<char>(0xf0 | code >> 18);
      out += static_cast<char>(0x80 | (code >> 12 & 63));
      out += static_cast<char>(0x80 | (code >> 6 & 63));
      out += static_cast<char>(0x80 | (code & 63));
    }
  }

  std::string read_string() {
    expect('"');
    std::string out;
    for (;;) {
      const char c = peek();
      ++at_;
      if (c == '"') return out;
      if (static_cast<unsigned char>(c) < 0x20) bad("control character in a string");
      if (c != '\\') {
        out += c;
        continue;
      }
      const char escape = peek();
      ++at_;
      switch (escape) {
        case '"':
        case '\\':
        case '/': out += escape; break;
        case 'b': out += '\b'; break;
        case 'f': out += '\f'; break;
        case 'n': out += '\n'; break;
        case 'r': out += '\r'; break;
        case 't': out += '\t'; break;
        case 'u': {
          unsigned code = hex4();
          if (code >= 0xd800 && code < 0xdc00) {
            expect('\\');
            expect('u');
            const unsigned low = hex4();
            if (low < 0xdc00 || low > 0xdfff) bad("half a surrogate pair");
            code = 0x10000 + ((code - 0xd800) << 10) + (low - 0xdc00);
          } else if (code >= 0xdc00 && code < 0xe000) {
            bad("half a surrogate pair");
          }
          utf8(out, code);
          break;
        }
        default: bad("unknown escape");
      }
    }
  }

  void read_number(Json& value) {
    const char* start = at_;
    if (peek() == '-') ++at_;
    auto digits = [&] {
      if (peek() < '0' || *at_ > '9') bad("unexpected character");
      while (at_ != end_ && *at_ >= '0' && *at_ <= '9') ++at_;
    };
    if (peek() == '0') ++at_;
    else digits();
    bool whole = true;
    if (at_ != end_ && *at_ == '.') {
      whole = false;
      ++at_;
      digits();
    }
    if (at_ != end_ && (*at_ == 'e' || *at_ == 'E')) {
      whole = false;
      ++at_;
      if (peek() == '+' || *at_ == '-') ++at_;
      digits();
    }
    if (at_ - start > 64) bad("a number of absurd length");
    const std::string text(start, at_);
    value.kind_ = Json::Kind::number;
    value.number_ = std::strtod(text.c_str(), nullptr);
    if (!std::isfinite(value.number_)) bad("a number out of range");
    if (whole) {
      errno = 0;
      value.integer_ = std::strtoll(text.c_str(), nullptr, 10);
      value.whole_ = errno == 0;
    }
  }

  const char *at_, *end_, *begin_;
  std::shared_ptr<const std::string> where_;
  const char* code_;
};

Json Json::parse(const char* text, size_t length, const std::string& where, const char* code) {
  return JsonReader(text, length, std::make_shared<const std::string>(where), code).document();
}

Json Json::read_file(const std::string& path) {
  std::error_code ignored;
  const bool is_other = std::filesystem::exists(path, ignored) &&
                        !std::filesystem::is_regular_file(path, ignored);  // a pipe would be waited for
  CHECK_AS("weights-missing", !is_other, say(sentences::kNotOpened, {{"path", path}, {"reason", "it is not a file"}}));
  std::unique_ptr<std::FILE, int (*)(std::FILE*)> file(std::fopen(path.c_str(), "rb"), std::fclose);
  CHECK_AS("weights-missing", file != nullptr,
           say(sentences::kNotOpened, {{"path", path}, {"reason", std::strerror(errno)}}));
  std::string text;
  char buffer[65536];
  for (size_t n; (n = std::fread(buffer, 1, sizeof buffer, file.get())) > 0;) {
    text.append(buffer, n);
    CHECK_AS("weights-corrupt", text.size() <= kMaxFileBytes, say(sentences::kTextLarge, {{"path", path}}));
  }
  CHECK_AS("weights-missing", !std::ferror(file.get()), say(sentences::kTextUnread, {{"path", path}}));
  return parse(text.data(), text.size(), path);
}

const Json* Json::find(const std::string& key) const {
  for (const auto& item : object_)
    if (item.first == key) return &item.second;
  return nullptr;
}

void Json::wrong(const char* wanted) const {
  fail("weights-corrupt", say(sentences::kTextOdd, {{"path", where_ ? *where_ : "A JSON text"}, {"what", wanted}}));
}

const Json& Json::at(const std::string& key) const {
  const Json* item = find(key);
  if (!item) wrong(("\"" + key + "\" is missing").c_str());
  return *item;
}

double Json::number() const {
  if (kind_ != Kind::number) wrong("a number is wanted");
  return number_;
}
int64_t Json::integer() const {
  if (kind_ != Kind::number || !whole_) wrong("a whole number is wanted");
  return integer_;
}
bool Json::boolean() const {
  if (kind_ != Kind::boolean) wrong("true or false is wanted");
  return boolean_;
}
const std::string& Json::string() const {
  if (kind_ != Kind::string) wrong("a text is wanted");
  return string_;
}
const std::vector<Json>& Json::array() const {
  if (kind_ != Kind::array) wrong("a list is wanted");
  return array_;
}
const std::vector<std::pair<std::string, Json>>& Json::object() const {
  if (kind_ != Kind::object) wrong("an object is wanted");
  return object_;
}

int64_t Json::integer_or(const std::string& key, int64_t otherwise) const {
  const Json* item = find(key);
  return item && !item->is(Kind::null) ? item->integer() : otherwise;
}
double Json::number_or(const std::string& key, double otherwise) const {
  const Json* item = find(key);
  return item && !item->is(Kind::null) ? item->number() : otherwise;
}
bool Json::boolean_or(const std::string& key, bool otherwise) const {
  const Json* item = find(key);
  return item && !item->is(Kind::null) ? item->boolean() : otherwise;
}
std::string Json::string_or(const std::string& key, const std::string& otherwise) const {
  const Json* item = find(key);
  return item && !item->is(Kind::null) ? item->string() : otherwise;
}
std::vector<int64_t> Json::integers() const {
  std::vector<int64_t> list;
  for (const Json& item : array()) list.push_back(item.integer());
  return list;
}

}  // namespace heirloom
