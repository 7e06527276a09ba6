#include "weights/torch_zip.h"

#include <cstring>
#include <deque>
#include <map>
#include <unordered_map>

namespace heirloom {

namespace {

[[noreturn]] void corrupt(const MappedFile& file, const std::string& what) {
  fail("weights-corrupt", say(sentences::kDamaged, {{"file", file.path()}, {"what", what}}));
}
[[noreturn]] void refuse(const MappedFile& file, const std::string& what) {
  fail("weights-unsupported", say(sentences::kNotPlain, {{"file", file.path()}, {"what", what}}));
}

// ---- the ZIP -----------------------------------------------------------------------------------------------------

template <class T>
T little(const uint8_t* p) {
  T value;
  std::memcpy(&value, p, sizeof value);
  return value;
}

struct Member {
  const uint8_t* data;
  uint64_t size;
};

class Zip {
 public:
  explicit Zip(const MappedFile& file) : file_(file), base_(file.data()), size_(file.size()) {
    uint64_t count, offset, bytes;
    find_directory(count, offset, bytes);
    if (offset > size_ || bytes > size_ - offset) corrupt(file_, "its directory lies outside the file");
    uint64_t at = offset;
    const uint64_t end = offset + bytes;
    for (uint64_t i = 0; i < count; ++i) read_member(at, end);
  }

  const std::map<std::string, Member>& members() const { return members_; }

 private:
  void find_directory(uint64_t& count, uint64_t& offset, uint64_t& bytes) const {
    constexpr uint64_t kEnd = 22, kLocator = 20, kEnd64 = 56;
    if (size_ < kEnd) corrupt(file_, "it is too short");
    const uint64_t lowest = size_ > kEnd + 65535 ? size_ - kEnd - 65535 : 0;
    uint64_t at = size_ - kEnd;
    while (little<uint32_t>(base_ + at) != 0x06054b50u) {
      if (at == lowest) corrupt(file_, "the end of the ZIP archive is missing (a truncated file?)");
      --at;
    }
    count = little<uint16_t>(base_ + at + 10);
    bytes = little<uint32_t>(base_ + at + 12);
    offset = little<uint32_t>(base_ + at + 16);
    if (at >= kLocator && little<uint32_t>(base_ + at - kLocator) == 0x07064b50u) {
      const uint64_t at64 = little<uint64_t>(base_ + at - kLocator + 8);
      if (at64 > size_ || size_ - at64 < kEnd64 || little<uint32_t>(base_ + at64) != 0x06064b50u)
        corrupt(file_, "its ZIP64 directory is broken");
      count = little<uint64_t>(base_ + at64 + 32);
      bytes = little<uint64_t>(base_ + at64 + 40);
      offset = little<uint64_t>(base_ + at64 + 48);
    }
  }

  // ZIP64: the real sizes stand in an extra field when the 32-bit ones are all ones.
  void widen(const uint8_t* extra, uint64_t bytes, uint64_t& size, uint64_t& stored, uint64_t& offset) const {
    for (uint64_t at = 0; at + 4 <= bytes;) {
      const uint16_t id = little<uint16_t>(extra + at), length = little<uint16_t>(extra + at + 2);
      if (length > bytes - at - 4) corrupt(file_, "a ZIP extra field is broken");
      if (id == 1) {
        uint64_t from = at + 4;
        const uint64_t end = from + length;
        for (uint64_t* value : {&size, &stored, &offset}) {
          if (*value != 0xffffffffu) continue;
          if (end - from < 8) corrupt(file_, "a ZIP64 field is broken");
          *value = little<uint64_t>(extra + from);
          from += 8;
        }
      }
      at += 4u + length;
    }
  }

