// 300 mutated streams of a picture, by seed: every tile is exact or named, none crashes, hangs or reads outside its bytes; and 200 mutated models, whose integers
// and floats may be anything: refused by a known code, or of use.
#include <filesystem>
#include <fstream>
#include <iterator>

#include "still_fixture.h"
#include "temp_folder.h"

using namespace heirloom;
using namespace still;

namespace {

std::vector<uint8_t> mutate(std::vector<uint8_t> bytes, check::Random& random) {
  for (int64_t times = 1 + random.below(4); times > 0 && !bytes.empty(); --times) {
    const int64_t size = int64_t(bytes.size()), at = random.below(size), n = std::min(size - at, 1 + random.below(16));
    const auto from = bytes.begin() + at;
    switch (random.below(5)) {
      case 0: *from = uint8_t(*from ^ (1 << random.below(8))); break;
      case 1: std::fill(from, from + n, uint8_t(random.below(2) ? 0xff : 0)); break;
      case 2: bytes.erase(from, from + n); break;
      case 3: bytes.resize(size_t(at)); break;
      default:
        for (auto each = from; each < from + n; ++each) *each = uint8_t(random.next());
    }
  }
  return bytes;
}

// Numbers of the weights, in place: what they are called and how many there are stays, which weights_fuzz sees to.
std::vector<uint8_t> mutate_numbers(std::vector<uint8_t> bytes, check::Random& random) {
  uint64_t header = 0;
  std::memcpy(&header, bytes.data(), sizeof header);
  const int64_t first = int64_t(sizeof header + header);
  for (int64_t times = 1 + random.below(20); times > 0; --times) {
    const int64_t at = first + random.below(int64_t(bytes.size()) - first);
    const int64_t n = std::min(int64_t(bytes.size()) - at, 1 + random.below(8));
    for (int64_t i = at; i < at + n; ++i) bytes[size_t(i)] = random.below(2) ? uint8_t(random.next()) : 0xff;
  }
  return bytes;
}

std::vector<uint8_t> read_file(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

}  // namespace

TEST("300 mutated streams: a picture of the right size, and what is broken told") {
  const auto codec = StillCodec::load(kGolden);
  StillOptions o = options(530, 40);
  o.threads = 1;
  const std::vector<uint8_t> bytes = encoded(*codec, o, picture(o.format)).bytes;
  const std::vector<uint8_t> whole = decoded(*codec, o, bytes).pixels;
  int told = 0, same = 0;
  for (uint64_t seed = 0; seed < 300; ++seed) {
    check::Random random(seed);
    const std::vector<uint8_t> changed = mutate(bytes, random);
    o.alpha = random.below(8) ? 0 : 1;
    const DecodedStill read = decoded(*codec, o, changed);
    EXPECT(read.pixels.size() == whole.size() && read.broken.size() <= 3 && read.is_whole == (changed == bytes));
    if (read.broken.empty() && o.alpha == 0) EXPECT(read.pixels == whole);
    ++(read.broken.empty() ? same : told);
  }
  std::printf("      %d with broken tiles, %d without\n", told, same);
  EXPECT(told > 0 && same > 0);
}

TEST("200 mutated models: refused by a known code, or bytes that are read again") {
  const std::vector<uint8_t> weights = read_file(kGolden + "/model.safetensors");
  const TempFolder folder("still-fuzz");
  std::filesystem::copy_file(kGolden + "/model.json", folder.file("model.json"));
  const StillOptions o = options(70, 40);
  const std::vector<uint8_t> pixels = picture(o.format);
  int refused = 0;
  for (uint64_t seed = 0; seed < 200; ++seed) {
    check::Random random(seed);
    const std::vector<uint8_t> changed = mutate_numbers(weights, random);
    std::ofstream(folder.file("model.safetensors"), std::ios::binary)
        .write(reinterpret_cast<const char*>(changed.data()), std::streamsize(changed.size()));
    const std::string code = check::error_code([&] {
      const auto codec = StillCodec::load(folder.string());
      const EncodedStill made = encoded(*codec, o, pixels);
      EXPECT(decoded(*codec, o, made.bytes).is_whole);
    });
    EXPECT(code.empty() || code.compare(0, 8, "weights-") == 0);
    refused += !code.empty();
  }
  std::printf("      %d of 200 refused\n", refused);
  EXPECT(refused > 0 && refused < 200);
}

TEST_MAIN
