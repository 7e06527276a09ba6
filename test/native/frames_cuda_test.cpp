// Frames and numbers on their way to the card and back, on the emulator: nothing is lost, nothing is waited for too early.
#include "cuda/memory/frames.h"

#include "check_test.h"
#include "test_device.h"
#include "small_fixture.h"
#include "stream_fixture.h"

using namespace heirloom;
using namespace heirloom::HL_CUDA;  // NOLINT: CUDA's names, as the emulator has them
namespace device = heirloom::HL_CUDA;

TEST("frames that a card is still making are not ready, asking is no error, and all of them come in the end") {
  if (std::string(HL_TEST_DEVICE) != "cuda-emulated") check::skip("how long a card takes cannot be chosen");
  const small_fixture::Folder folder(small_fixture::Sizes(), 9);
  LoadOptions load;
  load.device = HL_TEST_DEVICE;
  const auto model = Model::load(folder.path.string(), load);
  const StreamOptions o = stream_fixture::options(34, 18, 2);
  const std::vector<stream_fixture::Frame> frames = stream_fixture::clip(o.input, 24),
                                           expected = stream_fixture::enhance(*model, o, frames);
  EXPECT(expected.size() == frames.size());
  device::set_late_events(1000);
  const auto stream = model->stream(o);
  std::vector<stream_fixture::Frame> out;
  size_t at_once = 0;
  for (size_t i = 0; i < frames.size(); ++i) {
    stream->push(frames[i].data(), frames[i].size(), stream_fixture::next_time());
    at_once = std::max(at_once, stream->ready());
    if (i < 8) EXPECT(stream->ready() == 0);  // a chunk's frames are held back, while more are pushed
    stream_fixture::pull_all(*stream, o.output.bytes(), out);
  }
  EXPECT(at_once > 0 && out.size() + 8 <= frames.size());
  stream->finish();
  EXPECT(stream->ready() == frames.size() - out.size());
  stream_fixture::pull_all(*stream, o.output.bytes(), out);
  EXPECT(out == expected);
  device::set_late_events(2);  // each is there at the third time of asking
  EXPECT(stream_fixture::enhance(*model, o, frames) == expected);
  device::set_late_events(0);
}

TEST("numbers of any size go to the card through pinned memory, and the caller's are free at once") {
  cudaStream_t work = nullptr;
  EXPECT(cudaStreamCreateWithFlags(&work, cudaStreamNonBlocking) == cudaSuccess);
  {
    const auto copies = std::make_shared<device::Frames>(work);
    std::vector<std::pair<void*, std::vector<uint8_t>>> sent;
    for (size_t bytes : {size_t{16}, size_t{4096}, size_t{100}, size_t{5000}, size_t{1} << 20, size_t{3},
                         device::Frames::kMostStaged + 1}) {
      void* there = nullptr;
      EXPECT(cudaMalloc(&there, bytes) == cudaSuccess);
      std::vector<uint8_t> numbers(bytes);
      for (size_t i = 0; i < bytes; ++i) numbers[i] = static_cast<uint8_t>(i * 7 + bytes);
      std::vector<uint8_t> given = numbers;
      copies->copy_in(there, given.data(), bytes);
      std::fill(given.begin(), given.end(), uint8_t{0});
      sent.emplace_back(there, numbers);
    }
    for (const auto& one : sent) {
      std::vector<uint8_t> back(one.second.size());
      EXPECT(cudaMemcpy(back.data(), one.first, back.size(), cudaMemcpyDeviceToHost) == cudaSuccess &&
             back == one.second);
      cudaFree(one.first);
    }
  }
  cudaStreamDestroy(work);
}

TEST_MAIN