  void read_member(uint64_t& at, uint64_t end) {
    constexpr uint64_t kCentral = 46, kLocal = 30;
    if (end - at < kCentral || little<uint32_t>(base_ + at) != 0x02014b50u)
      corrupt(file_, "its ZIP directory is broken");
    const uint8_t* record = base_ + at;
    const uint16_t flags = little<uint16_t>(record + 8), method = little<uint16_t>(record + 10);
    uint64_t stored = little<uint32_t>(record + 20), size = little<uint32_t>(record + 24),
             offset = little<uint32_t>(record + 42);
    const uint64_t name_bytes = little<uint16_t>(record + 28), extra_bytes = little<uint16_t>(record + 30),
                   note_bytes = little<uint16_t>(record + 32);
    if (end - at - kCentral < name_bytes + extra_bytes + note_bytes) corrupt(file_, "its ZIP directory is broken");
    const std::string name(reinterpret_cast<const char*>(record + kCentral), name_bytes);
    widen(record + kCentral + name_bytes, extra_bytes, size, stored, offset);
    at += kCentral + name_bytes + extra_bytes + note_bytes;
    if (flags & 1) refuse(file_, "it is encrypted");
    if (method != 0) refuse(file_, "it is compressed, which torch never does");
    if (stored != size) corrupt(file_, "a ZIP member has two different sizes");
    if (offset > size_ || size_ - offset < kLocal || little<uint32_t>(base_ + offset) != 0x04034b50u)
      corrupt(file_, "a ZIP member lies outside the file");
    const uint64_t skip = kLocal + little<uint16_t>(base_ + offset + 26) + little<uint16_t>(base_ + offset + 28);
    if (size_ - offset < skip || size_ - offset - skip < size)
      corrupt(file_, "a ZIP member lies outside the file (a truncated file?)");
    if (!members_.emplace(name, Member{base_ + offset + skip, size}).second)
      corrupt(file_, "a ZIP member is there twice");
  }

  const MappedFile& file_;
  const uint8_t* base_;
  uint64_t size_;
  std::map<std::string, Member> members_;
};

// ---- the pickle --------------------------------------------------------------------------------------------------

enum class Kind {
  mark,
  none,
  boolean,
  integer,
  real,
  text,
  tuple,
  list,
  dict,
  ordered_dict_type,
  rebuild_type,
  storage_type,
  storage,
  tensor
};

// Values live in the unpickler's arena and point at each other; cycles are therefore harmless.
struct Value {
  Kind kind = Kind::none;
  int64_t integer = 0;
  std::string text;                                   // text, storage key
  std::vector<Value*> items;                          // tuple, list; dict: key, value, key, value
  DType dtype = DType::f32;                           // storage_type, storage, tensor
  Member data = {nullptr, 0};                         // storage, tensor
  std::vector<int64_t> shape, strides;                // tensor
  int64_t offset = 0;                                 // tensor, in elements
};

class Unpickler {
 public:
  Unpickler(const MappedFile& file, const Zip& zip, const std::string& folder, Member pickle)
      : file_(file),
        zip_(zip),
        folder_(folder),
        at_(pickle.data),
        end_(pickle.data + pickle.size) {
    // A thousand tensors take some 150 KB; every byte of a pickle may ask for an object of ours.
    constexpr uint64_t kLargest = 2u << 20;
    if (pickle.size > kLargest)
      refuse(file_, "its table of tensors has " + str(pickle.size >> 20) + " MiB, which no model needs");
  }

  const Value& run() {
    for (;;) {
      const uint8_t op = byte();
      if (op == '.') return *pop();
      step(op);
    }
  }

 private:
  // ---- reading ----
  const uint8_t* take(uint64_t n) {
    if (static_cast<uint64_t>(end_ - at_) < n) corrupt(file_, "its table of tensors ends too early");
    const uint8_t* p = at_;
    at_ += n;
    return p;
  }
  uint8_t byte() { return *take(1); }
  template <class T>
  T number() {
    return little<T>(take(sizeof(T)));
  }
  std::string characters(uint64_t n) {
    const uint8_t* p = take(n);
    return std::string(reinterpret_cast<const char*>(p), n);
  }
  std::string line() {
    std::string text;
    for (char c; (c = static_cast<char>(byte())) != '\n';) {
      if (text.size() > 256) corrupt(file_, "a name in its table of tensors has no end");
      text += c;
    }
    return text;
  }

