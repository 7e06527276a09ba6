#include "frames.h"

#include <string>

#include "arguments.h"

namespace addon {

std::vector<std::vector<uint8_t>> read_frames(const Napi::Value& value, const heirloom::FrameFormat& format) {
  const Napi::Env env = value.Env();
  if (!value.IsArray()) throw make_error(env, "bad-argument", "frames must be an array of Uint8Array.");
  const Napi::Array list = value.As<Napi::Array>();
  std::vector<std::vector<uint8_t>> frames;
  for (uint32_t i = 0; i < list.Length(); ++i) {
    const Napi::Value one = list.Get(i);
    if (!one.IsTypedArray() || one.As<Napi::TypedArray>().TypedArrayType() != napi_uint8_array)
      throw make_error(env, "bad-argument", "frames must be an array of Uint8Array.");
    const Napi::Uint8Array bytes = one.As<Napi::Uint8Array>();
    if (bytes.ByteLength() != format.bytes())
      throw make_error(env, "bad-argument",
                       "Frame " + std::to_string(i) + " has " + std::to_string(bytes.ByteLength()) +
                           " bytes; one of this format has " + std::to_string(format.bytes()) + ".");
    frames.emplace_back(bytes.Data(), bytes.Data() + bytes.ByteLength());
  }
  return frames;
}

std::vector<const uint8_t*> pointers(const std::vector<std::vector<uint8_t>>& frames) {
  std::vector<const uint8_t*> at;
  for (const auto& frame : frames) at.push_back(frame.data());
  return at;
}

}  // namespace addon
