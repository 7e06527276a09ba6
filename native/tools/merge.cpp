// heirloom-merge: several raw 8-bit 4:2:0 frames from standard input become one on standard output; which neighbours helped goes to standard error.
#include <cstdio>
#include <cstdlib>
#include <string>
#include <vector>

#include "heirloom.h"

int main(int argc, char** argv) {
  heirloom::FrameFormat format;
  char rest = 0;
  if (argc < 3 || std::sscanf(argv[1], "%dx%d%c", &format.width, &format.height, &rest) != 2) {
    std::fprintf(stderr, "usage: heirloom-merge WxH CHOSEN [THREADS] < frames.yuv > merged.yuv\n");
    return 2;
  }
  try {
    std::vector<std::vector<uint8_t>> frames;
    for (std::vector<uint8_t> frame(format.bytes()); std::fread(frame.data(), 1, frame.size(), stdin) == frame.size();)
      frames.push_back(frame);
    std::vector<const uint8_t*> pointers;
    for (const auto& frame : frames) pointers.push_back(frame.data());
    const size_t chosen = size_t(std::strtoul(argv[2], nullptr, 10));
    std::vector<uint8_t> merged(format.bytes());
    const auto neighbours =
        heirloom::merge_frames(format, pointers, chosen, merged.data(), argc > 3 ? std::atoi(argv[3]) : 0);
    if (std::fwrite(merged.data(), 1, merged.size(), stdout) != merged.size())
      throw heirloom::Error("internal", "Could not write to standard output.");
    for (size_t i = 0; i < neighbours.size(); ++i)
      if (i != chosen)
        std::fprintf(stderr, "%zu %.3f %s\n", i, double(neighbours[i].matched),
                     neighbours[i].is_used ? "used" : "left out");
    return 0;
  } catch (const heirloom::Error& error) {
    std::fprintf(stderr, "heirloom-merge: %s [%s]\n", error.what(), error.code.c_str());
    return 1;
  }
}
