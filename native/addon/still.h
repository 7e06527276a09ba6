// still.h: pictures as few bytes and back, off the JavaScript thread.
#pragma once
#include <napi.h>

namespace addon {

// loadStillCodec(folder, { device, precision }) -> Promise<{ info, plan(options), encode(pixels, options, onProgress?), decode(bytes, options, onProgress?) }>;
// both answer { done: Promise, cancel }; progress counts parts of the picture
Napi::Value load_still_codec(const Napi::CallbackInfo& info);

Napi::Function define_still_codec(Napi::Env env);

}  // namespace addon
