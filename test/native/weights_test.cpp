// Weight files: what is read is right, what is damaged or hostile is refused with a sentence. JSON and SHA-256 too.
#include "flashvsr_fixture.h"
#include "weights/json.h"
#include "weights/safetensors.h"
#include "weights/sha256.h"
#include "temp_folder.h"
#include "weights/weight_file.h"

using namespace heirloom;

namespace {

const std::string kFixtures = std::string(HL_ROOT) + "/test/fixtures/native/";

std::string refusal(const std::string& header, size_t data_bytes, std::string* sentence = nullptr) {
  TempFolder folder("weights");
  const uint64_t n = header.size();
  fixture::write_bytes(folder.file("w"),
                       std::string(reinterpret_cast<const char*>(&n), 8) + header + std::string(data_bytes, 'x'));
  return check::error_code([&] { Weights().open(folder.file("w")); }, sentence);
}

std::string json_code(const std::string& text) {
  return check::error_code([&] { Json::parse(text.data(), text.size(), "text"); });
}

}  // namespace

TEST("safetensors: every number type is expanded exactly") {
  TempFolder folder("weights");
  std::string data;
  const double f64 = -2.5;
  const int64_t i64 = -3;
  const int32_t i32 = 70000;
  const uint16_t half[4] = {0x3c00, 0xc000, 0x0001, 0x7bff},
                 bfloat = 0x3fc0;   // 1, -2, the smallest subnormal, 65504; 1.5
  data.append(reinterpret_cast<const char*>(&f64), 8)
      .append(reinterpret_cast<const char*>(&i64), 8)
      .append(reinterpret_cast<const char*>(&i32), 4);
  data.append(reinterpret_cast<const char*>(half), 8)
      .append(reinterpret_cast<const char*>(&bfloat), 2)
      .append("\xff\x01\x80", 3);
  const std::string header =
      R"({"a":{"dtype":"F64","shape":[],"data_offsets":[0,8]},"b":{"dtype":"I64","shape":[1],"data_offsets":[8,16]},"c":{"dtype":"I32","shape":[1,1],"data_offsets":[16,20]},)"
      R"("d":{"dtype":"F16","shape":[2,2],"data_offsets":[20,28]},"e":{"dtype":"BF16","shape":[1],"data_offsets":[28,30]},"f":{"dtype":"U8","shape":[1],"data_offsets":[30,31]},)"
      R"("g":{"dtype":"BOOL","shape":[1],"data_offsets":[31,32]},"h":{"dtype":"I8","shape":[1],"data_offsets":[32,33]},"__metadata__":{"format":"pt"}})";
  const uint64_t n = header.size();
  fixture::write_bytes(folder.file("w"), std::string(reinterpret_cast<const char*>(&n), 8) + header + data);
  Weights w;
  w.open(folder.file("w"));
  EXPECT(w.entries().size() == 8 && w.parameters() == 11);
  EXPECT(w.get("a").data()[0] == -2.5f && w.get("b").data()[0] == -3 && w.get("c").data()[0] == 70000);
  const Tensor d = w.get("d", {2, 2});
  EXPECT(d.data()[0] == 1 && d.data()[1] == -2 && d.data()[2] == std::ldexp(1.0f, -24) && d.data()[3] == 65504);
  EXPECT(w.get("e").data()[0] == 1.5f && w.get("f").data()[0] == 255 && w.get("g").data()[0] == 1 &&
         w.get("h").data()[0] == -128);
}

