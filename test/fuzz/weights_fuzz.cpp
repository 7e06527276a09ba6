// 500 mutated weight files, by seed: each is refused with an error or loads and runs; none crashes, hangs or reads outside its bytes
// (the sanitizer build sees to the last).
#include <filesystem>
#include <set>

#include "flashvsr_fixture.h"
#include "temp_folder.h"
#include "weights/weight_file.h"

using namespace heirloom;

namespace {

// A few of: flipped bits, overwritten numbers, pieces removed, doubled or moved, digits changed in the header, the end cut off.
std::string mutate(std::string bytes, check::Random& random, size_t interesting) {
  const int64_t times = 1 + random.below(3);
  for (int64_t i = 0; i < times && !bytes.empty(); ++i) {
    const size_t reach = random.below(2) > 0 ? std::min(interesting, bytes.size()) : bytes.size();
    const size_t at = static_cast<size_t>(random.below(static_cast<int64_t>(reach)));
    const size_t n = std::min(bytes.size() - at, static_cast<size_t>(1 + random.below(16)));
    switch (random.below(8)) {
      case 0: bytes[at] = static_cast<char>(bytes[at] ^ (1 << random.below(8))); break;
      case 1: bytes[at] = static_cast<char>(random.next()); break;
      case 2: bytes.erase(at, n); break;
      case 3: bytes.insert(at, bytes.substr(at, n)); break;
      case 4: bytes.resize(at); break;
      case 5:
        for (size_t j = at; j < at + n; ++j) bytes[j] = random.below(2) ? '\xff' : '\0';
        break;
      case 6: {  // the next digit becomes another one: lengths, shapes, offsets
        const size_t digit = bytes.find_first_of("0123456789", at);
        if (digit != std::string::npos) bytes[digit] = static_cast<char>('0' + random.below(10));
        break;
      }
      default: bytes.insert(at, std::string(n, static_cast<char>(random.next()))); break;
    }
  }
  return bytes;
}

size_t header_bytes(const std::string& file) {  // where structure is, rather than numbers
  uint64_t n = 0;
  if (file.size() >= 8) std::memcpy(&n, file.data(), 8);
  return n < file.size() ? static_cast<size_t>(n) + 8 : file.size();
}

struct Count {
  int refused = 0, loaded = 0;
  std::set<std::string> codes;
};

void attempt(Count& count, const std::function<void()>& body) {
  std::string sentence;
  const std::string code = check::error_code(body, &sentence);
  if (code.empty()) {
    ++count.loaded;
    return;
  }
  ++count.refused;
  count.codes.insert(code);
  EXPECT(code == "weights-corrupt" || code == "weights-missing" || code == "weights-unsupported" ||
         code == "out-of-memory");
  EXPECT(sentence.size() > 20);
}

void report(const Count& count) {
  std::printf("      %d refused, %d loaded\n", count.refused, count.loaded);
  EXPECT(count.refused > 0);
}

constexpr int kModelFiles = 200, kTorchFiles = 300;

}  // namespace

TEST("200 model folders with one mutated file: refused or run, never worse") {
  const std::string from = std::string(HL_ROOT) + "/test/fixtures/native/flashvsr-toy/";
  TempFolder folder("fuzz");
  fixture::Sizes sizes;
  sizes.layers = 1;
  sizes.hidden1 = 2;
  fixture::write_flashvsr(folder.string(), fixture::make_flashvsr(1, sizes));
  const std::vector<std::string> names = {"dit.safetensors", "lq_proj_in.safetensors", "tcdecoder.safetensors",
                                          "prompt.safetensors", "model.json"};
  Count count;
  for (int seed = 0; seed < kModelFiles; ++seed) {
    check::Random random(static_cast<uint64_t>(seed));
    const std::string& name = names[static_cast<size_t>(random.below(static_cast<int64_t>(names.size())))];
    const std::string whole = fixture::read_bytes(folder.file(name));
    fixture::write_bytes(folder.file(name),
                         mutate(whole, random, name == "model.json" ? whole.size() : header_bytes(whole)));
    attempt(count, [&] {
      const auto model = Model::load(folder.string());
      StreamOptions o;
      o.input.width = o.output.width = 16;
      o.input.height = o.output.height = 16;
      o.scale = 1;
      o.threads = 1;
      if (std::find(model->info().scales.begin(), model->info().scales.end(), 1) == model->info().scales.end()) return;
      const auto stream = model->stream(o);
      std::vector<uint8_t> frame(o.input.bytes(), 100);
      stream->push(frame.data(), frame.size(), 0);
      if (seed % 8 == 0) stream->finish();
    });
    fixture::write_bytes(folder.file(name), whole);
  }
  report(count);
}

TEST("300 mutated torch files: refused or read, never worse") {
  TempFolder folder("fuzz");
  Count count;
  for (int seed = 0; seed < kTorchFiles; ++seed) {
    check::Random random(1000 + static_cast<uint64_t>(seed));
    const std::string whole = fixture::read_bytes(std::string(HL_ROOT) + "/test/fixtures/native/" +
                                                  (seed % 3 ? "dictionary.ckpt" : "tensor.pth"));
    fixture::write_bytes(folder.file("w"), mutate(whole, random, whole.size()));
    attempt(count, [&] {
      Weights w;
      w.open(folder.file("w"));
      for (const auto& item : w.entries()) w.get(item.first);
    });
  }
  report(count);
}

TEST_MAIN
