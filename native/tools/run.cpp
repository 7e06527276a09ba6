// heirloom-run: enhance raw planar YUV from standard input to standard output without Node, or print what a stream would need.
#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <iterator>
#include <string>
#include <vector>

#if defined(_WIN32)
#include <fcntl.h>
#include <io.h>
#endif

#include "heirloom.h"

namespace {

constexpr const char* kUsage =
    "usage: heirloom-run MODEL_FOLDER --size WxH [options] < in.yuv > out.yuv\n"
    "  --scale 1|2|4            how much to enlarge (2)\n"
    "  --format FORMAT          420 422 444 411 gray, with p10 p12 p16 for more bits: 420p10 (420)\n"
    "  --siting S               left center topleft (left)\n"
    "  --matrix M               bt601 bt709 bt2020 (bt709)\n"
    "  --range R                limited full (limited)\n"
    "  --out-format, --out-siting, --out-matrix, --out-range: of the output (as the input)\n"
    "  --strength X             0 to 1 (1)\n"
    "  --detail X               how much of the fine structure that was taken away comes back, 0 to 1 (0)\n"
    "  --seed N                 (0)\n"
    "  --quantiser Q            of the encoder that the input comes from, 0 to 1, for a model that is told (its "
    "default)\n"
    "  --colour C               default none adain wavelet (default)\n"
    "  --threads N              (all cores)\n"
    "  --memory BYTES           limit (90 % of what is free)\n"
    "  --device D               (auto)\n"
    "  --precision P            of a graphics card (auto)\n"
    "  --version V              of the weights, v1 or v1.1 (auto)\n"
    "  --plan                   print the memory plan and stop\n"
    "  --devices                print the devices and stop; needs no model\n";

struct Usage {
  std::string reason;
};

struct Arguments {
  std::string folder;
  heirloom::LoadOptions load;
  heirloom::StreamOptions stream;
  bool plan = false, devices = false;
};

template <class Enum>
Enum one_of(const std::string& option, const std::string& value,
            std::initializer_list<std::pair<const char*, Enum>> choices) {
  for (const auto& [word, choice] : choices)
    if (value == word) return choice;
  throw Usage{option + " cannot be " + value};
}

long long whole(const std::string& option, const std::string& value) {
  char* end = nullptr;
  const long long n = std::strtoll(value.c_str(), &end, 10);
  if (value.empty() || *end || n < 0) throw Usage{option + " wants a whole number, not " + value};
  return n;
}

float real(const std::string& option, const std::string& value) {
  char* end = nullptr;
  const float v = std::strtof(value.c_str(), &end);
  if (value.empty() || *end) throw Usage{option + " wants a number, not " + value};
  return v;
}

void set_format(heirloom::FrameFormat& format, const std::string& option, const std::string& value) {
  const size_t p = value.find('p');
  format.chroma = one_of<heirloom::Chroma>(option, value.substr(0, p),
                                           {{"420", heirloom::Chroma::c420},
                                            {"422", heirloom::Chroma::c422},
                                            {"444", heirloom::Chroma::c444},
                                            {"411", heirloom::Chroma::c411},
                                            {"gray", heirloom::Chroma::gray}});
  format.bits = p == std::string::npos ? 8 : int(whole(option, value.substr(p + 1)));
}

// field: "format", "siting", "matrix" or "range"
void set_field(heirloom::FrameFormat& f, const std::string& field, const std::string& option,
               const std::string& value) {
  using namespace heirloom;
  if (field == "format") set_format(f, option, value);
  else if (field == "siting")
    f.siting = one_of<Siting>(option, value,
                              {{"left", Siting::left}, {"center", Siting::center}, {"topleft", Siting::topleft}});
  else if (field == "matrix")
    f.matrix =
        one_of<Matrix>(option, value, {{"bt601", Matrix::bt601}, {"bt709", Matrix::bt709}, {"bt2020", Matrix::bt2020}});
  else f.range = one_of<Range>(option, value, {{"limited", Range::limited}, {"full", Range::full}});
}

Arguments parse(int argc, char** argv) {
  Arguments a;
  std::vector<std::pair<std::string, std::string>> later;  // options of the output, applied over the input's
  bool has_size = false;
  for (int i = 1; i < argc; ++i) {
    const std::string option = argv[i];
    if (option == "--plan") {
      a.plan = true;
      continue;
    }
    if (option == "--devices") {
      a.devices = true;
      continue;
    }
    if (option.rfind("--", 0) != 0) {
      if (!a.folder.empty()) throw Usage{"one model folder, not " + option + " too"};
      a.folder = option;
      continue;
    }
    static const char* const kOptions[] = {"--size",     "--scale",      "--format",     "--siting",     "--matrix",
                                           "--range",    "--out-format", "--out-siting", "--out-matrix", "--out-range",
                                           "--strength", "--detail",     "--seed",       "--colour",     "--threads",
                                           "--memory",   "--device",     "--precision",  "--version",    "--quantiser"};
    if (std::find(std::begin(kOptions), std::end(kOptions), option) == std::end(kOptions))
      throw Usage{"unknown option " + option};
    if (i + 1 == argc) throw Usage{option + " wants a value"};
    const std::string value = argv[++i];
    heirloom::StreamOptions& s = a.stream;
    if (option == "--size") {
      char rest = 0;
      has_size = std::sscanf(value.c_str(), "%dx%d%c", &s.input.width, &s.input.height, &rest) == 2;
      if (!has_size) throw Usage{"--size wants WIDTHxHEIGHT, not " + value};
    } else if (option == "--format" || option == "--siting" || option == "--matrix" || option == "--range")
      set_field(s.input, option.substr(2), option, value);
    else if (option == "--out-format" || option == "--out-siting" || option == "--out-matrix" ||
             option == "--out-range")
      later.emplace_back(option, value);
    else if (option == "--scale") s.scale = int(whole(option, value));
    else if (option == "--strength") s.strength = real(option, value);
    else if (option == "--detail") s.detail = real(option, value);
    else if (option == "--quantiser") s.quantisers = {{-heirloom::kMostTicks, real(option, value)}};
    else if (option == "--seed") s.seed = uint64_t(whole(option, value));
    else if (option == "--colour")
      s.colour = one_of<heirloom::ColourFix>(option, value,
                                             {{"default", heirloom::ColourFix::model_default},
                                              {"none", heirloom::ColourFix::none},
                                              {"adain", heirloom::ColourFix::adain},
                                              {"wavelet", heirloom::ColourFix::wavelet}});
    else if (option == "--threads") s.threads = int(whole(option, value));
    else if (option == "--memory") s.memory_limit = size_t(whole(option, value));
    else if (option == "--device") a.load.device = value;
    else if (option == "--precision") a.load.precision = value;
    else a.load.version = value;
  }
  if (a.devices) return a;
  if (a.folder.empty()) throw Usage{"which model folder?"};
  if (!has_size) throw Usage{"--size is needed"};
  a.stream.output = a.stream.input;
  for (const auto& [option, value] : later) set_field(a.stream.output, option.substr(6), option, value);
  a.stream.output.width = a.stream.input.width * a.stream.scale;
  a.stream.output.height = a.stream.input.height * a.stream.scale;
  return a;
}

void print_plan(const heirloom::ModelInfo& info, const heirloom::MemoryPlan& plan) {
  std::printf("model        %s (%s, %zu parameters, %s)\n", info.name.c_str(), info.graph.c_str(), info.parameters,
              info.hash.c_str());
  std::printf(
      "weights      %12zu bytes\nstate        %12zu bytes\nactivations  %12zu bytes\ntotal        %12zu bytes\nlimit   "
      "     %12zu bytes\n%s\n",
      plan.weights, plan.state, plan.activations, plan.total, plan.limit, plan.fits ? "fits" : "does not fit");
}

void write_ready(heirloom::Stream& stream, std::vector<uint8_t>& frame) {
  while (stream.ready() > 0) {
    stream.pull(frame.data(), frame.size());
    if (std::fwrite(frame.data(), 1, frame.size(), stdout) != frame.size())
      throw heirloom::Error("internal", "Could not write to standard output.");
  }
}

// Raw frames have no times: one of them lasts as long as this.
constexpr heirloom::Ticks kFrame = heirloom::kTicksPerSecond / 25;

// Returns the number of frames.
size_t enhance(heirloom::Stream& stream, const heirloom::StreamOptions& options) {
  std::vector<uint8_t> in(options.input.bytes()), out(options.output.bytes());
  size_t frames = 0;
  for (;; ++frames) {
    const size_t got = std::fread(in.data(), 1, in.size(), stdin);
    if (got == 0) break;
    if (got != in.size())
      throw heirloom::Error("bad-argument", "Frame " + std::to_string(frames) +
                                                " is cut short: " + std::to_string(got) + " of " +
                                                std::to_string(in.size()) + " bytes. Check --size and --format.");
    stream.push(in.data(), in.size(), heirloom::Ticks(frames) * kFrame);
    write_ready(stream, out);
  }
  stream.finish();
  write_ready(stream, out);
  return frames;
}

}  // namespace

