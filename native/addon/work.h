// work.h: work of minutes off the JavaScript thread, as { done: Promise, cancel() }, with progress reported now and then.
#pragma once
#include <napi.h>

#include <functional>

#include "heirloom.h"

namespace addon {

// body runs on a thread of Node's pool; deliver makes the promise's value afterwards; listener is undefined or a function.
Napi::Value start_work(Napi::Env env, std::function<void(const heirloom::Progress&)> body,
                       std::function<Napi::Value(Napi::Env)> deliver, const Napi::Value& listener);

}  // namespace addon
