// estimate.h: estimateDamage() for JavaScript.
#pragma once
#include <napi.h>

namespace addon {

// estimateDamage(folder, format, frames, onProgress?) -> { done: Promise<{ noise, blockiness, blur, combing, position, strength }>, cancel }; progress counts frames
Napi::Value estimate_damage(const Napi::CallbackInfo& info);

}  // namespace addon
