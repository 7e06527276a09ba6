// merge.h: several frames of a film into one picture, off the JavaScript thread.
#pragma once
#include <napi.h>

namespace addon {

// mergeFrames(format, frames, chosen, onProgress?) -> { done: Promise<{ merged, neighbours: [{ matched, isUsed }] }>, cancel }
Napi::Value merge_frames(const Napi::CallbackInfo& info);

}  // namespace addon
