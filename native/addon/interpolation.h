// interpolation.h: models of frames between frames, and what is asked of them, off the JavaScript thread.
#pragma once
#include <napi.h>

namespace addon {

// loadInterpolator(folder, { device, precision }) -> Promise<{ info, plan(options), open(options) }>
Napi::Value load_interpolator(const Napi::CallbackInfo& info);

Napi::Function define_interpolator(Napi::Env env);
Napi::Function define_interpolation(Napi::Env env);

}  // namespace addon