  // ---- the stack ----
  Value* make(Kind kind) {
    arena_.emplace_back();
    arena_.back().kind = kind;
    return &arena_.back();
  }
  void push(Value* value) { stack_.push_back(value); }
  Value* pop() {
    if (stack_.empty() || stack_.back()->kind == Kind::mark) corrupt(file_, "its table of tensors makes no sense");
    Value* value = stack_.back();
    stack_.pop_back();
    return value;
  }
  Value* top() {
    if (stack_.empty() || stack_.back()->kind == Kind::mark) corrupt(file_, "its table of tensors makes no sense");
    return stack_.back();
  }
  std::vector<Value*> pop_to_mark() {
    size_t i = stack_.size();
    while (i > 0 && stack_[i - 1]->kind != Kind::mark) --i;
    if (i == 0) corrupt(file_, "its table of tensors makes no sense");
    std::vector<Value*> items(stack_.begin() + static_cast<std::ptrdiff_t>(i), stack_.end());
    stack_.resize(i - 1);
    return items;
  }
  void push_integer(int64_t n) {
    Value* v = make(Kind::integer);
    v->integer = n;
    push(v);
  }
  void push_text(std::string text) {
    Value* v = make(Kind::text);
    v->text = std::move(text);
    push(v);
  }
  void push_tuple(size_t n) {
    Value* v = make(Kind::tuple);
    v->items.resize(n);
    for (size_t i = n; i-- > 0;) v->items[i] = pop();
    push(v);
  }
  void remember(uint64_t key) { memo_[key] = top(); }
  void recall(uint64_t key) {
    const auto found = memo_.find(key);
    if (found == memo_.end()) corrupt(file_, "its table of tensors refers to nothing");
    push(found->second);
  }

  void step(uint8_t op) {
    switch (op) {
      case 0x80:
        if (byte() > 5) refuse(file_, "its pickle protocol is not known here");
        break;
      case 0x95: take(8); break;                                            // FRAME
      case '(': push(make(Kind::mark)); break;
      case '}': push(make(Kind::dict)); break;
      case ']': push(make(Kind::list)); break;
      case ')': push(make(Kind::tuple)); break;
      case 'N': push(make(Kind::none)); break;
      case 0x88:
      case 0x89: {
        Value* v = make(Kind::boolean);
        v->integer = op == 0x88;
        push(v);
        break;
      }
      case 'J': push_integer(number<int32_t>()); break;
      case 'K': push_integer(byte()); break;
      case 'M': push_integer(number<uint16_t>()); break;
      case 0x8a: push_long(); break;
      case 'G':
        take(8);
        push(make(Kind::real));
        break;                     // no number of ours is a float: the value is not kept
      case 'X': push_text(characters(number<uint32_t>())); break;
      case 0x8c: push_text(characters(byte())); break;
      case 'q': remember(byte()); break;
      case 'r': remember(number<uint32_t>()); break;
      case 0x94: remember(memo_.size()); break;
      case 'h': recall(byte()); break;
      case 'j': recall(number<uint32_t>()); break;
      case 't': {
        Value* v = make(Kind::tuple);
        v->items = pop_to_mark();
        push(v);
        break;
      }
      case 0x85: push_tuple(1); break;
      case 0x86: push_tuple(2); break;
      case 0x87: push_tuple(3); break;
      case 'a': {
        Value* item = pop();
        need(top(), Kind::list)->items.push_back(item);
        break;
      }
      case 'e': {
        std::vector<Value*> items = pop_to_mark();
        append(need(top(), Kind::list), items);
        break;
      }
      case 's': {
        Value* item = pop();
        Value* key = pop();
        append(need(top(), Kind::dict), {key, item});
        break;
      }
      case 'u': {
        std::vector<Value*> items = pop_to_mark();
        if (items.size() % 2) corrupt(file_, "its table of tensors makes no sense");
        append(need(top(), Kind::dict), items);
        break;
      }
      case 'c': {
        const std::string module = line();
        push_global(module, line());
        break;
      }
      case 0x93: {
        Value* name = need(pop(), Kind::text);
        Value* module = need(pop(), Kind::text);
        push_global(module->text, name->text);
        break;
      }
      case 'Q': push_storage(pop()); break;
      case 'R': reduce(); break;
      case 'b': {
        pop();
        need(top(), Kind::dict);
        break;
      }                  // BUILD: only the dictionary's _metadata, which nobody needs
      default:
        refuse(file_, "its pickle asks for something that is not on the list of harmless things (opcode " +
                          str(static_cast<int>(op)) + ")");
    }
  }

