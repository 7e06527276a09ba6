// arguments.h: JavaScript values to the engine's options and back, strictly: a wrong type is an error that names the field.
#pragma once
#include <napi.h>

#include <string>

#include "heirloom.h"

namespace addon {

// An Error with `.code`, one of heirloom.h's list, and the message's `.key` and `.values`.
Napi::Error make_error(Napi::Env env, const std::string& code, const heirloom::Message& message);
// { key, values, text }; null for an empty one.
Napi::Value write_message(Napi::Env env, const heirloom::Message& message);

// What went wrong in a block of engine code, to be thrown on the JavaScript thread later. Empty code: nothing did.
struct Failure {
  std::string code;
  heirloom::Message message;
};
template <class Body>
Failure attempt(Body&& body) {
  try {
    body();
    return {};
  } catch (const heirloom::Error& error) { return {error.code, error.message}; } catch (const std::bad_alloc&) {
    return {"out-of-memory",
            "The engine was refused memory. Nothing was written; choose a smaller scale or close other programs."};
  } catch (const std::exception& error) {
    return {"internal", std::string("The engine failed unexpectedly: ") + error.what()};
  }
}

std::string read_folder(const Napi::Value& value, const char* what = "folder");
heirloom::LoadOptions read_load_options(const Napi::Value& value);
heirloom::FrameFormat read_format(const Napi::Value& value, const char* what);
// Ticks of heirloom.h.
heirloom::Ticks read_time(const Napi::Value& value, const char* what);
heirloom::StreamOptions read_stream_options(const Napi::Value& value);
heirloom::InterpolationOptions read_interpolation_options(const Napi::Value& value);
heirloom::StillOptions read_still_options(const Napi::Value& value);

heirloom::Grain read_grain(const Napi::Value& value);
heirloom::GrainPlace read_grain_place(const Napi::Value& value);
int read_threads(const Napi::Value& value);

heirloom::InspectOptions read_inspect_options(const Napi::Value& value);
heirloom::ImportOptions read_import_options(const Napi::Value& value);

Napi::Value write_devices(Napi::Env env, const std::vector<heirloom::DeviceInfo>& devices);
Napi::Value write_info(Napi::Env env, const heirloom::ModelInfo& info);
Napi::Value write_inspection(Napi::Env env, const heirloom::Inspection& inspection);
Napi::Value write_imported(Napi::Env env, const heirloom::Imported& imported);
Napi::Value write_plan(Napi::Env env, const heirloom::MemoryPlan& plan);

}  // namespace addon
