// Bringing FlashVSR's published files in: what is recognised, what is refused and why, and that the result gives the same frames bit for bit.
#include <algorithm>
#include <filesystem>

#include "flashvsr_fixture.h"
#include "graphs/flashvsr/files.h"
#include "graphs/flashvsr/import.h"
#include "graphs/flashvsr/model.h"
#include "graphs/stream/frame_stream.h"
#include "weights/sha256.h"
#include "stream_fixture.h"
#include "temp_folder.h"

using namespace heirloom;
namespace fs = std::filesystem;

namespace {

const std::string kFixtures = std::string(HL_ROOT) + "/test/fixtures/native/";
const std::string kTransformer = "diffusion_pytorch_model_streaming_dmd.safetensors", kProjection = "LQ_proj_in.ckpt",
                  kDecoder = "TCDecoder.ckpt", kPrompt = "posi_prompt.pth", kVae = "Wan2.1_VAE.pth";

fixture::Named make_vae(uint64_t seed) {
  fixture::Maker make(seed);
  fixture::Named tensors;
  for (const NamedShape& t : tensors_of(FlashVsrPart::vae, {{'V', 4}, {'C', 16}})) {
    const bool is_gamma = t.name.find("gamma") != std::string::npos;
    tensors.emplace_back(
        t.name, make.tensor(t.shape,
                            is_gamma ? 300 : static_cast<double>(t.shape.count()) / static_cast<double>(t.shape[0]) / 2,
                            is_gamma ? 1 : 0));
  }
  return tensors;
}

// A folder with FlashVSR's published names: float32, the prompt and the projection bfloat16, as published.
struct Published {
  TempFolder place{"import"};
  fixture::FlashVsrFiles files = fixture::make_flashvsr(5);
  fixture::Named vae = make_vae(6);
  std::string folder = place.file("FlashVSR-v1.1"), target = place.file("made");

  explicit Published(bool has_vae = true) {
    fs::create_directory(folder);
    put(kTransformer, fixture::safetensors(files.transformer, DType::f32));
    put(kProjection, fixture::safetensors(files.projection, DType::bf16));
    put(kDecoder, fixture::safetensors(files.decoder, DType::f32));
    put(kPrompt, fixture::safetensors(files.prompt, DType::bf16));
    if (has_vae) put(kVae, fixture::safetensors(vae, DType::f32));
  }
  std::string file(const std::string& name) const { return folder + "/" + name; }
  void put(const std::string& name, const std::string& bytes) const { fixture::write_bytes(file(name), bytes); }
  // A table that says which version these files are.
  std::string known(const std::string& transformer, const std::string& projection) const {
    const auto row = [&](const std::string& name, const char* part, const std::string& version) {
      return "{\"sha256\":\"" + sha256_of_file(file(name)) + "\",\"part\":\"" + part + "\",\"version\":\"" + version +
             "\"}";
    };
    fixture::write_bytes(place.file("known.json"), "{\"format\":1,\"files\":[" +
                                                       row(kTransformer, "transformer", transformer) + "," +
                                                       row(kProjection, "projection", projection) + "," +
                                                       row(kDecoder, "decoder", "both") + "]}");
    return place.file("known.json");
  }
};

ImportOptions as(const std::string& version, const std::string& known = "") { return {version, known, ""}; }

// What the files give when every number is rounded to bfloat16 on the way in.
std::shared_ptr<Model> rounded(const Published& p) {
  FlashVsrWeights w = open_files(p.folder, files_of(p.folder, nullptr));
  for (Weights* part : {&w.transformer, &w.projection, &w.decoder, &w.vae}) part->round_to_bfloat();
  w.prompt = rounded_to_bfloat(w.prompt);
  ModelInfo info;
  info.name = "rounded";
  info.scales = {2};
  return make_flashvsr_model(info, w, FlashVsrConfig(), {"cpu"});
}

std::vector<stream_fixture::Frame> frames_of(const Model& model, const std::string& decoder) {
  StreamOptions o = stream_fixture::options(40, 24, 2);
  o.decoder = decoder;
  return stream_fixture::enhance(model, o, stream_fixture::clip(o.input, 29));
}

// A ZIP of stored members, without sums: what the reader looks at.
std::string zip_of(const std::vector<std::pair<std::string, std::string>>& members, uint16_t method = 0) {
  std::string out, directory;
  const auto number = [](std::string& to, uint64_t value, int bytes) {
    for (int i = 0; i < bytes; ++i) to += static_cast<char>(i < 8 ? value >> 8 * i : 0);
  };
  for (const auto& m : members) {
    const size_t at = out.size();
    for (std::string* to : {&out, &directory}) {
      number(*to, to == &out ? 0x04034b50 : 0x02014b50, 4);
      if (to == &directory) number(*to, 20, 2);
      number(*to, 20, 2);
      number(*to, 0, 2);
      number(*to, method, 2);
      number(*to, 0, 8);  // time, date, sum
      number(*to, m.second.size(), 4);
      number(*to, m.second.size(), 4);
      number(*to, m.first.size(), 2);
      number(*to, 0, 2);
      if (to == &directory) number(*to, 0, 10);
      if (to == &directory) number(*to, at, 4);
      *to += m.first;
    }
    out += m.second;
  }
  const size_t start = out.size();
  out += directory;
  number(out, 0x06054b50, 4);
  number(out, 0, 4);
  number(out, members.size(), 2);
  number(out, members.size(), 2);
  number(out, directory.size(), 4);
  number(out, start, 4);
  number(out, 0, 2);
  return out;
}

}  // namespace

