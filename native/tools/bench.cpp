// heirloom-bench: how fast the kernels are on this machine, against its own peak and (when built with it) against OpenBLAS.
//   heirloom-bench [--json] [--threads N] [--only WORD] [--rounds N] [--cpu] [--model FOLDER [--size WxH] [--scale N]]
//   heirloom-bench --device "D[ PRECISION]" [--only WORD] [--rounds N] [--peak TFLOPS] [--model FOLDER [--version V]] [--size WxH]... [--scale N]
// With a model folder: megapixels per second of a whole stream, packed YUV in, packed YUV out. With a device (bench_device.h): FlashVSR's kernels,
// or with a model folder its stream and stages, medians; exit status 1 if something could not be measured.
// Every number is the best of several rounds; what is compared is measured in turns, so that a busy machine disturbs both alike.
// --cpu counts CPU seconds instead of wall time, for one thread on a machine that others use too.
#include <chrono>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <ctime>
#include <functional>
#include <string>
#include <thread>
#include <vector>

#include "bench_device.h"
#include "bench_entropy.h"
#include "bench_retention.h"
#include "cpu/kernels.h"
#include "cpu/level.h"
#include "heirloom.h"

#if defined(HL_BENCH_OPENBLAS)
#include <cblas.h>
#include <unistd.h>
#endif

using namespace heirloom::cpu;