  Value* need(Value* value, Kind kind) {
    if (value->kind != kind) corrupt(file_, "its table of tensors makes no sense");
    return value;
  }
  static void append(Value* to, const std::vector<Value*>& items) {
    to->items.insert(to->items.end(), items.begin(), items.end());
  }

  void push_long() {
    const uint8_t n = byte();
    if (n > 8) refuse(file_, "it holds a number of more than 64 bits");
    const uint8_t* p = take(n);
    uint64_t value = n && (p[n - 1] & 0x80) ? ~uint64_t{0} : 0;
    for (int i = n; i-- > 0;) value = value << 8 | p[i];
    push_integer(static_cast<int64_t>(value));
  }

  void push_global(const std::string& module, const std::string& name) {
    static const std::map<std::string, DType> kStorages = {
        {"FloatStorage", DType::f32},   {"HalfStorage", DType::f16}, {"BFloat16Storage", DType::bf16},
        {"DoubleStorage", DType::f64},  {"LongStorage", DType::i64}, {"IntStorage", DType::i32},
        {"ShortStorage", DType::i16},   {"CharStorage", DType::i8},  {"ByteStorage", DType::u8},
        {"BoolStorage", DType::boolean}};
    if (module == "collections" && name == "OrderedDict") return push(make(Kind::ordered_dict_type));
    if (module == "torch._utils" && name == "_rebuild_tensor_v2") return push(make(Kind::rebuild_type));
    const auto storage = kStorages.find(name);
    if (module == "torch" && storage != kStorages.end()) {
      Value* v = make(Kind::storage_type);
      v->dtype = storage->second;
      return push(v);
    }
    refuse(file_, "it wants to run \"" + printable(module) + "." + printable(name) +
                      "\", which is not on the list of harmless things");
  }

  static std::string printable(const std::string& text) {
    std::string out;
    for (char c : text.substr(0, 80)) out += c >= 32 && c < 127 ? c : '?';
    return out;
  }

  // ('storage', type, key, device, element count)
  void push_storage(Value* id) {
    need(id, Kind::tuple);
    if (id->items.size() != 5) corrupt(file_, "a storage is described wrongly");
    if (need(id->items[0], Kind::text)->text != "storage") corrupt(file_, "a storage is described wrongly");
    Value* v = make(Kind::storage);
    v->dtype = need(id->items[1], Kind::storage_type)->dtype;
    v->text = need(id->items[2], Kind::text)->text;
    v->integer = need(id->items[4], Kind::integer)->integer;
    const auto member = zip_.members().find(folder_ + "data/" + v->text);
    if (member == zip_.members().end()) corrupt(file_, "the storage " + printable(v->text) + " is missing");
    v->data = member->second;
    if (v->integer < 0 || static_cast<uint64_t>(v->integer) > v->data.size / bytes_of(v->dtype))
      corrupt(file_, "the storage " + printable(v->text) + " is too short");
    push(v);
  }

  void reduce() {
    Value* arguments = need(pop(), Kind::tuple);
    Value* function = pop();
    if (function->kind == Kind::ordered_dict_type) {
      if (!arguments->items.empty()) refuse(file_, "it builds a dictionary in an unknown way");
      return push(make(Kind::dict));
    }
    if (function->kind == Kind::rebuild_type) return push_tensor(arguments->items);
    refuse(file_, "it wants to call something that is not on the list of harmless things");
  }

  std::vector<int64_t> integers(Value* tuple) {
    std::vector<int64_t> list;
    for (Value* item : need(tuple, Kind::tuple)->items) list.push_back(need(item, Kind::integer)->integer);
    return list;
  }

  // (storage, offset, size, stride, requires_grad, backward_hooks[, metadata])
  void push_tensor(const std::vector<Value*>& a) {
    if (a.size() < 4 || a.size() > 7) corrupt(file_, "a tensor is described wrongly");
    Value* v = make(Kind::tensor);
    const Value* storage = need(a[0], Kind::storage);
    v->dtype = storage->dtype;
    v->data = storage->data;
    v->offset = need(a[1], Kind::integer)->integer;
    v->shape = integers(a[2]);
    v->strides = integers(a[3]);
    check_extent(*v, storage->integer);
    push(v);
  }