TEST("the rules for tensors are those of the published files: as many tensors, as many numbers") {
  const auto count = [](FlashVsrPart part) {
    std::pair<size_t, int64_t> sum{0, 0};
    for (const NamedShape& t : tensors_of(part, published_sizes())) {
      ++sum.first;
      sum.second += t.shape.count();
    }
    return sum;
  };
  EXPECT(count(FlashVsrPart::transformer) == std::make_pair(size_t{825}, int64_t{1418996800}));
  EXPECT(count(FlashVsrPart::projection) == std::make_pair(size_t{8}, int64_t{287845888}));
  EXPECT(count(FlashVsrPart::decoder) == std::make_pair(size_t{66}, int64_t{45338371}));
  EXPECT(count(FlashVsrPart::vae).second == 73295603);
}

TEST("a folder is looked at: its files, what they hold, what an import would take; the folder's name is a hint") {
  const Published p;
  const Inspection found = inspect(p.folder);
  EXPECT(found.kind == "published" && found.problem.empty() && found.missing.empty() && found.files.size() == 5 &&
         found.version == "unknown" && found.hint == "v1.1");
  EXPECT(found.decoders == (std::vector<std::string>{"tc", "wan-vae"}) && !found.is_published_size);
  const WeightFile& first = found.files[0];
  EXPECT(first.part == "transformer" && first.name == kTransformer && first.container == "safetensors" &&
         first.dtype == "F32" && first.bytes == fs::file_size(p.file(kTransformer)));
  EXPECT(first.tensors == p.files.transformer.size() && first.hash == sha256_of_file(p.file(kTransformer)) &&
         found.files[1].dtype == "BF16");
  const Imported made = import_weights(p.folder, p.target, as("v1.1"));
  EXPECT(made.bytes > found.import_bytes &&
         made.bytes < found.import_bytes + 65536);  // the header is all that comes on top
}

