// grain.h: grain drawn over frames, off the JavaScript thread.
#pragma once
#include <napi.h>

namespace addon {

// openGrain(format, threads) -> { draw(frame, grain, place) -> Promise }
Napi::Value open_grain(const Napi::CallbackInfo& info);

}  // namespace addon