  // Every element must lie inside the storage, and a tensor may not have more elements than its storage.
  void check_extent(const Value& v, int64_t elements) {
    const int64_t count = checked_count(v.shape);
    if (v.shape.size() != v.strides.size() || v.shape.size() > 8 || v.offset < 0 || count < 0 || v.offset > elements ||
        count > elements)
      corrupt(file_, "a tensor does not fit into its storage");
    if (count == 0) return;
    int64_t last = v.offset;
    for (size_t i = 0; i < v.shape.size(); ++i) {
      const int64_t steps = v.shape[i] - 1, stride = v.strides[i];
      if (stride < 0 || (steps > 0 && stride > elements / steps))
        corrupt(file_, "a tensor does not fit into its storage");
      last += steps * stride;
      if (last >= elements) corrupt(file_, "a tensor does not fit into its storage");
    }
    if (last >= elements) corrupt(file_, "a tensor does not fit into its storage");
  }

  const MappedFile& file_;
  const Zip& zip_;
  std::string folder_;
  const uint8_t *at_, *end_;
  std::deque<Value> arena_;
  std::vector<Value*> stack_;
  std::unordered_map<uint64_t, Value*> memo_;
};

Entry entry_of(const std::string& name, const Value& tensor, const std::shared_ptr<const MappedFile>& file) {
  Entry entry;
  entry.name = name;
  entry.dtype = tensor.dtype;
  entry.shape = Shape(tensor.shape);
  entry.bytes = tensor.data.data + static_cast<uint64_t>(tensor.offset) * bytes_of(tensor.dtype);
  entry.file = file;
  int64_t expected = 1;
  bool in_order = true;
  for (size_t i = tensor.shape.size(); i-- > 0;) {
    in_order = in_order && (tensor.shape[i] == 1 || tensor.strides[i] == expected);
    expected *= tensor.shape[i];
  }
  if (!in_order && expected > 0) entry.strides = tensor.strides;
  return entry;
}

}  // namespace

bool looks_like_torch(const MappedFile& file) {
  const uint8_t* p = file.data();
  return file.size() >= 4 &&
         ((p[0] == 'P' && p[1] == 'K') ||
          (p[0] == 0x80 && p[1] >= 2 && p[1] <= 5 && (p[2] == 0x8a || p[2] == '}' || p[2] == 0x95 || p[2] == 'c')));
}

std::vector<Entry> read_torch(const std::shared_ptr<const MappedFile>& file) {
  if (file->data()[0] == 0x80) fail("weights-unsupported", say(sentences::kOldTorch, {{"file", file->path()}}));
  const Zip zip(*file);
  const std::string suffix = "data.pkl";
  for (const auto& item : zip.members()) {
    const std::string& name = item.first;
    const bool is_pickle = name.size() >= suffix.size() &&
                           name.compare(name.size() - suffix.size(), suffix.size(), suffix) == 0 &&
                           (name.size() == suffix.size() || name[name.size() - suffix.size() - 1] == '/');
    if (!is_pickle) continue;
    Unpickler unpickler(*file, zip, name.substr(0, name.size() - suffix.size()), item.second);
    const Value& root = unpickler.run();
    if (root.kind == Kind::tensor) return {entry_of("", root, file)};
    if (root.kind != Kind::dict) refuse(*file, "it is neither a dictionary of tensors nor a tensor");
    std::vector<Entry> entries;
    for (size_t i = 0; i + 1 < root.items.size(); i += 2) {
      if (root.items[i]->kind != Kind::text) refuse(*file, "a name in it is not a text");
      if (root.items[i + 1]->kind != Kind::tensor)
        refuse(*file, "\"" + root.items[i]->text.substr(0, 80) + "\" in it is not a tensor");
      entries.push_back(entry_of(root.items[i]->text, *root.items[i + 1], file));
    }
    return entries;
  }
  refuse(*file, "it is a ZIP archive without data.pkl, so not a torch file");
}

}  // namespace heirloom