TEST("an imported model gives bit for bit the frames of the originals rounded to bfloat16, with both decoders") {
  const Published p;
  const std::string before = sha256_of_file(p.file(kTransformer)) + sha256_of_file(p.file(kDecoder));
  const Imported made = import_weights(p.folder, p.target, as("v1.1"));
  EXPECT(made.name == "FlashVSR v1.1" && made.version == "v1.1" &&
         made.hash == sha256_of_file(p.target + "/" + kImportedFile));
  EXPECT(before == sha256_of_file(p.file(kTransformer)) + sha256_of_file(p.file(kDecoder)));
  const std::shared_ptr<Model> model = Model::load(p.target), originals = rounded(p);
  EXPECT(model->info().hash == made.hash && model->info().decoders == (std::vector<std::string>{"tc", "wan-vae"}));
  const std::vector<stream_fixture::Frame> small = frames_of(*model, "tc"), large = frames_of(*model, "wan-vae");
  EXPECT(small.size() == 29 && small == frames_of(*originals, "tc"));
  EXPECT(large.size() == 29 && large == frames_of(*originals, "wan-vae") && large != small);
}

TEST("the memory plan covers what a stream with the large decoder takes, and not by much") {
  const Published p;
  import_weights(p.folder, p.target, as("v1.1"));
  const std::shared_ptr<Model> model = Model::load(p.target);
  StreamOptions o = stream_fixture::options(128, 96, 2);
  o.decoder = "wan-vae";
  const MemoryPlan plan = model->plan(o);
  const auto stream = model->stream(o);
  for (const stream_fixture::Frame& frame : stream_fixture::clip(o.input, 29))
    stream->push(frame.data(), frame.size(), stream_fixture::next_time());
  stream->finish();
  const double taken = static_cast<double>(dynamic_cast<FrameStream&>(*stream).backend().memory.peak_bytes()),
               planned = static_cast<double>(plan.state + plan.activations);
  std::printf("      planned %.1f MB, the pool's peak was %.1f MB\n", planned / 1e6, taken / 1e6);
  EXPECT(planned >= taken && planned <= 1.6 * taken);
}

TEST("without the VAE's file there is one decoder, and the other is refused with what to do") {
  const Published p(false);
  import_weights(p.folder, p.target, as("v1"));
  const std::shared_ptr<Model> model = Model::load(p.target);
  EXPECT(model->info().decoders == std::vector<std::string>{"tc"});
  StreamOptions o = stream_fixture::options(40, 24, 2);
  o.decoder = "wan-vae";
  std::string sentence;
  EXPECT(check::error_code([&] { model->stream(o); }, &sentence) == "bad-argument" &&
         sentence.find("Wan2.1_VAE.pth") != std::string::npos);
}

TEST("known files say their version; a wish that contradicts them and a missing answer are refused") {
  const Published p;
  const std::string known = p.known("v1.1", "v1.1");
  const Inspection found = inspect(p.folder, {true, known});
  EXPECT(found.version == "v1.1" && found.files[0].version == "v1.1" && found.files[2].version == "both" &&
         found.files[3].version.empty());
  EXPECT(inspect(p.folder, {false, known}).version == "unknown");
  EXPECT(check::error_code([&] { import_weights(p.folder, p.target, as("v1", known)); }) == "bad-argument");
  EXPECT(check::error_code([&] { import_weights(p.folder, p.target, as("")); }) == "bad-argument");
  EXPECT(check::error_code([&] { import_weights(p.folder, p.target, as("v2")); }) == "bad-argument");
  EXPECT(import_weights(p.folder, p.target, as("", known)).version == "v1.1");
}

TEST("files of two releases together are refused, and both are named") {
  const Published p;
  const std::string known = p.known("v1.1", "v1");
  const Inspection found = inspect(p.folder, {true, known});
  EXPECT(found.version == "unknown" && found.problem.text.find("mixture") != std::string::npos &&
         found.problem.text.find(kTransformer) != std::string::npos &&
         found.problem.text.find(kProjection) != std::string::npos);
  EXPECT(check::error_code([&] { import_weights(p.folder, p.target, as("v1.1", known)); }) == "weights-unsupported" &&
         !fs::exists(p.target));
}

