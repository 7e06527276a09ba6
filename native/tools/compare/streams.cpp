// Promises of a stream: as many frames out as in, the same bytes whatever the push pattern and the number of threads. And of an import: the
// same bytes as the originals rounded to bfloat16.
#include <filesystem>

#include "../device_words.h"
#include "compare.h"
#include "graphs/flashvsr/files.h"
#include "graphs/flashvsr/model.h"
#include "weights/safetensors_writer.h"

namespace compare {

using namespace heirloom;

namespace {

// Frames of a clip of `count` frames, 64 x 48 at x2, pushed `at_once` at a time with pulls in between, as one string of bytes.
std::string stream_frames(const Model& model, int count, int at_once, int threads, const std::string& decoder = "") {
  StreamOptions o;
  o.input.width = 64;
  o.input.height = 48;
  o.output = o.input;
  o.output.width *= 2;
  o.output.height *= 2;
  o.scale = 2;
  o.threads = threads;
  o.seed = 5;
  o.decoder = decoder;
  const std::unique_ptr<Stream> stream = model.stream(o);
  std::vector<uint8_t> in(o.input.bytes()), out(o.output.bytes());
  std::string all;
  const auto pull = [&] {
    while (stream->ready() > 0) {
      stream->pull(out.data(), out.size());
      all.append(out.begin(), out.end());
    }
  };
  for (int i = 0; i < count; ++i) {
    for (size_t j = 0; j < in.size(); ++j)
      in[j] = static_cast<uint8_t>(60 + (j % 64 + static_cast<size_t>(3 * i)) % 120 + j * 7 % 13);
    stream->push(in.data(), in.size(), i);
    if (i % at_once == at_once - 1) pull();
  }
  stream->finish();
  pull();
  return all;
}

}  // namespace

void compare_streams(const FlashVsrWeights& weights, const FlashVsrConfig& config, const std::string& device,
                     Table& table) {
  ModelInfo info;
  info.name = "golden";
  info.scales = {2};
  const std::shared_ptr<Model> model = make_flashvsr_model(info, weights, config, tools::device_in(device));
  constexpr int kFrames = 31;
  const std::string one = stream_frames(*model, kFrames, 1, 1), whole = stream_frames(*model, kFrames, kFrames, 1),
                    three = stream_frames(*model, kFrames, 7, 3);
  const size_t expected = kFrames * (size_t{128} * 96 * 3 / 2);
  table.line("stream: 31 frames in, out", "128x96", str(one.size() / (expected / kFrames)), "31",
             one.size() == expected);
  table.line("stream: pushed singly or at once", "", one == whole ? "identical" : "differ", "identical", one == whole);
  table.line("stream: 1 or 3 threads", "", one == three ? "identical" : "differ", "identical", one == three);
}

void compare_import(const std::string& folder, const FlashVsrWeights& weights, const FlashVsrConfig& config,
                    const std::string& device, Table& table) {
  namespace fs = std::filesystem;
  struct Place {
    fs::path path = fs::temp_directory_path() / ("heirloom-compare-" + str(reinterpret_cast<uintptr_t>(this)) + "-" +
                                                 str(fs::file_time_type::clock::now().time_since_epoch().count()));
    Place() { fs::create_directories(path / "published"); }
    ~Place() {
      std::error_code ignored;  // what is left in the system's temporary place harms nobody
      fs::remove_all(path, ignored);
    }
  } place;
  // The golden's own torch files where it has them.
  const auto copy = [&](std::initializer_list<const char*> names, FlashVsrPart part) {
    for (const char* name : names)
      if (exists(folder + "/" + name)) {
        fs::copy(folder + "/" + name, place.path / "published" / published_name(part));
        return;
      }
  };
  copy({"dit.safetensors"}, FlashVsrPart::transformer);
  copy({"LQ_proj_in.bf16.ckpt", "lq_proj_in.safetensors"}, FlashVsrPart::projection);
  copy({"tcdecoder.safetensors"}, FlashVsrPart::decoder);
  copy({"wan_vae.safetensors"}, FlashVsrPart::vae);
  copy({"posi_prompt.bf16.pth"}, FlashVsrPart::prompt);
  const std::string prompt = (place.path / "published" / published_name(FlashVsrPart::prompt)).string();
  if (!exists(prompt)) {
    SafetensorsWriter file(prompt, {{"prompt", DType::f32, weights.prompt.shape}});
    file.write(weights.prompt.data(), weights.prompt.bytes());
    file.finish();
  }
  const Imported made =
      import_weights((place.path / "published").string(), (place.path / "made").string(), {"v1.1", "", ""});
  Weights all;
  all.open(made.folder + "/" + kImportedFile);
  FlashVsrWeights rounded =
      open_files((place.path / "published").string(), files_of((place.path / "published").string(), nullptr));
  for (Weights* part : {&rounded.transformer, &rounded.projection, &rounded.decoder, &rounded.vae})
    part->round_to_bfloat();
  rounded.prompt = rounded_to_bfloat(rounded.prompt);
  ModelInfo info;
  info.name = "golden";
  info.scales = {2};
  const std::shared_ptr<Model> imported =
                                   make_flashvsr_model(info, split_imported(all), config, tools::device_in(device)),
                               originals = make_flashvsr_model(info, rounded, config, tools::device_in(device));
  constexpr int kFrames = 29;
  for (const std::string& decoder : imported->info().decoders) {
    const bool is_same =
        stream_frames(*imported, kFrames, 1, 0, decoder) == stream_frames(*originals, kFrames, 1, 0, decoder);
    table.line("import: as the rounded originals, " + decoder, "128x96", is_same ? "identical" : "differ", "identical",
               is_same);
  }
}

}  // namespace compare