TEST("safetensors: damaged headers are refused, one reason each") {
  EXPECT(refusal(R"({"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}})", 4).empty());
  for (
      const char* header : {
          R"({"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]})",  // no end
          R"([1])",  // no object
          R"({"a":{"dtype":"F32","shape":[2],"data_offsets":[0,4]}})",  // shape and length differ
          R"({"a":{"dtype":"F32","shape":[1],"data_offsets":[4,0]}})",  // backwards
          R"({"a":{"dtype":"F32","shape":[1],"data_offsets":[-4,0]}})",  // before the start
          R"({"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}})",  // behind the end
          R"({"a":{"dtype":"F32","shape":[-1],"data_offsets":[0,4]}})",  // negative
          R"({"a":{"dtype":"F32","shape":[4611686018427387904,4],"data_offsets":[0,4]}})",  // overflows
          R"({"a":{"dtype":"F32","shape":[1.5],"data_offsets":[0,4]}})",  // half an element
          R"({"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}})",  // the name twice
          R"({"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"b":{"dtype":"U8","shape":[2],"data_offsets":[2,4]}})",  // overlap
          R"({"a":{"dtype":"U8","shape":[1],"data_offsets":[0,1]},"b":{"dtype":"U8","shape":[1],"data_offsets":[3,4]}})",  // a gap
          R"({"a":{"dtype":"U8","shape":[1],"data_offsets":[0,1]}})",  // bytes left over
          R"({"a":{"shape":[1],"data_offsets":[0,4]}})",  // no type
          R"({"a":{"dtype":"F32","shape":[1,1,1,1,1,1,1,1,1],"data_offsets":[0,4]}})",  // too many axes
      })
    EXPECT(refusal(header, 4) == "weights-corrupt");
  EXPECT(refusal(R"({"a":{"dtype":"F4","shape":[1],"data_offsets":[0,4]}})", 4) == "weights-unsupported");
}

TEST("a refusal names the file, the fault and what to do") {
  std::string sentence;
  refusal(R"({"a":{"dtype":"F32","shape":[2],"data_offsets":[0,4]}})", 4, &sentence);
  EXPECT(sentence.find("heirloom-weights") != std::string::npos && sentence.find("tensor a") != std::string::npos &&
         sentence.find("get the file again") != std::string::npos);
}

TEST("a weight file that is missing, empty, a folder or shorter than its header says so") {
  TempFolder folder("weights");
  EXPECT(check::error_code([&] { Weights().open(folder.file("nothing")); }) == "weights-missing");
  EXPECT(check::error_code([&] { Weights().open(folder.string()); }) == "weights-missing");
  fixture::write_bytes(folder.file("empty"), "");
  EXPECT(check::error_code([&] { Weights().open(folder.file("empty")); }) == "weights-corrupt");
  fixture::write_bytes(folder.file("short"), std::string("\xff\xff\xff\xff\xff\xff\xff\xff{}", 10));
  EXPECT(check::error_code([&] { Weights().open(folder.file("short")); }) == "weights-corrupt");
}

TEST("asking for an absent tensor or another shape names it") {
  Weights w;
  w.open(kFixtures + "flashvsr-toy/tcdecoder.safetensors");
  std::string sentence;
  EXPECT(check::error_code([&] { w.get("decoder.99.weight"); }, &sentence) == "weights-missing" &&
         sentence.find("decoder.99.weight") != std::string::npos);
  EXPECT(check::error_code([&] { w.get("decoder.26.bias", {4}); }, &sentence) == "weights-unsupported" &&
         sentence.find("[3]") != std::string::npos);
}

TEST("torch files: a dictionary with views, halves and integers") {
  Weights w;
  w.open(kFixtures + "dictionary.ckpt");
  EXPECT(w.entries().size() == 7);
  const Tensor plain = w.get("plain", {4, 6}), turned = w.get("turned", {6, 4}), part = w.get("part", {2, 3});
  for (int i = 0; i < 4; ++i)
    for (int j = 0; j < 6; ++j) {
      EXPECT(plain.data()[i * 6 + j] == static_cast<float>(i * 6 + j) / 8);
      EXPECT(turned.data()[j * 4 + i] == plain.data()[i * 6 + j]);
      EXPECT_NEAR(w.get("half").data()[i * 6 + j], static_cast<double>(i * 6 + j) / 24, 5e-4);
      EXPECT_NEAR(w.get("bfloat").data()[i * 6 + j], static_cast<double>(i * 6 + j) / 24, 4e-3);
      EXPECT_NEAR(w.get("double").data()[i * 6 + j], static_cast<double>(i * 6 + j) / 56, 1e-7);
    }
  for (int i = 0; i < 2; ++i)
    for (int j = 0; j < 3; ++j) EXPECT(part.data()[i * 3 + j] == plain.data()[(i + 1) * 6 + j + 2]);
  EXPECT(w.get("count").data()[0] == 7 && w.entry("count").dtype == DType::i64);
}