int main(int argc, char** argv) {
  try {
    const Arguments a = parse(argc, argv);
    if (a.devices) {
      for (const auto& d : heirloom::devices())
        std::printf("%s\t%s\t%s\t%d threads\t%zu bytes\n", d.id.c_str(), d.name.c_str(), d.simd.c_str(), d.threads,
                    d.memory_bytes);
      return 0;
    }
    const auto model = heirloom::Model::load(a.folder, a.load);
    if (a.plan) {
      print_plan(model->info(), model->plan(a.stream));
      return 0;
    }
#if defined(_WIN32)
    _setmode(_fileno(stdin), _O_BINARY);
    _setmode(_fileno(stdout), _O_BINARY);
#endif
    const auto stream = model->stream(a.stream);
    const size_t frames = enhance(*stream, a.stream);
    if (std::fflush(stdout) != 0) throw heirloom::Error("internal", "Could not write to standard output.");
    std::fprintf(stderr, "%zu frames\n", frames);
    return 0;
  } catch (const Usage& usage) {
    std::fprintf(stderr, "heirloom-run: %s\n%s", usage.reason.c_str(), kUsage);
    return 2;
  } catch (const heirloom::Error& error) {
    std::fprintf(stderr, "heirloom-run: %s [%s]\n", error.what(), error.code.c_str());
    return 1;
  } catch (const std::exception& error) {
    std::fprintf(stderr, "heirloom-run: %s\n", error.what());
    return 1;
  }
}
