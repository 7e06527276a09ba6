// A device as the tools' command lines write it: "cuda:0", "cuda:0 bf16", "cuda:0 fp8 small-cache streamed-weights launch-by-launch".
#pragma once
#include <sstream>
#include <string>

#include "device.h"

namespace tools {

inline heirloom::DeviceOptions device_in(const std::string& words) {
  heirloom::DeviceOptions options;
  std::istringstream text(words);
  text >> options.id;
  for (std::string word; text >> word;) {
    if (word == "small-cache") options.small_cache = true;
    else if (word == "streamed-weights") options.streamed_weights = true;
    else if (word == "launch-by-launch") options.cuda_graphs = false;
    else options.precision = word;
  }
  return options;
}

}  // namespace tools
