// The operations the models are written in, in the papers' words, by family (ops/). A backend implements them; models see nothing else.
// Shapes: tokens [..., D] (any leading axes, D last); feature maps [H, W, C] channels last; pictures [3, H, W] planar R'G'B'.
// Every call returns a new tensor unless it says "in place". Every call first looks at the cancel flag and throws Error("cancelled").
#pragma once
#include <memory>

#include "ops/attention.h"
#include "ops/features.h"
#include "ops/memory.h"
#include "ops/motion.h"
#include "ops/pictures.h"
#include "ops/products.h"
#include "ops/retention.h"

namespace heirloom {

// What one stream computes with: the families of one backend, which share its memory and its stream of work. A new family is a header of ops/, a
// member here, and a file in every backend.
struct Ops {
  MemoryOps& memory;
  ProductOps& products;
  FeatureOps& features;
  PictureOps& pictures;
  AttentionOps& attention;
  RetentionOps& retention;
  MotionOps& motion;
  std::shared_ptr<void> backend;  // owns the families
};

}  // namespace heirloom