namespace {

struct Options {
  bool json = false;
  bool cpu = false;
  int threads = 0;  // 0: 1 and all cores
  int rounds = 7;
  std::string only, model;
  int width = 640, height = 480, scale = 2;
  bench_device::Request on_device;  // device "": the processor's kernels, as ever
};

struct Result {
  std::string name;
  int threads = 1;
  double gflops = 0, peak = 0, openblas = 0;  // 10^9 floating-point operations per second; 0: not measured
};

bool count_cpu_time = false;

struct StreamResult {
  std::string model;
  int threads = 1, width = 0, height = 0;  // of the output
  double megapixels = 0, peak = 0;  // 10^6 output pixels per second, in the best chunk; 10^9 operations per second
};

double now() {
  if (count_cpu_time) return double(std::clock()) / CLOCKS_PER_SEC;  // of all threads of the process
  return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

double seconds(const std::function<void()>& work) {
  const double start = now();
  work();
  return now() - start;
}

std::vector<float> random_values(size_t n, uint64_t seed) {
  std::vector<float> v(n);
  uint64_t s = seed * 0x9e3779b97f4a7c15ull + 1;
  for (float& x : v) {
    s ^= s << 13;
    s ^= s >> 7;
    s ^= s << 17;
    x = float(s >> 40) * (2.0f / 16777216.0f) - 1.0f;
  }
  return v;
}

double peak_once(Pool& pool) {
  const int64_t rounds = 4000000;
  std::vector<double> operations(size_t(pool.threads()));
  const double t = seconds(
      [&] { pool.parallel_for(pool.threads(), [&](int64_t i) { operations[size_t(i)] = level().peak(rounds); }); });
  double total = 0;
  for (double o : operations) total += o;
  return total / t * 1e-9;
}

class Bench {
 public:
  Bench(const Options& options, std::vector<Result>& results) : options_(options), results_(results) {}

  bool wants(const std::string& name) const {
    return options_.only.empty() || name.find(options_.only) != std::string::npos;
  }

  // ours and theirs (may be empty) each do `operations`; peak is measured in turns with them.
  void run(const std::string& name, Pool& pool, double operations, const std::function<void()>& ours,
           const std::function<void()>& theirs = {}) {
    Result r;
    r.name = name;
    r.threads = pool.threads();
    ours();
    if (theirs) theirs();
    for (int i = 0; i < options_.rounds; ++i) {
      r.peak = std::max(r.peak, peak_once(pool));
      r.gflops = std::max(r.gflops, operations / seconds(ours) * 1e-9);
      if (theirs) r.openblas = std::max(r.openblas, operations / seconds(theirs) * 1e-9);
    }
    results_.push_back(r);
    if (options_.json) return;
    std::printf("%-34s %d  %8.1f GFLOP/s  %5.1f %% of peak (%.1f)", name.c_str(), r.threads, r.gflops,
                100 * r.gflops / r.peak, r.peak);
    if (r.openblas > 0) std::printf("  OpenBLAS %.1f, ratio %.3f", r.openblas, r.gflops / r.openblas);
    std::printf("\n");
    std::fflush(stdout);
  }

 private:
  const Options& options_;
  std::vector<Result>& results_;
};

#if defined(HL_BENCH_OPENBLAS)
// An OpenBLAS older than the processor takes it for the oldest one it knows, and loses by a factor of five. A fair comparison names
// the kernels for it; it reads the name when it is loaded, so the program starts itself once more.
void choose_openblas_kernels(char** argv) {
  if (std::getenv("OPENBLAS_CORETYPE")) return;
  const bool avx512 = simd() == Simd::avx512;
  if (simd() == Simd::portable) return;
  setenv("OPENBLAS_CORETYPE", avx512 ? "SkylakeX" : "Haswell", 1);
  execv("/proc/self/exe", argv);
}
#endif

void bench_gemm(Bench& bench, Pool& pool, int m, int n, int k) {
  const std::string name = "gemm " + std::to_string(m) + "x" + std::to_string(n) + "x" + std::to_string(k);
  if (!bench.wants(name)) return;
  const auto a = random_values(size_t(m) * k, 1), w = random_values(size_t(n) * k, 2);
  std::vector<float> c(size_t(m) * n);
  const Packed packed = pack_linear(w.data(), n, k);
  std::function<void()> theirs;
#if defined(HL_BENCH_OPENBLAS)
  theirs = [&] {
    openblas_set_num_threads(pool.threads());
    cblas_sgemm(CblasRowMajor, CblasNoTrans, CblasTrans, m, n, k, 1.0f, a.data(), k, w.data(), k, 0.0f, c.data(), n);
  };
#endif
  bench.run(name, pool, 2.0 * m * n * k, [&] { linear(pool, m, a.data(), 0, packed, {}, c.data()); }, theirs);
}

// A decoder convolution of heirloom-s at output size 4w x 4h.
void bench_conv(Bench& bench, Pool& pool, const char* what, int h, int w, int first, int second, int n, bool residual) {
  const int channels = first + second;
  const std::string name = std::string("conv ") + what + " " + std::to_string(channels) + "->" + std::to_string(n);
  if (!bench.wants(name)) return;
  const auto a = random_values(size_t(h) * w * first, 3), b = random_values(size_t(h) * w * (second + 1), 4),
             weight = random_values(size_t(n) * channels * 9, 5), slope = random_values(size_t(n), 6),
             r = random_values(size_t(h) * w * n, 7);
  std::vector<float> out(size_t(h) * w * n);
  const Packed packed = pack_conv3x3(weight.data(), n, channels);
  Source sources[2];
  sources[0].data = a.data();
  sources[0].channels = first;
  sources[1].data = b.data();
  sources[1].channels = second;
  Epilogue e;
  e.bias = slope.data();
  if (residual) e.residual = r.data();
  else {
    e.act = Act::prelu;
    e.slope = slope.data();
  }
  bench.run(name, pool, 2.0 * 9 * channels * n * h * w,
            [&] { conv3x3(pool, h, w, sources, second ? 2 : 1, Padding::zero, packed, e, out.data()); });
}

// A 3x3 convolution behind nearest x2 upsampling, h x w before it: as it is written, and folded into four 2x2 ones. Both count the former's operations.
void bench_upsample(Bench& bench, Pool& pool, int h, int w, int channels, int n) {
  const std::string name = "upsampled conv " + std::to_string(channels) + "->" + std::to_string(n);
  if (!bench.wants(name)) return;
  const auto x = random_values(size_t(h) * w * channels, 11), weight = random_values(size_t(n) * channels * 9, 12);
  std::vector<float> large(x.size() * 4), out(size_t(h) * w * 4 * n);
  const Packed plain = pack_conv3x3(weight.data(), n, channels),
               folded = pack_upsample_conv3x3(weight.data(), n, channels);
  Source small_map, large_map;
  small_map.data = x.data();
  large_map.data = large.data();
  small_map.channels = large_map.channels = channels;
  const double operations = 2.0 * 9 * channels * n * h * w * 4;
  bench.run(name + ", as written", pool, operations, [&] {
    upsample2_nearest(pool, x.data(), h, w, channels, large.data());
    conv3x3(pool, 2 * h, 2 * w, &large_map, 1, Padding::zero, plain, {}, out.data());
  });
  bench.run(name + ", folded", pool, operations,
            [&] { upsample_conv3x3(pool, h, w, small_map, folded, {}, out.data()); });
}

void bench_attention(Bench& bench, Pool& pool, const char* what, int heads, int d, int window, int q_windows,
                     int key_windows, int kept) {
  const std::string name = std::string("attention ") + what;
  if (!bench.wants(name)) return;
  const int64_t row = int64_t(heads) * d;
  const auto q = random_values(size_t(q_windows * window * row), 8),
             k = random_values(size_t(key_windows * window * row), 9),
             v = random_values(size_t(key_windows * window * row), 10);
  std::vector<float> out(q.size());
  std::vector<const float*> ks, vs;
  for (int i = 0; i < key_windows; ++i) {
    ks.push_back(k.data() + i * window * row);
    vs.push_back(v.data() + i * window * row);
  }
  std::vector<int64_t> start;
  std::vector<int32_t> index;
  for (int i = 0; i <= heads * q_windows; ++i) start.push_back(int64_t(i) * kept);
  for (int i = 0; i < heads * q_windows; ++i)
    for (int j = 0; j < kept; ++j) index.push_back((i * 7 + j * 3) % key_windows);
  SparseAttention a;
  a.heads = heads;
  a.d = d;
  a.window = window;
  a.q_windows = q_windows;
  a.key_windows = key_windows;
  a.scale = 1 / std::sqrt(float(d));
  a.q = q.data();
  a.k = ks.data();
  a.v = vs.data();
  a.kept_start = start.data();
  a.kept_index = index.data();
  a.out = out.data();
  bench.run(name, pool, 4.0 * heads * q_windows * kept * window * window * d, [&] { sparse_attention(pool, a); });
}

void bench_all(Bench& bench, Pool& pool) {
  bench_gemm(bench, pool, 8192, 256, 256);
  bench_gemm(bench, pool, 2048, 2048, 2048);
  bench_gemm(bench, pool, 4800, 480, 160);  // heirloom-s at 1280x960: 80 x 60 tokens
  bench_gemm(bench, pool, 4800, 640, 160);
  bench_gemm(bench, pool, 4800, 160, 640);
  bench_gemm(bench, pool, 4224, 1536, 1536);  // FlashVSR at 768x1408, one latent
  const int h = 240, w = 320;  // 640x480 x2: 1280x960 / 4
  bench_conv(bench, pool, "decoder input", h, w, 48, 16, 40, false);
  bench_conv(bench, pool, "decoder block", h, w, 10, 30, 40, false);
  bench_conv(bench, pool, "decoder block + residual", h, w, 40, 0, 40, true);
  bench_conv(bench, pool, "decoder output", h, w, 40, 48, 48, false);
  bench_conv(bench, pool, "projection", 60, 80, 160, 0, 160, false);
  bench_conv(bench, pool, "TCDecoder 1/8", 96, 176, 512, 0, 512, false);
  bench_upsample(bench, pool, 96, 176, 512, 256);  // TCDecoder at 768x1408
  bench_upsample(bench, pool, 192, 352, 256, 128);
  bench_upsample(bench, pool, 96, 352, 128, 128);  // a band
  bench_attention(bench, pool, "heirloom-s 5x32, 16 tokens", 5, 32, 16, 300, 900, 8);
  bench_attention(bench, pool, "FlashVSR 2x128, 128 tokens", 2, 128, 128, 33, 264, 60);
}

// Whole chunks, warm: the ring of keys is full from the third on.
StreamResult bench_stream(const Options& options, const heirloom::Model& model, int threads) {
  heirloom::StreamOptions o;
  o.input.width = options.width;
  o.input.height = options.height;
  o.output.width = options.width * options.scale;
  o.output.height = options.height * options.scale;
  o.scale = options.scale;
  o.threads = threads;
  const auto stream = model.stream(o);
  std::vector<uint8_t> in(o.input.bytes()), out(o.output.bytes());
  StreamResult r;
  r.model = model.info().name;
  r.threads = threads;
  r.width = o.output.width;
  r.height = o.output.height;
  Pool pool(threads);
  const int frames = std::max(1, model.info().contract.time.chunk);
  int frame = 0;
  for (int chunk = 0; chunk < options.rounds + 3; ++chunk) {
    r.peak = std::max(r.peak, peak_once(pool));
    size_t pulled = 0;
    double t = 0;
    for (int i = 0; i < frames; ++i, ++frame) {
      for (size_t p = 0; p < in.size(); ++p)
        in[p] =
            uint8_t(60 + ((p * 7 + size_t(frame) * 13) % 97) + ((p / 11 + size_t(frame)) & 31));  // a moving pattern
      t += seconds([&] {
        stream->push(in.data(), in.size(), frame);
        for (; stream->ready(); ++pulled) stream->pull(out.data(), out.size());
      });
    }
    if (chunk >= 3) r.megapixels = std::max(r.megapixels, double(pulled) * r.width * r.height / t * 1e-6);
  }
  return r;
}

// Operations of heirloom-s per output pixel with the sizes of docs/heirloom-s.md: decoder 11.2 thousand, all of it 14.9.
constexpr double kOperationsPerPixel = 14.9e3;

void print_json(const std::vector<Result>& results, const std::vector<bench_retention::Cost>& retention,
                const std::vector<bench_entropy::Rate>& entropy, const std::vector<StreamResult>& streams) {
  std::printf("{\"simd\":\"%s\",\"cores\":%u,\"kernels\":[", simd_name(simd()), std::thread::hardware_concurrency());
  for (size_t i = 0; i < results.size(); ++i) {
    const Result& r = results[i];
    std::printf("%s{\"name\":\"%s\",\"threads\":%d,\"gflops\":%.2f,\"peakGflops\":%.2f", i ? "," : "", r.name.c_str(),
                r.threads, r.gflops, r.peak);
    if (r.openblas > 0) std::printf(",\"openblasGflops\":%.2f,\"ratio\":%.4f", r.openblas, r.gflops / r.openblas);
    std::printf("}");
  }
  std::printf("],\"retention\":[");
  for (size_t i = 0; i < retention.size(); ++i)
    std::printf("%s{\"form\":\"%s\",\"tokens\":%lld,\"seconds\":%.6g}", i ? "," : "", retention[i].form.c_str(),
                static_cast<long long>(retention[i].tokens), retention[i].seconds);
  std::printf("],\"entropy\":[");
  for (size_t i = 0; i < entropy.size(); ++i)
    std::printf(
        "%s{\"name\":\"%s\",\"threads\":%d,\"writtenPerSecond\":%.6g,\"readPerSecond\":%.6g,\"bitsPerSymbol\":%.4g}",
        i ? "," : "", entropy[i].name.c_str(), entropy[i].threads, 1e6 * entropy[i].written, 1e6 * entropy[i].read,
        entropy[i].bits);
  std::printf("],\"streams\":[");
  for (size_t i = 0; i < streams.size(); ++i) {
    const StreamResult& r = streams[i];
    std::printf(
        "%s{\"model\":\"%s\",\"threads\":%d,\"width\":%d,\"height\":%d,\"megapixelsPerSecond\":%.3f,\"peakGflops\":%."
        "2f}",
        i ? "," : "", r.model.c_str(), r.threads, r.width, r.height, r.megapixels, r.peak);
  }
  std::printf("]}\n");
}

bool parse(int argc, char** argv, Options& o) {
  for (int i = 1; i < argc; ++i) {
    const std::string a = argv[i];
    const bool more = i + 1 < argc;
    if (a == "--json") o.json = true;
    else if (a == "--cpu") o.cpu = true;
    else if (a == "--threads" && more) o.threads = std::atoi(argv[++i]);
    else if (a == "--rounds" && more) o.rounds = std::atoi(argv[++i]);
    else if (a == "--only" && more) o.only = argv[++i];
    else if (a == "--model" && more) o.model = argv[++i];
    else if (a == "--scale" && more) o.scale = std::atoi(argv[++i]);
    else if (a == "--size" && more) {
      if (std::sscanf(argv[++i], "%dx%d", &o.width, &o.height) != 2 || o.width <= 0 || o.height <= 0) return false;
      o.on_device.sizes.push_back({o.width, o.height});
    } else if (a == "--device" && more) o.on_device.device = argv[++i];
    else if (a == "--memory" && more) o.on_device.memory = size_t(std::strtoull(argv[++i], nullptr, 10)) << 20;
    else if (a == "--version" && more) o.on_device.version = argv[++i];
    else if (a == "--peak" && more) o.on_device.peak = std::atof(argv[++i]);
    else return false;
  }
  if (o.cpu && !o.threads) o.threads = 1;
  o.on_device.only = o.only;
  o.on_device.model = o.model;
  o.on_device.rounds = o.rounds;
  o.on_device.scale = o.scale;
  if (o.on_device.sizes.empty()) o.on_device.sizes.push_back({o.width, o.height});
  return o.threads >= 0 && o.rounds > 0 && (!o.cpu || o.threads == 1);
}

}  // namespace

int main(int argc, char** argv) {
  Options options;
  if (!parse(argc, argv, options)) {
    std::fprintf(stderr,
                 "usage: heirloom-bench [--json] [--threads N] [--only WORD] [--rounds N] [--cpu] [--model FOLDER "
                 "[--size WxH] [--scale N]]\n"
                 "       heirloom-bench --device \"D[ PRECISION]\" [--only WORD] [--rounds N] [--peak TFLOPS] [--model "
                 "FOLDER [--version V] [--memory MIB] [--only stream]] [--size WxH]... [--scale N]\n");
    return 2;
  }
  if (!options.on_device.device.empty()) {
    try {
      return bench_device::run(options.on_device) ? 0 : 1;
    } catch (const std::exception& e) {
      std::fprintf(stderr, "heirloom-bench: %s\n", e.what());
      return 1;
    }
  }
#if defined(HL_BENCH_OPENBLAS)
  choose_openblas_kernels(argv);
#endif
  count_cpu_time = options.cpu;
  try {
    std::vector<Result> results;
    Bench bench(options, results);
    if (!options.json) {
      std::printf("%s, %u cores\n", simd_name(simd()), std::thread::hardware_concurrency());
#if defined(HL_BENCH_OPENBLAS)
      std::printf("OpenBLAS with its kernels for %s\n", openblas_get_corename());
#endif
    }
    const int cores = int(std::thread::hardware_concurrency());
    const std::vector<int> counts = options.threads ? std::vector<int>{options.threads}
                                    : cores > 1     ? std::vector<int>{1, cores}
                                                    : std::vector<int>{1};
    for (int threads : counts) {
      Pool pool(threads);
      bench_all(bench, pool);
    }
    std::vector<bench_retention::Cost> retention;
    if (bench.wants("retention")) {
      retention = bench_retention::costs(counts[0], options.rounds, seconds);
      if (!options.json) bench_retention::print(retention);
    }
    std::vector<bench_entropy::Rate> entropy;
    if (bench.wants("entropy")) {
      entropy = bench_entropy::rates(counts, options.rounds, seconds);
      if (!options.json) bench_entropy::print(entropy);
    }
    std::vector<StreamResult> streams;
    if (!options.model.empty()) {
      const auto model = heirloom::Model::load(options.model);
      for (int threads : counts) {
        streams.push_back(bench_stream(options, *model, threads));
        const StreamResult& r = streams.back();
        if (options.json) continue;
        std::printf("stream %s %dx%d x%d  %d  %.2f output MP/s", r.model.c_str(), options.width, options.height,
                    options.scale, threads, r.megapixels);
        if (model->info().graph == "heirloom-small")
          std::printf(", %.1f %% of peak", r.megapixels * 1e-3 * kOperationsPerPixel / r.peak * 100);
        std::printf("\n");
      }
    }
    if (options.json) print_json(results, retention, entropy, streams);
  } catch (const std::exception& e) {
    std::fprintf(stderr, "heirloom-bench: %s\n", e.what());
    return 1;
  }
  return 0;
}
