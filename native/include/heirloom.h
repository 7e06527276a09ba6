// heirloom.h: the engine in one page. Load a model, open a stream, push planar YUV frames with their times, pull those that it makes of them; make bytes of pictures; look at weight files, bring them in.
// Knows nothing of Node, ffmpeg, files other than weights, or windows. Errors are heirloom::Error, nothing else is thrown.
#pragma once
#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

namespace heirloom {

// A sentence for people. key: which one, in the product's catalogues, where it stands in every language; "" where it is said in English alone.
struct Message {
  std::string key;
  std::vector<std::pair<std::string, std::string>> values;  // by the names that stand in it
  std::string text;  // in English, whole
  Message() = default;
  Message(std::string words) : text(std::move(words)) {}
  Message(const char* words) : text(words) {}
  bool empty() const { return text.empty(); }
};

// code is one of: bad-argument, weights-missing, weights-corrupt, weights-unsupported, out-of-memory, disk-full, output-exists, output-not-writable,
// cancelled, internal.
struct Error : std::runtime_error {
  Error(std::string code_, Message message_)
      : std::runtime_error(message_.text),
        code(std::move(code_)),
        message(std::move(message_)) {}
  std::string code;
  Message message;
};

enum class Matrix { bt601, bt709, bt2020 };  // Y'CbCr coefficients (2020: non-constant luminance)
enum class Range { limited, full };
enum class Chroma { c420, c422, c444, c411, gray };
enum class Siting { left, center, topleft };  // where a 4:2:0 / 4:2:2 chroma sample lies

// Planar YUV, 8..16 bit; samples above 8 bit are 16-bit little-endian, low-aligned (ffmpeg's yuv420p10le and so on).
struct FrameFormat {
  int width = 0, height = 0;  // luma samples, >= 16
  int bits = 8;
  Chroma chroma = Chroma::c420;
  Siting siting = Siting::left;
  Matrix matrix = Matrix::bt709;
  Range range = Range::limited;
  size_t bytes() const;  // of one tightly packed frame, planes Y, U, V in order
  std::array<size_t, 3> plane_bytes() const;
};

struct DeviceInfo {
  std::string id, name, simd;  // id: "cpu", "cuda:0"
  int threads;
  size_t memory_bytes;
  std::vector<std::string> precisions;  // what LoadOptions.precision may be there, beside "auto"
};
std::vector<DeviceInfo> devices();  // what this machine really has; the CPU is always first

struct LoadOptions {
  std::string device = "auto";  // an id of devices(); "auto": the first graphics card, else the processor
  std::string version = "auto";  // of weights that were published in several versions (Inspection)
  std::string precision =
      "auto";  // of a graphics card: "fp32" | "bf16" | "fp16" | "fp8" (bf16 with large products of eight bits);
  // the processor computes in fp32
};

// The version of the arithmetic behind the frames that come out, as engine.json states it; the product takes it from there too.
int numerics();

// Times are whole ticks, so many a second: frames of all usual rates and samples of all usual sounds begin on one.
using Ticks = int64_t;
constexpr Ticks kTicksPerSecond = 705600000;
constexpr Ticks kMostTicks = Ticks{1} << 53;  // times lie between it and its negative: whole numbers of a double

// What a model does with time, in frames of what goes in.
struct TimeContract {
  int warmup = 0;  // frames of the past that settle its state
  int lookahead = 0;  // frames of the future that it looks at
  int chunk = 1;  // it works on so many at a time
  int alignment = 1;  // it is begun at a frame whose number in its source is a multiple of this
  int out = 1,
      in = 1;  // frame j that comes out lies j * in / out frames after the first that went in; 0: there are none
};
// Frames that come out for so many that went in since the start or the last reset: ceil(frames * out / in).
size_t frames_out(const TimeContract& time, size_t frames);

struct Setting {
  std::string name;  // "strength" | "detail" | "seed" | "quantiser"
  std::string kind;  // "number" | "whole" | "choice"
  double from = 0, to = 0;  // of numbers and whole numbers
  std::vector<double> of;  // of choices
  double otherwise = 0;  // where nobody says
  std::string means;  // in a few words of English
  bool takes(double value) const;
};

// What a model states of itself in model.json; where it states nothing, what engine.json knows of its graph.
struct Contract {
  std::string does;  // "enhance" | "interpolate" | "generate" | "encode" | "decode"
  TimeContract time;
  std::vector<Setting> settings;
  std::vector<std::string>
      arithmetic;  // its frames are what they should be in each of these; fp32 is always among them
  // Its own, or what every stream has: full strength, no detail, any seed.
  bool takes(const std::string& setting, double value) const;
  bool has(const std::string& setting) const;
  double otherwise(const std::string& setting) const;  // its default; 0 of one that it has not
};

struct ModelInfo {
  std::string name, graph, hash;  // graph: the kind of model, as in model.json; hash: sha-256 over the weight files
  std::vector<int> scales;
  size_t parameters = 0;
  int start_up_frames = 0;  // the first frame comes out after so many have gone in
  Contract contract;
  std::vector<std::string> decoders;  // the first is the default; empty: there is nothing to choose
};

enum class ColourFix { model_default, none, adain, wavelet };

// How coarsely the encoder of a film quantised it from a frame on: AV1's base_q_idx / 255, the slice's QP / 51 of H.264 and H.265.
struct QuantiserFrom {
  Ticks from = 0;  // the time of the frame
  double quantiser = 0;  // 0 (finest) to 1
};

struct StreamOptions {
  FrameFormat input, output;  // output size must be input size * scale (padding and cropping are inside)
  int scale = 2;
  float strength = 1.0f;  // 0 = the resized input untouched, 1 = full; refused if the model was not trained for it.
  // A model with the setting "quantiser" multiplies its residual by it.
  float detail =
      0.0f;  // how much of the fine luma structure (grain, texture) that the model took away comes back, in [0, 1]:
  // y + detail * (d - low(d)), d the luma of the resized input - y; 0: y itself (src/pixel/pixel.h)
  uint64_t seed = 0;
  std::vector<QuantiserFrom> quantisers;  // for a model with that setting; times rise. None: its default
  ColourFix colour = ColourFix::model_default;
  std::string decoder;  // one of ModelInfo.decoders; "": the first
  int threads = 0;  // 0: all cores
  size_t memory_limit = 0;  // bytes; 0: 90 % of what the machine has free
  int step_down = 0;  // so many modes below the best that fits: 1 after memory was refused in mid-stream
  int rows = 0, columns = 0;  // parts of the picture; 0: as planned
  size_t refuse_above = 0;  // for tests: memory is refused in mid-stream once more bytes than this are held; 0: never
};

// Bytes a stream will hold, and how, before it is made.
struct MemoryPlan {
  size_t weights = 0, state = 0, activations = 0, total = 0, limit = 0;
  bool fits = false;  // total <= limit, and what a card wants of the computer's memory is there
  size_t cache = 0;  // of state: keys and values of earlier frames
  size_t host = 0;  // beside total: of the computer's memory, for a card
  size_t whole = 0;  // what the first mode would take
  std::string mode =
      "whole";  // best first: "whole" | "small-cache" | "streamed-weights" | "parts"; "refused": nothing fits
  bool has_small_cache = false, streams_weights = false;  // what the mode is made of, beside parts
  int rows = 1, columns = 1;  // overlapping parts of the picture
  double speed = 1;  // expected, 1: as fast as the first mode
  std::string smaller;  // when refused: a model that would fit, if one is known
  Message sentence;  // which mode, why and at what price, for people
};

class Model;
class Stream;

class Model {
 public:
  // folder: model.json + safetensors, or published files that an importer knows. Throws weights-missing, weights-corrupt, weights-unsupported.
  static std::shared_ptr<Model> load(const std::string& folder, const LoadOptions& options = {});
  virtual ~Model() = default;
  virtual const ModelInfo& info() const = 0;
  virtual MemoryPlan plan(const StreamOptions& options) const = 0;
  // Throws out-of-memory with the numbers if plan() does not fit, bad-argument on sizes and scales it does not do.
  virtual std::unique_ptr<Stream> stream(const StreamOptions& options) const = 0;
};

// Not thread safe, except cancel(). Frames come out in the order of their times; once finish() was called, as many as frames_out() says of those
// that were pushed. Of models that give one for one each has the time of the frame that it was made of.
class Stream {
 public:
  virtual ~Stream() = default;
  // One packed frame in options.input format, later than the one before; may compute.
  virtual void push(const uint8_t* frame, size_t bytes, Ticks time) = 0;
  virtual void finish() = 0;  // no more input: everything left becomes ready
  virtual size_t ready() const = 0;  // frames that pull() can give now
  virtual Ticks pull(uint8_t* frame, size_t bytes) = 0;  // the next packed frame in options.output format; its time
  virtual void reset() = 0;  // forget the past (scene cut, seek); finish() is implied for what was pushed
  virtual void cancel() = 0;  // from any thread: the running call throws Error("cancelled") soon
};

// ---- frames between frames ----------------------------------------------------------------------------------------------------

// Frames that come and go in one format.
struct InterpolationOptions {
  FrameFormat format;
  int threads = 0;  // 0: all cores
  size_t memory_limit = 0;  // bytes; 0: 90 % of what the machine has free
};

// Shares of the frame's cells of 8 x 8 pixels.
struct Between {
  float need = 0;  // that were made; elsewhere both keys are alike and their mean is shown
  float unsure = 0;  // of those, in which the nearer key is shown, because the model is not sure
};

class Interpolation;

class Interpolator {
 public:
  // folder: model.json of a model that makes frames between frames. Throws as Model::load.
  static std::shared_ptr<Interpolator> load(const std::string& folder, const LoadOptions& options = {});
  virtual ~Interpolator() = default;
  virtual const ModelInfo& info() const = 0;
  virtual MemoryPlan plan(const InterpolationOptions& options) const = 0;
  // Throws out-of-memory with the numbers if plan() does not fit.
  virtual std::unique_ptr<Interpolation> open(const InterpolationOptions& options) const = 0;
};

// Not thread safe, except cancel(). What lies between two keys depends on them, on six before them since the last cut, and on the time alone: it may be
// asked for in any order and number, and in a stream that was begun anywhere.
class Interpolation {
 public:
  virtual ~Interpolation() = default;
  // The next frame that exists; is_cut: nothing before it belongs to it.
  virtual void key(const uint8_t* frame, size_t bytes, bool is_cut) = 0;
  // The frame at t, above 0 and below 1, between the last two keys. Throws bad-argument with fewer than two since a cut.
  virtual Between between(double t, uint8_t* out, size_t bytes) = 0;
  virtual void reset() = 0;  // forget all keys, and a cancel
  virtual void cancel() = 0;  // from any thread: the running call and later ones throw Error("cancelled")
};

// ---- grain ------------------------------------------------------------------------------------------------------------------

// Of one scene (docs/KEEPSAKE.md, `scen`).
struct Grain {
  std::array<uint16_t, 8>
      levels{};  // standard deviation of luma's, 65535 is white, by the brightness that it lies on, dark first
  uint16_t size = 0;  // of a grain, in 1/4096 pixel: standard deviation of the blur that makes white noise alike
  uint16_t chroma = 0;  // its share of luma's, in 1/4096
};

// What chance hangs on, and nothing else: another frame has other grain.
struct GrainPlace {
  uint32_t seed = 0, frame = 0;
  uint32_t way = 0;  // of a frame between two: how far, in whatever unit
};

// Grain over frames of one format, drawn in place. In integers: the same bits on every machine and with any number of threads. Not thread safe.
class GrainLayer {
 public:
  static std::unique_ptr<GrainLayer> open(const FrameFormat& format, int threads = 0);  // 0: all cores
  virtual ~GrainLayer() = default;
  virtual void draw(const Grain& grain, const GrainPlace& place, uint8_t* frame, size_t bytes) = 0;
};

// ---- weight files: what lies in a folder, and weights that others publish, made ready once -----------------------------

// How long work tells how far it is and is told to stop; either may be empty. Steps: "hash", "convert" (done and total in bytes), "merge", "estimate" (in frames).
struct Progress {
  std::function<void(const std::string& step, size_t done, size_t total)> report;  // from the thread that works
  const std::atomic<bool>* cancelled = nullptr;
};

struct WeightFile {
  std::string part;  // which part of the model, in the importer's word; "model": the file of an imported folder
  std::string name, container,
      dtype;  // file name in the folder; "safetensors" | "torch"; "F32", "BF16", ... or "mixed"
  size_t bytes = 0, tensors = 0, parameters = 0;
  std::string hash;  // sha-256; empty unless asked for
  std::string version;  // by the table of known files; "both": the same file in several, "": not in the table
  Message problem;  // empty: container, names and shapes are as they should be
};

struct Inspection {
  std::string kind;  // "published": files of others; "imported": made by import_weights(); "none"
  std::string importer;  // who knows these files: "flashvsr"
  std::vector<WeightFile> files;
  std::vector<std::string> missing;  // published names of needed files that are not there
  std::string version = "unknown";  // "unknown": ask the person
  std::string hint;  // the version that the folder's name says, or ""; never trusted
  bool is_published_size =
      false;  // as large as the published model; a set of other sizes works but is not the authors'
  std::vector<std::string> decoders;  // as ModelInfo has them
  size_t parameters = 0, import_bytes = 0;  // of all usable files; of what import_weights() would write
  Message problem;  // why the set cannot be used, with the reason; empty: it can
};

struct InspectOptions {
  bool hash = true;  // reads every byte; without it versions are not known
  std::string known_files;  // path of the table of known files, or empty
};

// Looks at names, shapes and contents without loading anything. What is wrong with the files stands in the answer;
// throws weights-missing when there is no such folder, cancelled.
Inspection inspect(const std::string& folder, const InspectOptions& options = {}, const Progress& progress = {});

struct ImportOptions {
  std::string version;  // "" where the table of known files says it
  std::string known_files, name;  // as above; what the model shall be called, "" for its published name and version
};

struct Imported {
  std::string folder, name, version, hash;  // hash: sha-256 of the one weight file
  size_t bytes = 0;
};

// Writes destination (model.json and one bf16 safetensors file with the constants folded in) from the published files in folder, which stay
// as they are. Written as destination + ".importing" and renamed when whole; what an earlier, killed import left there is replaced.
Imported import_weights(const std::string& folder, const std::string& destination, const ImportOptions& options,
                        const Progress& progress = {});

// ---- pictures as few bytes ------------------------------------------------------------------------------------------------------

// A picture of R'G'B' side by side, rows without gaps; 16 bits are little-endian.
struct StillFormat {
  int width = 0, height = 0;  // 1 to kMostStillSide, together at most kMostStillPixels
  int bits = 8;  // 8 or 16
  size_t bytes() const { return size_t(width) * size_t(height) * 3 * size_t(bits / 8); }
};
constexpr int kMostStillSide = 65535;
constexpr int64_t kMostStillPixels = 100000000;

struct StillOptions {
  StillFormat format;
  int quality = 63;  // 0 to 63, the finest; read with the one that it was written with
  float alpha = 0;  // reading: how much invented detail is laid over the faithful picture, [0, 1]
  uint64_t seed = 0;  // of that detail
  int threads = 0;  // 0: all cores
  size_t memory_limit = 0;  // bytes; 0: 90 % of what the machine has free
};

struct EncodedStill {
  std::vector<uint8_t> bytes;
  size_t tiles = 0, estimated_bytes = 0;  // estimated: by the model's probabilities alone
};

// A part of the picture whose symbols could not be read: they count as zeros, and no detail is laid over it.
struct BrokenTile {
  int x = 0, y = 0, width = 0, height = 0;  // in pixels
  std::string state;  // "changed" | "cut-off" | "lost" | "unreadable"
};

struct DecodedStill {
  std::vector<uint8_t> pixels;
  size_t tiles = 0;
  std::vector<BrokenTile> broken;
  bool is_whole =
      true;  // every byte is as it was written; false with no broken tile: it can be read by one of two indices alone
};

class StillCodec {
 public:
  // folder: model.json of a model that makes bytes of pictures. Throws as Model::load.
  static std::shared_ptr<StillCodec> load(const std::string& folder, const LoadOptions& options = {});
  virtual ~StillCodec() = default;
  virtual const ModelInfo& info() const = 0;
  // What writing or reading takes, whichever takes more.
  virtual MemoryPlan plan(const StillOptions& options) const = 0;
  // The bytes were read again and every symbol compared when this returns. Progress counts parts ("encode").
  virtual EncodedStill encode(const StillOptions& options, const uint8_t* pixels, size_t count,
                              const Progress& progress = {}) const = 0;
  // Any bytes may be given. The same bits with any number of threads. Progress counts parts ("decode").
  virtual DecodedStill decode(const StillOptions& options, const uint8_t* bytes, size_t count,
                              const Progress& progress = {}) const = 0;
};

// ---- one picture out of several frames ------------------------------------------------------------------------------------

// What a frame had to give to the chosen one.
struct Neighbour {
  float matched = 0;  // share of the picture that was found again, [0, 1]
  bool is_used = false;  // false: it shows something else (another scene, too much has moved)
};

// One picture out of several frames of a film. The others are laid over the chosen one, following motion to a part of a pixel, and
// averaged with it, each place by how well it matches: noise goes, and whatever moved or was hidden stays as the chosen frame has it.
// frames: packed in one format, in the film's order; out: one such frame. threads: 0 = all cores. Progress counts frames ("merge").
std::vector<Neighbour> merge_frames(const FrameFormat& format, const std::vector<const uint8_t*>& frames, size_t chosen,
                                    uint8_t* out, int threads = 0, const Progress& progress = {});

// ---- what a clip suffers from ------------------------------------------------------------------------------------------------

// Levels from 0 (none) to 1 (as bad as tapes get). position: where on the ladder of damage that is; strength: the default it suggests, 0 for clips
// that need nothing. combing asks for deinterlacing, which is not an enhancer's work.
struct Estimate {
  float noise = 0, blockiness = 0, blur = 0, combing = 0, position = 0, strength = 0;
};

class Estimator {
 public:
  // folder: model.json + safetensors, as shipped. Throws weights-missing, weights-corrupt, weights-unsupported.
  static std::shared_ptr<const Estimator> load(const std::string& folder);
  virtual ~Estimator() = default;
  // frames: packed, in pairs: a frame and the one after it (a photo: the same one twice), from any moments of the clip. On the processor,
  // in one thread. Progress counts frames ("estimate"). Throws bad-argument, cancelled.
  virtual Estimate estimate(const FrameFormat& format, const std::vector<const uint8_t*>& frames,
                            const Progress& progress = {}) const = 0;
};

}  // namespace heirloom