TEST("torch files: a bare tensor, the old format, and a file that wants to run a program") {
  Weights w;
  w.open(kFixtures + "tensor.pth");
  EXPECT(w.get("", {1, 4, 6}).data()[23] == float_from_bfloat(fixture::to_bfloat(23.0f / 24)));
  std::string sentence;
  EXPECT(check::error_code([&] { Weights().open(kFixtures + "old_format.pth"); }, &sentence) == "weights-unsupported" &&
         sentence.find("old torch format") != std::string::npos);
  EXPECT(check::error_code([&] { Weights().open(kFixtures + "evil.ckpt"); }, &sentence) == "weights-unsupported" &&
         sentence.find("system") != std::string::npos);
}

TEST("torch files: every truncation of a good file is refused") {
  TempFolder folder("weights");
  const std::string whole = fixture::read_bytes(kFixtures + "dictionary.ckpt");
  for (size_t n = 0; n < whole.size(); n += 7) {
    fixture::write_bytes(folder.file("w"), whole.substr(0, n));
    EXPECT(!check::error_code([&] { Weights().open(folder.file("w")); }).empty());
  }
}

TEST("JSON: what is strict is read, what is not is refused") {
  const std::string text = R"({"a":[1,-2.5e1,true,null],"b":{"c":"x\u00e9\ud83d\ude00\n"},"big":9007199254740993})";
  const Json json = Json::parse(text.data(), text.size(), "text");
  EXPECT(json.at("a").array()[0].integer() == 1 && json.at("a").array()[1].number() == -25 &&
         json.at("a").array()[2].boolean());
  EXPECT(json.at("b").at("c").string() == "x\xc3\xa9\xf0\x9f\x98\x80\n" &&
         json.at("big").integer() == 9007199254740993);
  for (const char* bad : {"", "{", "{\"a\":1,}", "[1 2]", "{\"a\":1}x", "01", "1.", "nul", "\"\\x\"", "\"\\ud800\"",
                          "{\"a\":1,\"a\":2}", "1e999", "+1", "\"a\nb\"", "{1:2}"})
    EXPECT(json_code(bad) == "weights-corrupt");
  EXPECT(json_code(std::string(100000, '[')) == "weights-corrupt");
  EXPECT(check::error_code([&] { json.at("a").string(); }) == "weights-corrupt" &&
         check::error_code([&] { json.at("z"); }) == "weights-corrupt");
}

TEST("SHA-256 gives the published digests") {
  EXPECT(Sha256().hex() == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  EXPECT(Sha256().add("abc", 3).hex() == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  Sha256 million;
  const std::string thousand(1000, 'a');
  for (int i = 0; i < 1000; ++i) million.add(thousand.data(), thousand.size());
  EXPECT(million.hex() == "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
}

TEST("SHA-256 with the processor's instructions and without says the same, for every length and however it is cut") {
  check::Random random(3);
  std::string bytes(700, ' ');
  for (char& c : bytes) c = static_cast<char>(random.next());
  for (size_t n = 0; n <= bytes.size(); n += n < 140 ? 1 : 37) {
    Sha256 parts;
    for (size_t at = 0; at < n;) {
      const size_t piece = std::min(n - at, static_cast<size_t>(1 + random.below(90)));
      parts.add(bytes.data() + at, piece);
      at += piece;
    }
    EXPECT(parts.hex() == Sha256(true).add(bytes.data(), n).hex());
  }
}

TEST("bfloat16 is rounded half to even, and numbers that are none stay so") {
  EXPECT(bfloat_from_float(1.0f) == 0x3f80 && bfloat_from_float(1.00390625f) == 0x3f80 &&
         bfloat_from_float(1.01171875f) == 0x3f82);  // ties: down to even, up to even
  EXPECT(bfloat_from_float(-INFINITY) == 0xff80 && (bfloat_from_float(NAN) & 0x7fff) > 0x7f80);
}

TEST_MAIN