TEST("what is damaged, swapped, foreign or hostile is refused with a sentence that names the file") {
  struct Case {
    const char* what;
    std::string name, bytes, says;
  };
  const Published good;
  const std::string transformer = fixture::read_bytes(good.file(kTransformer)),
                    projection = fixture::read_bytes(good.file(kProjection)),
                    decoder = fixture::read_bytes(good.file(kDecoder));
  const auto without = [](const fixture::Named& tensors, const std::string& name) {
    fixture::Named rest;
    for (const auto& t : tensors)
      if (t.first != name) rest.push_back(t);
    return rest;
  };
  fixture::Named turned = good.files.transformer, more = good.files.transformer, words = good.files.decoder,
                 broken = good.files.decoder;
  for (auto& t : turned)
    if (t.first == "blocks.1.ffn.0.weight") t.second = t.second.reshape({t.second.shape[1], t.second.shape[0]});
  more.emplace_back("blocks.0.adapter.weight", Tensor::zeros({2, 2}));
  for (auto& t : broken)
    if (t.first == "decoder.3.weight") t.second.data()[7] = NAN;
  const std::string evil = fixture::read_bytes(kFixtures + "evil.ckpt"),
                    old = fixture::read_bytes(kFixtures + "old_format.pth");
  fixture::Sizes wider;
  wider.heads = 2;
  for (const Case& c :
       {Case{"cut off", kTransformer, transformer.substr(0, transformer.size() - 100), "damaged"},
        {"empty", kDecoder, "", "empty"},
        {"swapped", kDecoder, projection, "swapped"},
        {"another width", kProjection, fixture::safetensors(fixture::make_flashvsr(5, wider).projection, DType::bf16),
         "linear_layers.0.weight"},
        {"a tensor missing", kDecoder,
         fixture::safetensors(without(good.files.decoder, "decoder.17.conv.2.bias"), DType::f32),
         "decoder.17.conv.2.bias"},
        {"turned round", kTransformer, fixture::safetensors(turned, DType::f32), "blocks.1.ffn.0.weight"},
        {"a tensor too many", kTransformer, fixture::safetensors(more, DType::f32), "adapter"},
        {"bytes for numbers", kDecoder, fixture::safetensors(words, DType::u8), "no weights"},
        {"a program", kProjection, evil, "system"},
        {"the old format", kDecoder, old, "old torch format"},
        {"compressed", kProjection, zip_of({{"a/data.pkl", "xxxxxxxx"}}, 8), "compressed"},
        {"a table without end", kProjection, zip_of({{"a/data.pkl", std::string(3u << 20, '}')}}), "no model needs"},
        {"not a model at all", kDecoder, zip_of({{"readme.txt", "hello"}}), "not a torch file"}}) {
    const Published p;
    p.put(c.name, c.bytes);
    const Inspection found = inspect(p.folder);
    if (found.problem.text.find(c.name) == std::string::npos || found.problem.text.find(c.says) == std::string::npos)
      check::failed(__FILE__, __LINE__, std::string(c.what) + " gave: " + found.problem.text);
    EXPECT(check::error_code([&] { import_weights(p.folder, p.target, as("v1.1")); }) == "weights-unsupported");
    EXPECT(!fs::exists(p.target) && !fs::exists(p.target + ".importing"));
  }
  const Published p;  // only seen when every number is looked at
  p.put(kDecoder, fixture::safetensors(broken, DType::f32));
  std::string sentence;
  EXPECT(check::error_code([&] { import_weights(p.folder, p.target, as("v1.1")); }, &sentence) == "weights-corrupt" &&
         sentence.find("decoder.3.weight") != std::string::npos);
  EXPECT(!fs::exists(p.target) && !fs::exists(p.target + ".importing"));
}

