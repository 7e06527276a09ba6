#include "sentences.h"

namespace heirloom {

namespace {

// Values are put in once, from left to right: a path may hold what looks like a name.
std::string filled(const std::string& text, const Message& message) {
  std::string out;
  for (size_t at = 0;;) {
    const size_t open = text.find("{{", at), close = open == std::string::npos ? open : text.find("}}", open);
    if (close == std::string::npos) return out + text.substr(at);
    out += text.substr(at, open - at);
    const std::string name = text.substr(open + 2, close - open - 2);
    for (const auto& value : message.values)
      if (value.first == name) out += value.second;
    at = close + 2;
  }
}

}  // namespace

Message say(const Sentence& sentence, std::initializer_list<std::pair<const char*, std::string>> values) {
  Message message;
  message.key = sentence.key;
  for (const auto& value : values) message.values.emplace_back(value.first, value.second);
  message.text = filled(sentence.text, message);
  return message;
}

}  // namespace heirloom