TEST("missing files are named by their published names; others' names for them are accepted when the contents fit") {
  const Published p;
  fs::remove(p.file(kPrompt));
  const Inspection found = inspect(p.folder);
  EXPECT(found.missing == std::vector<std::string>{kPrompt} &&
         found.problem.text.find("comes with the FlashVSR program") != std::string::npos);
  EXPECT(check::error_code([&] { import_weights(p.folder, p.target, as("v1.1")); }) == "weights-missing");
  p.put(kPrompt, fixture::safetensors(p.files.prompt, DType::bf16));
  fs::rename(p.file(kTransformer), p.file("Wan2_1-T2V-1.1_3B_FlashVSR_fp32.safetensors"));
  fs::rename(p.file(kVae), p.file("Wan2.1_VAE.safetensors"));
  EXPECT(inspect(p.folder).problem.empty() && import_weights(p.folder, p.target, as("v1.1")).bytes > 0);
  const TempFolder empty("import");
  EXPECT(inspect(empty.string()).kind == "none" && !inspect(empty.string()).problem.empty());
  EXPECT(check::error_code([&] { inspect(empty.file("nothing")); }) == "weights-missing");
}

TEST("a cancelled import leaves nothing behind, at whatever moment; what a killed one left is replaced") {
  for (const size_t moment : {1, 4, 9, 40}) {
    const Published p;
    std::atomic<bool> cancelled{false};
    size_t reports = 0, last = 0;
    std::string step;
    Progress progress;
    progress.cancelled = &cancelled;
    progress.report = [&](const std::string& now, size_t done, size_t total) {
      EXPECT(done <= total && (now != step || done > last));
      step = now;
      last = done;
      if (++reports == moment) cancelled = true;
    };
    EXPECT(check::error_code([&] { import_weights(p.folder, p.target, as("v1.1"), progress); }) == "cancelled");
    EXPECT(!fs::exists(p.target) && !fs::exists(p.target + ".importing"));
  }
  const Published p;
  fs::create_directory(p.target + ".importing");
  fixture::write_bytes(p.target + ".importing/" + kImportedFile, "half");
  fixture::write_bytes(p.target + ".importing/rest", "x");
  import_weights(p.folder, p.target, as("v1.1"));
  EXPECT(!fs::exists(p.target + ".importing") && !fs::exists(p.target + "/rest") &&
         Model::load(p.target)->info().graph == "flashvsr");
  EXPECT(check::error_code([&] { import_weights(p.folder, p.target, as("v1.1")); }) == "output-exists");
}

TEST("without room nothing is written, and the sentence has the numbers") {
  std::string sentence;
  EXPECT(check::error_code([&] { require_space("/films", 3400000000, 1000000000); }, &sentence) == "disk-full" &&
         sentence.find("3468 MB") != std::string::npos && sentence.find("1000 MB") != std::string::npos);
  EXPECT(check::error_code([&] { require_space("/films", 3400000000, 3600000000); }).empty());
}

TEST("an imported folder is recognised, and a changed byte in it is noticed") {
  const Published p;
  import_weights(p.folder, p.target, {"v1.1", "", "Grandma's \"films\""});
  const Inspection found = inspect(p.target);
  EXPECT(found.kind == "imported" && found.problem.empty() && found.version == "v1.1" && found.decoders.size() == 2 &&
         found.files.size() == 1 && found.files[0].part == "model");
  EXPECT(Model::load(p.target)->info().name == "Grandma's \"films\"");
  EXPECT(check::error_code([&] { import_weights(p.target, p.place.file("again"), as("v1.1")); }) ==
         "weights-unsupported");
  const std::string path = p.target + "/" + kImportedFile;
  std::string bytes = fixture::read_bytes(path);
  bytes[bytes.size() - 5] = static_cast<char>(bytes[bytes.size() - 5] ^ 4);
  fixture::write_bytes(path, bytes);
  EXPECT(inspect(p.target).problem.text.find("checksum") != std::string::npos &&
         inspect(p.target, {false, ""}).problem.empty());
  fixture::write_bytes(path, bytes.substr(0, bytes.size() / 2));
  EXPECT(!inspect(p.target, {false, ""}).problem.empty() &&
         check::error_code([&] { Model::load(p.target); }) == "weights-corrupt");
}

TEST_MAIN
